/** A category's colour beside its name. */
export function Swatch({ color }: { color: string }) {
  return (
    <svg class="swatch" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="6" fill={color === '' ? '#8a8a8a' : color} />
    </svg>
  );
}
