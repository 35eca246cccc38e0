import { CARDS_PREFIX, PERSONS_PREFIX } from './audit-record.ts';

/** The record of the index of persons that belongs to the record of a card; none of a card that keeps no person. */
export function personKeysOf(key: string, bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const card = JSON.parse(text) as { readonly person?: string };
  return card.person === undefined
    ? []
    : [`${PERSONS_PREFIX}${card.person}.${key.slice(CARDS_PREFIX.length)}`];
}
