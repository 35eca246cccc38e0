/** The card of a deep link that this page was opened by (`…/SMARTHealthCard/#{…}`), as text to be added; undefined if none. */
export function deepLinkOf({
  href,
  hash,
  pathname,
}: Pick<Location, 'href' | 'hash' | 'pathname'>): string | undefined {
  return hash.length > 1 && pathname.includes('/SMARTHealthCard') ? href : undefined;
}
