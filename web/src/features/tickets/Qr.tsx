/**
 * A QR code, drawn as one path. Always black on white with the margin that readers need, whatever
 * the theme: many readers do not see an inverted code.
 */
import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';
import { pathOf } from './path';

/** Modules of white around a code (ISO/IEC 18004). */
const QUIET = 4;

export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const code = encode(text, { ecc: 'M', border: 0 });
    return { path: pathOf(code.data), size: code.size };
  }, [text]);
  const edge = size + 2 * QUIET;
  return (
    <svg
      class="qr"
      viewBox={`${-QUIET} ${-QUIET} ${edge} ${edge}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect x={-QUIET} y={-QUIET} width={edge} height={edge} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
