/// <reference types="vite/client" />
import qrWorkerAddress from '../../verifier/web/parts/qr-worker.ts?worker&url';
import { scriptAddress } from '../../verifier/web/parts/trusted-script.ts';
import { keepPage } from '../../verifier/web/parts/updates.ts';
import { callsTo } from '../../verifier/web/parts/worker-calls.ts';
import type { Calls } from '../../verifier/web/parts/worker-calls.ts';
import { indexedDbStore } from '../vault/indexed-db.ts';
import keyWorkerAddress from './key-worker.ts?worker&url';
import { openKnowledge } from './wallet-knowledge.ts';
import { startWallet } from './wallet.ts';

/** A server that hangs is one that cannot be reached. */
const ANSWER_LIMIT_MS = 30_000;
const now = (): number => Date.now() / 1000;

const keys = startWorker(keyWorkerAddress);
const isIdle = startWallet(document.body, {
  knowledge: openKnowledge(
    async (path) =>
      fetch(path, { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }),
    now,
  ),
  reader: startWorker(qrWorkerAddress),
  storage: localStorage,
  store: indexedDbStore('pratique-wallet'),
  derive: async (secret, derivation) =>
    (await keys.call('derive', { secret, derivation })) as Uint8Array<ArrayBuffer>,
  now,
  version: versionName(),
});
void keepPage(isIdle);

function startWorker(address: string): Calls {
  return callsTo(new Worker(scriptAddress(address), { type: 'module' }));
}

/** What this script is named by: the digest of its content. */
function versionName(): string {
  return /-([\w-]+)\.js$/.exec(new URL(import.meta.url).pathname)?.[1] ?? '–';
}
