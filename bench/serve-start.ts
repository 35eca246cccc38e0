import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { signBundle } from '../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../verifier/node/exporter-key.ts';
import { openTrustStore } from '../verifier/node/trust-store.ts';
import type { TrustDocument } from '../verifier/pipeline/trust-document.ts';
import { median, rounded } from './rounds.ts';

const STARTS = 7;
const PROGRAM = fileURLToPath(new URL('../cli/pratique.ts', import.meta.url));

/** Milliseconds from starting `pratique verifier serve` until it listens, with this trust data in a store on disk. */
export async function startMs(document: TrustDocument): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-bench-serve-'));
  try {
    const store = await openTrustStore(join(folder, 'store'));
    const exporter = oneTimeExporterKey();
    const bundle = { text: signBundle(document, exporter), pinnedExporter: exporter.kid };
    await store.putBundle(bundle, Date.now() / 1000);
    await store.close();
    const times: number[] = [];
    for (let start = 0; start < STARTS; start++) times.push(await startOnce(folder));
    return rounded(median(times));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function startOnce(cwd: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [PROGRAM, 'verifier', 'serve', '--port', '0', '--json', '--store', 'store'],
    { cwd, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const exit = once(child, 'exit');
  await once(createInterface(child.stdout), 'line');
  const elapsed = performance.now() - begun;
  child.kill('SIGTERM');
  await exit;
  return elapsed;
}
