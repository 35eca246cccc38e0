/** Longer is no address that anybody types. */
const MAX_CHARS = 300;

/**
 * The address of an issuer's service as somebody types it, without a slash at its end: https, with or without saying so;
 * undefined if it is none.
 *
 * @param fromLoopback whether this page itself comes from this machine without TLS, as in a trial: then so may the service
 */
export function readIssuerAddress(typed: string, fromLoopback: boolean): string | undefined {
  const trimmed = typed.trim();
  if (trimmed === '' || trimmed.length > MAX_CHARS || /\s/.test(trimmed)) return undefined;
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, username, password, search, hash, origin, pathname } = new URL(text);
  // A name before an @ makes one address look like another.
  if (username !== '' || password !== '' || search !== '' || hash !== '' || hostname === '') return undefined;
  const isTrial = protocol === 'http:' && fromLoopback && ['127.0.0.1', 'localhost'].includes(hostname);
  if (protocol !== 'https:' && !isTrial) return undefined;
  return origin + pathname.replace(/\/+$/, '');
}
