/** A path of this site to go back to; `null` for whatever could lead elsewhere. Pure. */
export function ownPath(next: string | undefined): string | null {
  if (next === undefined || !next.startsWith('/')) return null;
  // `//host` and `/\host` are addresses of other hosts.
  if (/^\/[/\\]/.test(next) || /[\u0000-\u001f]/.test(next)) return null;
  return next;
}
