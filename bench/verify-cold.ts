import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeCardFile } from '../credential/smart-health-card-file.ts';
import { signBundle } from '../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../verifier/node/exporter-key.ts';
import type { BombReport } from './bomb.ts';
import type { BenchCard } from './cards.ts';
import type { Directory } from './directory.ts';
import { median } from './rounds.ts';

const COLD_STARTS = 15;

/** The command line in a process of its own, from its start to its end; with and without the large status list. */
export async function measureCold(
  { document, withoutList }: Directory,
  cards: readonly BenchCard[],
): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'pratique-bench-'));
  try {
    const [bundle, large, file] = [join(folder, 'bundle'), join(folder, 'large'), join(folder, 'card')];
    writeFileSync(bundle, signBundle(withoutList, oneTimeExporterKey()));
    writeFileSync(large, signBundle(document, oneTimeExporterKey()));
    writeFileSync(file, encodeCardFile(cards.slice(0, 1).map(({ jws }) => jws)));
    const program = fileURLToPath(new URL('../cli/pratique.ts', import.meta.url));
    const verifying = (trust: string): readonly string[] => [
      program,
      'verify',
      '--json',
      '--allow-unanchored',
      '--trust',
      trust,
      file,
    ];
    return {
      coldStartMs: Math.round(await medianWall(verifying(bundle), COLD_STARTS)),
      coldStartWithListMs: Math.round(await medianWall(verifying(large), COLD_STARTS)),
      emptyNodeMs: Math.round(await medianWall(['-e', ''], COLD_STARTS)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function medianWall(words: readonly string[], starts: number): Promise<number> {
  const walls: number[] = [];
  for (let start = 0; start < starts; start++) {
    const begun = performance.now();
    await promisify(execFile)(process.execPath, words);
    walls.push(performance.now() - begun);
  }
  return median(walls);
}

/** What a decompression bomb costs, in a process of its own, since the peak of this one's memory is behind it. */
export async function measureBomb(): Promise<BombReport> {
  const child = fork(fileURLToPath(new URL('./bomb.ts', import.meta.url)));
  const [report] = (await once(child, 'message')) as [BombReport];
  return report;
}
