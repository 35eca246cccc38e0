import { execFile, fork } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawNode } from '../credential/deflate-node.ts';
import { importEs256Key } from '../credential/es256-node.ts';
import { decodeUtf8, parseJson } from '../credential/json.ts';
import { parseCompactJws } from '../credential/jws.ts';
import { parseCardUri } from '../credential/shc-uri.ts';
import { encodeCardFile } from '../credential/smart-health-card-file.ts';
import { signBundle } from '../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../verifier/node/exporter-key.ts';
import type { Evidence } from '../verifier/pipeline/evidence.ts';
import { verifyEvidence } from '../verifier/pipeline/presentation.ts';
import { indexTrust } from '../verifier/pipeline/trust.ts';
import type { BombReport } from './bomb.ts';
import { mintCards, type BenchCard } from './cards.ts';
import { openDirectory, type Directory } from './directory.ts';
import { leastCpuMs, median, rounded } from './rounds.ts';

const CARDS = 400;
const ROUNDS = 30;
/** Until the engine has compiled everything at its best. */
const WARM_UP_ROUNDS = 50;
const COLD_STARTS = 15;

const PORTS = { inflate: inflateRawNode, importKey: importEs256Key };

/**
 * How long a decision takes, against node:crypto's bare ES256 verification of the same bytes; how long the command line
 * takes from nothing; what a decompression bomb costs.
 */
export async function benchVerify(): Promise<object> {
  const now = Date.now() / 1000;
  const directory = openDirectory(now);
  const cards = mintCards(directory, CARDS, now);
  console.log(
    `Trust data: ${directory.source}, and one with a status list of ${directory.list.length} bits.`,
  );
  console.log(`${CARDS} different cards of three doses, ${ROUNDS} interleaved rounds, least CPU time.`);

  const warm = await measureWarm(directory, cards, now);
  const cold = await measureCold(directory, cards);
  const bomb = await measureBomb();
  return { ...warm, ...cold, ...bomb, cards: CARDS, source: directory.source };
}

async function measureWarm(directory: Directory, cards: readonly BenchCard[], now: number): Promise<object> {
  const trust = indexTrust(directory.document, { anchored: false, importKey: importEs256Key });
  const terms = { now, allowUnanchored: true, rules: 'none' };
  const decide = async (evidence: Evidence): Promise<void> => {
    const [decision] = await verifyEvidence(evidence, trust, terms, PORTS);
    if (decision?.outcome !== 'accepted') throw new Error('A card of the benchmark was not accepted.');
  };
  const { x, y } = directory.key;
  const point = {
    key: createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } }),
    dsaEncoding: 'ieee-p1363',
  } as const;
  const parsed = cards.map(({ jws }) => parseCompactJws(jws));
  const payloads = parsed.map(({ payload }) => decodeUtf8(inflateRawNode(payload, 2 ** 18)));

  const candidates = {
    bare() {
      for (const { signingInput, signature } of parsed) {
        if (!verify('sha256', signingInput, point, signature)) throw new Error('A signature does not hold.');
      }
    },
    async qr() {
      for (const { qr } of cards) {
        const { text, scheme } = parseCardUri(qr);
        await decide({ text, scheme });
      }
    },
    async jws() {
      for (const { jws } of cards) await decide({ text: jws });
    },
    json() {
      for (const text of payloads) JSON.parse(text);
    },
    strictJson() {
      for (const text of payloads) parseJson(text);
    },
  };
  await leastCpuMs(candidates, WARM_UP_ROUNDS);
  const least = await leastCpuMs(candidates, ROUNDS);
  return {
    ratioToBareEs256: rounded(least.qr / least.bare),
    ratioFromQr: rounded(least.qr / least.bare),
    ratioFromJws: rounded(least.jws / least.bare),
    jsonRatio: rounded(least.strictJson / least.json),
    perSecond: Math.round((1000 * CARDS) / least.qr),
    barePerSecond: Math.round((1000 * CARDS) / least.bare),
  };
}

/** The command line in a process of its own, from its start to its end; with and without the large status list. */
async function measureCold(
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

/** In a process of its own, since the peak of this one's memory is behind it. */
async function measureBomb(): Promise<BombReport> {
  const child = fork(fileURLToPath(new URL('./bomb.ts', import.meta.url)));
  const [report] = (await once(child, 'message')) as [BombReport];
  return report;
}
