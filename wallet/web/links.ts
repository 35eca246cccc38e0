/**
 * The card of a deep link that this page was opened by (`…/SMARTHealthCard/#{…}`), as text to be added; undefined if
 * none. Its address is our own, whichever way it was reached: on one machine, for a trial, without TLS.
 */
export function deepLinkOf({
  href,
  hash,
  pathname,
}: Pick<Location, 'href' | 'hash' | 'pathname'>): string | undefined {
  if (hash.length <= 1 || !pathname.includes('/SMARTHealthCard')) return undefined;
  return href.replace(/^http:/, 'https:');
}
