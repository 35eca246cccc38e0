import { inflateRawNode } from '../credential/deflate-node.ts';
import { parseCompactJws } from '../credential/jws.ts';
import { StatusList } from '../credential/status-list.ts';
import { newKey, trustedIssuer, trustedKey, JURISDICTION } from '../test/support/cards.ts';
import { mintCards, type BenchCard } from './cards.ts';
import { bareEs256, benchTerms, benchTrust, decisions } from './decisions.ts';
import { benchDocument, withOwnIssuer } from './directory.ts';
import { leastCpuMs, rounded, type Candidate } from './rounds.ts';
import { printTable } from './table.ts';

const ISSUERS = [10, 100, 1000, 10_000] as const;
/** Of 131,072 bits; 43 are New York's passes, 344 eight times as many. */
const BLOCKS = [1, 8, 43, 344] as const;
const DOSES = [1, 3, 10, 20] as const;

const CARDS = 200;
const ROUNDS = 40;
const WARM_UP_ROUNDS = 40;

/** A growth by one size: the size, and what a decision costs against one at the smallest. */
type Growth = readonly { readonly size: number; readonly ratio: number }[];

/** How the cost of a decision, from the text of the QR code, grows with the trust data and with the card. */
export async function measureGrowth(now: number): Promise<object> {
  const sized = {
    issuers: ISSUERS.map((issuers) => overIssuers(issuers, now)),
    blocks: BLOCKS.map((blocks) => overList(blocks, now)),
  };
  const doses = DOSES.map((count) => overDoses(count, now));
  const candidates: Record<string, Candidate> = {
    ...named('issuers', sized.issuers),
    ...named('blocks', sized.blocks),
    ...named(
      'doses',
      doses.map(({ decision }) => decision),
    ),
    ...named(
      'bare',
      doses.map(({ bare }) => bare),
    ),
  };
  await leastCpuMs(candidates, WARM_UP_ROUNDS);
  const least = await leastCpuMs(candidates, ROUNDS);
  const microseconds = (name: string, place: number): number =>
    (1000 * (least[`${name}${place}`] ?? Number.NaN)) / CARDS;

  const growthOf = (name: string, sizes: readonly number[]): Growth =>
    sizes.map((size, place) => ({ size, ratio: rounded(microseconds(name, place) / microseconds(name, 0)) }));
  const growth = {
    issuers: growthOf('issuers', ISSUERS),
    listBlocks: growthOf('blocks', BLOCKS),
    doses: doses.map(({ kibibytes }, place) => {
      const [decision, bare] = [microseconds('doses', place), microseconds('bare', place)];
      return {
        size: DOSES[place] ?? 0,
        kibibytes: rounded(kibibytes),
        ratioToBareEs256: rounded(decision / bare),
        /** What is not the verification, of which a part does not grow. */
        overBareMicrosecondsPerKib: rounded((decision - bare) / kibibytes),
      };
    }),
  };
  printGrowth('Issuers, each with its key', growth.issuers, 'issuers', microseconds);
  printGrowth('Blocks of the status list', growth.listBlocks, 'blocks', microseconds);
  printTable(
    ['Doses on the card', 'KiB of JSON', 'µs a card', 'x bare', 'µs over bare a KiB'],
    growth.doses.map(({ size, kibibytes, ratioToBareEs256, overBareMicrosecondsPerKib }, place) => [
      size,
      kibibytes.toFixed(2),
      microseconds('doses', place).toFixed(1),
      ratioToBareEs256.toFixed(2),
      overBareMicrosecondsPerKib.toFixed(1),
    ]),
  );
  return growth;
}

/** Trust data of that many issuers, each with a key, over which the cards are spread as far as they go. */
function overIssuers(count: number, now: number): Candidate {
  const signers = Array.from({ length: count }, (_, id) => ({
    key: newKey(),
    issuer: trustedIssuer({ id, iss: `https://issuer-${id}.example/shc` }),
  }));
  const list = new StatusList(1);
  const cards = Array.from({ length: CARDS }, (_, place) => {
    const signer = signers[Math.floor((place * count) / CARDS)];
    return signer === undefined
      ? []
      : mintCards({ key: signer.key, list }, 1, now, { iss: signer.issuer.iss });
  }).flat();
  const document = benchDocument(now, {
    jurisdictions: [JURISDICTION],
    issuers: signers.map(({ issuer }) => issuer),
    keys: signers.map(({ key, issuer }) =>
      trustedKey(key, { issuer: issuer.id, validFrom: 0, validUntil: 0 }),
    ),
  });
  return decisions(benchTrust(document), cards, benchTerms(now)).qr;
}

function overList(blocks: number, now: number): Candidate {
  const directory = withOwnIssuer(benchDocument(now, {}), blocks);
  const cards = mintCards(directory, CARDS, now);
  return decisions(benchTrust(directory.document), cards, benchTerms(now)).qr;
}

function overDoses(doses: number, now: number): { decision: Candidate; bare: Candidate; kibibytes: number } {
  const directory = withOwnIssuer(benchDocument(now, {}), 1);
  const cards = mintCards(directory, CARDS, now, { doses });
  return {
    decision: decisions(benchTrust(directory.document), cards, benchTerms(now)).qr,
    bare: bareEs256(directory.key, cards),
    kibibytes: cards.reduce((sum, card) => sum + inflatedBytes(card), 0) / CARDS / 1024,
  };
}

function inflatedBytes({ jws }: BenchCard): number {
  return inflateRawNode(parseCompactJws(jws).payload, 2 ** 18).length;
}

function named(name: string, candidates: readonly Candidate[]): Record<string, Candidate> {
  return Object.fromEntries(candidates.map((candidate, place) => [`${name}${place}`, candidate]));
}

function printGrowth(
  title: string,
  growth: Growth,
  name: string,
  microseconds: (name: string, place: number) => number,
): void {
  printTable(
    [title, 'µs a card', 'x smallest'],
    growth.map(({ size, ratio }, place) => [size, microseconds(name, place).toFixed(1), ratio.toFixed(2)]),
  );
}
