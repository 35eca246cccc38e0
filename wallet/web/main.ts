/// <reference types="vite/client" />
import qrWorkerAddress from '../../verifier/web/parts/qr-worker.ts?worker&url';
import { scriptAddress } from '../../verifier/web/parts/trusted-script.ts';
import { keepPage } from '../../verifier/web/parts/updates.ts';
import { callsTo } from '../../verifier/web/parts/worker-calls.ts';
import { indexedDbStore } from '../vault/indexed-db.ts';
import { openKnowledge } from './wallet-knowledge.ts';
import { startWallet } from './wallet.ts';

/** A server that hangs is one that cannot be reached. */
const ANSWER_LIMIT_MS = 30_000;
const now = (): number => Date.now() / 1000;

const isIdle = startWallet(document.body, {
  knowledge: await openKnowledge(
    async (path) =>
      fetch(path, { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }),
    now,
  ),
  reader: callsTo(new Worker(scriptAddress(qrWorkerAddress), { type: 'module' })),
  storage: localStorage,
  store: indexedDbStore('pratique-wallet'),
  now,
});
void keepPage(isIdle);
