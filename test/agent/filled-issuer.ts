import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { BlockRow } from '../../agent/card-blocks.ts';
import type { CardRecord } from '../../agent/card-record.ts';
import { IssuerStore, type Operation } from '../../agent/issuer-store.ts';
import { StatusLedger } from '../../agent/status-ledger.ts';
import { ridFromIndex } from '../../credential/status-list.ts';
import { NOW, PASSPHRASE } from './issuer-fixture.ts';

/** Cards that share a batch of the store, or a block. */
const TOGETHER = 2048;
/** One card in so many was issued by itself, the others in bulks; one in ten is revoked. */
const SINGLE_EVERY = 4;
const REVOKED_EVERY = 10;

/**
 * Fills the store of a closed issuer with so many cards, as issuing and revoking would have left them but for the
 * signing; the answer is how many of them are revoked.
 */
export async function fillStore(dir: string, kid: string, cards: number): Promise<number> {
  const store = await IssuerStore.open(dir, PASSPHRASE);
  try {
    const ledger = await StatusLedger.open(store);
    await ledger.confirm(kid, ledger.snapshot(kid, cards + 200_000));
    let revoked = 0;
    for (let done = 0; done < cards; done += TOGETHER) {
      const taken = Math.min(TOGETHER, cards - done);
      const { first, indices } = await ledger.reserve(kid, taken);
      const records = [...indices].map((index) => recordOf(kid, index));
      const single = (done / TOGETHER) % SINGLE_EVERY === 0;
      const operations = single
        ? records.flatMap((card) => ledger.cards.put(card))
        : [blockOf(ledger, kid, first, records)];
      await store.commit(operations, ledger.counted(kid));
      const bad = records.filter((_, at) => at % REVOKED_EVERY === 0);
      await Promise.all(bad.map(async (card) => ledger.revokeCard(card, NOW, 'error')));
      revoked += bad.length;
      await turn();
    }
    await ledger.confirm(kid, ledger.snapshot(kid, 200_000));
    return revoked;
  } finally {
    await store.close();
  }
}

function recordOf(kid: string, index: number): CardRecord {
  const rid = ridFromIndex(index);
  const random = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return {
    id: `${kid}.${rid}`,
    kid,
    index,
    rid,
    profile: 'pass-plus',
    issuedAt: NOW,
    payloadHash: random(32),
    person: random(16),
    lots: [],
  };
}

function blockOf(
  ledger: StatusLedger,
  kid: string,
  first: number,
  records: readonly CardRecord[],
): Operation {
  const rows = records
    .map(({ index, payloadHash, person, lots }): BlockRow => [index, payloadHash, person, lots])
    .toSorted(([a], [b]) => a - b);
  const taken = records.length;
  return ledger.cards.blocks.put(first, {
    kid,
    product: 'vaccination-plus',
    issuedAt: NOW,
    batch: 'filled',
    taken,
    rows,
  });
}
