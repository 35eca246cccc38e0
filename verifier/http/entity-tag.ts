/**
 * Whether a client says with If-None-Match that it holds what bears the tag (RFC 9110 section 13.1.2).
 *
 * Compared weakly, as for a GET it must be. Not express's `fresh`: that sends everything again to whoever sends
 * Cache-Control: no-cache, as fetch does beside a condition of the caller's.
 */
export function isHeld(ifNoneMatch: string | undefined, tag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((held) => held.trim().replace(/^W\//, '') === tag);
}
