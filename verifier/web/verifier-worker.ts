import { answerCalls } from './parts/worker-calls.ts';
import { openTrustDatabase } from './parts/trust/trust-database.ts';
import { openVerifier } from './venue-verifier.ts';
import type { Chosen, Shown } from './venue-verifier.ts';

/** A node that hangs is one that cannot be reached. */
const ANSWER_LIMIT_MS = 30_000;

const opened = (async () =>
  openVerifier({
    database: await openTrustDatabase('pratique-scanner'),
    get: async (path) =>
      fetch(path, { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }),
    now: () => Date.now() / 1000,
  }))();

answerCalls({
  standing: async () => (await opened).standing(),
  refresh: async () => (await opened).refresh(),
  decide: async ({ shown, chosen }: { readonly shown: Shown; readonly chosen: Chosen }) =>
    (await opened).decide(shown, chosen),
});
