/// <reference types="vite/client" />
import qrWorkerAddress from './parts/qr-worker.ts?worker&url';
import { scriptAddress } from './parts/trusted-script.ts';
import { keepPage } from './parts/updates.ts';
import { callsTo } from './parts/worker-calls.ts';
import type { Calls } from './parts/worker-calls.ts';
import { startScanner } from './scanner.ts';
import verifierWorkerAddress from './verifier-worker.ts?worker&url';

function startWorker(address: string): Calls {
  return callsTo(new Worker(scriptAddress(address), { type: 'module' }));
}

const isIdle = startScanner(document.body, {
  verifier: startWorker(verifierWorkerAddress),
  reader: startWorker(qrWorkerAddress),
  storage: localStorage,
});
void keepPage(isIdle);
