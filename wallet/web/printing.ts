/** A print dialog is open for as long as somebody needs to choose a printer; one that is forgotten does not keep the wallet open. */
const AT_MOST_SECONDS = 600;

/**
 * Watch whether the page is being printed.
 *
 * @param now Unix seconds
 */
export function watchPrinting(now: () => number): () => boolean {
  let until = 0;
  addEventListener('beforeprint', () => {
    until = now() + AT_MOST_SECONDS;
  });
  addEventListener('afterprint', () => {
    until = 0;
  });
  return () => now() < until;
}
