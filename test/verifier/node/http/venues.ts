import type { TestContext } from 'node:test';
import type { Trust } from '../../../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../../../verifier/pipeline/verify.ts';
import { serve } from '../../../../verifier/node/http/serve.ts';
import type { ServeOptions } from '../../../../verifier/node/http/serve.ts';
import type { TrustReport, Venue } from '../../../../verifier/node/venue.ts';
import { anchoredTrust, newKey, NOW, trustDocument, trustedKey } from '../../../support/cards.ts';

/** The one issuer's key that the venues of these tests trust. */
export const key = newKey();
export const trust = anchoredTrust(trustDocument({ keys: [trustedKey(key)] }));

/** A venue whose clock stands at NOW, with the trust data given. */
export function venueWith(held: Trust | NoTrust = trust, more: Partial<Venue> = {}): Venue {
  return {
    trust: () => held,
    terms: ({ at, event, rules }) => ({
      now: NOW,
      at,
      event,
      allowUnanchored: false,
      rules: rules ?? 'none',
    }),
    report: () => reportOf(held),
    bundle: () => Promise.resolve(undefined),
    log: () => undefined,
    ...more,
  };
}

function reportOf(held: Trust | NoTrust): TrustReport {
  const document = typeof held === 'string' ? undefined : held.document;
  return {
    state: typeof held === 'string' ? held : 'held',
    anchored: typeof held !== 'string' && held.anchored,
    imported: false,
    exporter: null,
    source: document?.source ?? null,
    takenAt: document?.takenAt ?? null,
    ageSeconds: document === undefined ? null : NOW - document.takenAt,
    blockAgeSeconds: document?.source.kind === 'chain' ? NOW - document.source.block.time : null,
    freshness: document === undefined ? null : 'fresh',
    online: null,
    lastAttempt: null,
    faults: [],
    lists: [],
    rules: [],
    successor: null,
  };
}

/** A server on a free loopback port until the test ends. */
export async function served(
  t: TestContext,
  venue: Venue = venueWith(),
  options: ServeOptions = {},
): Promise<string> {
  const { url, stop } = await serve(venue, { threads: 1, ...options });
  t.after(stop);
  return url;
}

/** POST as JSON, or as the media type given. */
export async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}
