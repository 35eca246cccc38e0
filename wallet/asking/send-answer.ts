import type { AuthorizationRequest } from '../../credential/authorization-request.ts';
import type { RequestAnswer } from './answer-request.ts';

/** What became of an answer that was sent; of one that was not taken, the code is shown instead. */
export type Sent = 'taken' | 'refused' | 'unreachable';

/** How long a holder waits at a door. */
const SEND_MILLISECONDS = 10_000;

/** Whether an answer can be sent at all: pages are let speak to https alone. */
export function canSend({ responseUri }: Pick<AuthorizationRequest, 'responseUri'>): boolean {
  return responseUri.startsWith('https://');
}

/** Send an answer where the signed request said (direct_post), without cookies, and follow nobody elsewhere. */
export async function sendAnswer(
  { responseUri }: Pick<AuthorizationRequest, 'responseUri'>,
  { form }: RequestAnswer,
  send: typeof fetch,
): Promise<Sent> {
  try {
    const { ok } = await send(responseUri, {
      method: 'POST',
      body: form,
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: AbortSignal.timeout(SEND_MILLISECONDS),
    });
    return ok ? 'taken' : 'refused';
  } catch {
    // Browsers do not say why: no network, another certificate, or the local network forbidden.
    return 'unreachable';
  }
}
