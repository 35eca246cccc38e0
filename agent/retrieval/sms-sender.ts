import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { IssuerError } from '../issuer-error.ts';
import { serverAddress } from '../records/bounded-fetch.ts';
import type { CodeSender, OutgoingMessage } from './code-sender.ts';

/** A gateway of text messages behind a webhook (Standard Webhooks 1.0). */
export interface SmsWebhook {
  readonly url: string;
  /** At least 24 bytes, known to the gateway alone. */
  readonly secret: Uint8Array;
  /** Unix seconds. */
  readonly clock?: () => number;
  /** Milliseconds before each attempt but the first; so many attempts and one. */
  readonly waits?: readonly number[];
}

const WAITS_MS = [500, 1000, 2000];
const MAX_WAIT_MS = 5000;
const ATTEMPT_MS = 10_000;
const MIN_SECRET_BYTES = 24;

/**
 * Sends by POST of `{to, text}`, signed over id, time and body, the id being the same for each attempt. Attempts again,
 * within bounds, what the gateway may still take: no answer, 408, 425, 429 and 5xx.
 *
 * IssuerError SENDER_INVALID, SOURCE_INVALID for a URL that is not https or of this machine.
 */
export function smsSender({
  url,
  secret,
  clock = () => Date.now() / 1000,
  waits = WAITS_MS,
}: SmsWebhook): CodeSender {
  const address = serverAddress(url);
  if (secret.length < MIN_SECRET_BYTES) {
    throw new IssuerError(
      'SENDER_INVALID',
      `The secret of a webhook has at least ${MIN_SECRET_BYTES} bytes.`,
    );
  }
  return {
    kind: 'phone',
    send: async (message, signal) => {
      for (let attempt = 0; ; attempt++) {
        const answer = await post(address, { message, secret, now: clock() }, signal);
        if (answer === 'taken') return;
        const wait = waits[attempt];
        if (wait === undefined || signal.aborted) {
          throw new IssuerError('MESSAGE_NOT_SENT', 'The gateway of text messages did not take the message.');
        }
        await sleep(Math.min(Math.max(wait, answer.afterMs), MAX_WAIT_MS), undefined, { signal }).catch(
          () => undefined,
        );
      }
    },
  };
}

interface Signed {
  readonly message: OutgoingMessage;
  readonly secret: Uint8Array;
  readonly now: number;
}

async function post(
  url: URL,
  { message, secret, now }: Signed,
  signal: AbortSignal,
): Promise<'taken' | { readonly afterMs: number }> {
  const body = JSON.stringify({ to: message.to, text: message.text });
  const time = String(Math.floor(now));
  const signature = createHmac('sha256', secret).update(`${message.key}.${time}.${body}`).digest('base64');
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': message.key,
        'webhook-id': message.key,
        'webhook-timestamp': time,
        'webhook-signature': `v1,${signature}`,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]),
    });
    await response.body?.cancel();
  } catch {
    return { afterMs: 0 };
  }
  if (response.ok) return 'taken';
  const { status } = response;
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    // RFC 9110 §10.2.3; a date is not waited for.
    const after = Number(response.headers.get('retry-after') ?? 0);
    return { afterMs: Number.isFinite(after) ? after * 1000 : 0 };
  }
  // 401 and 403 are the operator's to put right; anything else is about this message.
  if (status === 401 || status === 403 || (status >= 300 && status < 400)) {
    throw new IssuerError('MESSAGE_NOT_SENT', 'The gateway of text messages refused this client.');
  }
  throw new IssuerError(
    'MESSAGE_REFUSED',
    'The gateway of text messages does not take messages for this number.',
  );
}
