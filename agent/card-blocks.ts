import { indexFromRid, ridFromIndex } from '../credential/status-list.ts';
import type { CardRecord } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';
import { PRODUCTS, type ProductName } from './products.ts';

/** What is kept of a card in a block: its index, the hash of its payload, the tags of its person and of its lots. */
export type BlockRow = readonly [index: number, payloadHash: string, person: string, lots: readonly string[]];

/** The cards of one chunk of a bulk; rows by index, so that they tell nothing of the order of issuance. */
export interface CardBlock {
  readonly kid: string;
  readonly product: ProductName;
  /** Unix seconds. */
  readonly issuedAt: number;
  readonly batch: string;
  /** How many indices were taken for it, those of refused records included. */
  readonly taken: number;
  readonly rows: readonly BlockRow[];
}

/** The number of a key's card by its index, the inverse of the permutation; undefined of an unknown key. */
export type OrdinalOf = (kid: string, index: number) => number | undefined;

/**
 * The records of cards issued in bulk, a chunk in one record of the store, in the order in which indices were taken:
 * millions of small records with random keys would be rewritten by the database again and again (decision 0030).
 */
export class CardBlocks {
  readonly #blocks: Table<Uint8Array>;
  readonly #ordinalOf: OrdinalOf;

  constructor(store: IssuerStore, ordinalOf: OrdinalOf) {
    this.#blocks = store.table('card-blocks');
    this.#ordinalOf = ordinalOf;
  }

  /** What makes a block of cards known; `first` is the number of the first index taken for it. */
  put(first: number, block: CardBlock): Operation {
    return this.#blocks.put(keyOf(block.kid, first), Buffer.from(JSON.stringify(block)));
  }

  /** How many indices of a key the blocks rest on: its count can be no less. */
  async taken(kid: string): Promise<number> {
    const last = await this.#blocks.last(`${kid}.`, keyOf(kid, MAX_ORDINAL));
    return last === undefined ? 0 : firstOf(last[0]) + read(last[1]).taken;
  }

  /** A card by its id. */
  async get(id: string): Promise<CardRecord | undefined> {
    const [kid = '', rid = ''] = id.split('.');
    const index = indexFromRid(rid);
    const ordinal = index === undefined ? undefined : this.#ordinalOf(kid, index);
    if (ordinal === undefined) return undefined;
    const found = await this.#blocks.last(`${kid}.`, keyOf(kid, ordinal));
    const block = found === undefined ? undefined : read(found[1]);
    const row = block?.rows.find(([own]) => own === index);
    return block === undefined || row === undefined ? undefined : recordOf(block, row);
  }

  /** The cards of all blocks in which a text stands, a tag or the name of a batch: the others are not even parsed. */
  async *mentioning(text: string): AsyncGenerator<CardRecord> {
    for await (const [, bytes] of this.#blocks.entries()) {
      if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text)) continue;
      const block = read(bytes);
      for (const row of block.rows) yield recordOf(block, row);
    }
  }
}

const ORDINAL_DIGITS = 10;
const MAX_ORDINAL = 2 ** 32;

function keyOf(kid: string, ordinal: number): string {
  return `${kid}.${String(ordinal).padStart(ORDINAL_DIGITS, '0')}`;
}

function firstOf(key: string): number {
  return Number(key.slice(-ORDINAL_DIGITS));
}

function read(bytes: Uint8Array): CardBlock {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as CardBlock;
  } catch {
    throw new IssuerError('STORE_DAMAGED', 'A record of the issuer folder cannot be read.');
  }
}

function recordOf(
  { kid, product, issuedAt, batch }: CardBlock,
  [index, payloadHash, person, lots]: BlockRow,
): CardRecord {
  const rid = ridFromIndex(index);
  const { profile } = PRODUCTS[product];
  return {
    id: `${kid}.${rid}`,
    kid,
    index,
    rid,
    profile,
    product,
    issuedAt,
    payloadHash,
    person,
    lots,
    batch,
  };
}
