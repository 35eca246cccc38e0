import { inflateRawNode } from '../credential/deflate-node.ts';
import { decodeUtf8, parseJson } from '../credential/json.ts';
import { parseCompactJws } from '../credential/jws.ts';
import { shippedRules } from '../verifier/node/shipped-rules.ts';
import { withRuleFiles } from '../verifier/pipeline/rules/rule-files.ts';
import { mintCards, type BenchCard } from './cards.ts';
import { bareEs256, benchTerms, benchTrust, decisions } from './decisions.ts';
import { openDirectory, type Directory } from './directory.ts';
import { onOneCore } from './one-core.ts';
import { leastCpuMs, rounded } from './rounds.ts';
import { printTable } from './table.ts';
import { measureBomb, measureCold } from './verify-cold.ts';
import { measureGrowth } from './verify-growth.ts';
import { PEER_CARDS, peersOver } from './verify-peers.ts';

const CARDS = 400;
const ROUNDS = 60;
/** Until the engine has compiled everything at its best. */
const WARM_UP_ROUNDS = 50;

/**
 * How long a decision takes, against node:crypto's bare ES256 verification of the same bytes, and beside what others do
 * with the same cards; how it grows; how long the command line takes from nothing; what a decompression bomb costs.
 */
export async function benchVerify(): Promise<object> {
  const now = Date.now() / 1000;
  const directory = openDirectory(now);
  const cards = mintCards(directory, CARDS, now);
  console.log(
    `Trust data: ${directory.source}, and one with a status list of ${directory.list.length} bits.`,
  );
  console.log(
    `${CARDS} different cards of three doses (${PEER_CARDS} for the peers), ${ROUNDS} interleaved rounds, least CPU time.`,
  );

  const { warm, growth } = await onOneCore(async () => ({
    warm: await measureWarm(directory, cards, now),
    growth: await measureGrowth(now),
  }));
  const cold = await measureCold(directory, cards);
  const bomb = await measureBomb();
  return { ...warm, growth, ...cold, ...bomb, cards: CARDS, source: directory.source };
}

async function measureWarm(directory: Directory, cards: readonly BenchCard[], now: number): Promise<object> {
  const files = shippedRules().map(({ text }) => text);
  const trust = benchTrust(withRuleFiles(directory.document, files));
  const payloads = cards.map(({ jws }) => decodeUtf8(inflateRawNode(parseCompactJws(jws).payload, 2 ** 18)));
  const withoutRules = decisions(trust, cards, benchTerms(now));
  const withRules = decisions(trust, cards, { ...benchTerms(now), rules: 'US-NY/ENTRY' });
  const ours = {
    bare: bareEs256(directory.key, cards),
    qr: withoutRules.qr,
    jws: withoutRules.jws,
    qrWithRules: withRules.qr,
    jwsWithRules: withRules.jws,
    json() {
      for (const text of payloads) JSON.parse(text);
    },
    strictJson() {
      for (const text of payloads) parseJson(text);
    },
  };
  const peers = await peersOver(directory.key, cards.slice(0, PEER_CARDS), now);
  const candidates = { ...ours, ...peers };
  await leastCpuMs(candidates, WARM_UP_ROUNDS);
  const least = await leastCpuMs(candidates, ROUNDS);

  const microseconds = (name: keyof typeof least): number =>
    (1000 * least[name]) / (name in peers ? PEER_CARDS : CARDS);
  const ratio = (name: keyof typeof least): number => rounded(microseconds(name) / microseconds('bare'));
  printTable(
    ['', 'µs a card', 'x bare', 'a second'],
    (Object.keys(candidates) as (keyof typeof least)[]).map((name) => [
      name,
      microseconds(name).toFixed(1),
      ratio(name).toFixed(2),
      Math.round(1e6 / microseconds(name)),
    ]),
  );
  return {
    ratioToBareEs256: ratio('qr'),
    ratioFromQr: ratio('qr'),
    ratioFromJws: ratio('jws'),
    ratioWithRules: ratio('qrWithRules'),
    ratioFromJwsWithRules: ratio('jwsWithRules'),
    jsonRatio: rounded(least.strictJson / least.json),
    perSecond: Math.round(1e6 / microseconds('qr')),
    barePerSecond: Math.round(1e6 / microseconds('bare')),
    peers: Object.fromEntries(
      (Object.keys(peers) as (keyof typeof peers)[]).map((name) => [name, ratio(name)]),
    ),
  };
}
