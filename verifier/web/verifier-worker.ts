import { answerIn, openAsker } from './asking/venue-asker.ts';
import { answerCalls } from './parts/worker-calls.ts';
import { openTrustDatabase } from './parts/trust/trust-database.ts';
import { openVerifier } from './venue-verifier.ts';
import type { Chosen, Shown } from './venue-verifier.ts';

/** A node that hangs is one that cannot be reached. */
const ANSWER_LIMIT_MS = 30_000;

/** Somebody stands there and waits. */
const ASKING_LIMIT_MS = 8_000;

async function ask(path: string, limitMs: number, sent: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(limitMs);
  return fetch(path, { ...sent, credentials: 'omit', cache: 'no-store', signal });
}

const opened = (async () =>
  openVerifier({
    database: await openTrustDatabase('pratique-scanner'),
    get: async (path) => ask(path, ANSWER_LIMIT_MS),
    now: () => Date.now() / 1000,
  }))();

const asker = openAsker({
  verifier: { present: async (...given) => (await opened).present(...given) },
  get: async (path) => ask(path, ASKING_LIMIT_MS),
  post: async (path, body) =>
    ask(path, ASKING_LIMIT_MS, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  tick: () => performance.now(),
});

answerCalls({
  standing: async () => (await opened).standing(),
  refresh: async () => (await opened).refresh(),
  setups: async (codes: readonly string[]) => (await opened).setups(codes),
  forget: async () => (await opened).forget(),
  decide: async ({ shown, chosen }: { readonly shown: Shown; readonly chosen: Chosen }) => {
    const answer = answerIn(shown);
    return answer === undefined ? (await opened).decide(shown, chosen) : asker.answer(answer);
  },
  ask: async (chosen: Chosen) => asker.ask(chosen),
  poll: async () => asker.poll(),
  askNoMore: (id: string) => {
    asker.end(id);
  },
});
