/** What came of asking for a file; `absent` is a 404. */
export type Fetched = { readonly bytes: Uint8Array } | 'absent' | 'too-large' | 'refused';

/**
 * Fetch a file that the operator named, of at most so many bytes, without following where it may have gone.
 *
 * @throws the error of `fetch` if nobody is there or answers in time
 */
export async function fetchFile(
  url: string | URL,
  { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<Fetched> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (response.status === 404) return 'absent';
  if (!response.ok) return 'refused';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return 'too-large';
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks) };
}
