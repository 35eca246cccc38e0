// A process of its own that reads a list of another issuer's rids, longer than any that is known, half of them with a
// timestamp. Started with --expose-gc.

import { crlRevokes, parseCrl } from '../../credential/crl.ts';
import { encodeBase64url } from '../../credential/base64url.ts';
import { rounded } from '../rounds.ts';
import { below } from './revoked-cards.ts';
import { bytesInMemory } from './memory.ts';

export interface ForeignReport {
  readonly foreignEntries: number;
  /** Beyond the text of the entries themselves, which the trust data holds. */
  readonly foreignBytesPerEntry: number;
  readonly foreignLookupNs: number;
}

const ENTRIES = 500_000;
const LOOKUPS = 1_000_000;

process.once('message', () => {
  const draw = below(2 ** 32, 'foreign');
  const rid = (): string => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(draw());
    bytes.writeUInt32LE(draw(), 4);
    return encodeBase64url(bytes);
  };
  const bare = Array.from({ length: ENTRIES }, rid);
  const rids = bare.map((text, at) => (at % 2 === 0 ? text : `${text}.1700000000`));
  const json: unknown = JSON.parse(JSON.stringify({ kid: 'k', method: 'rid', ctr: '7', rids }));
  const before = bytesInMemory();
  const crl = parseCrl(json);
  const taken = bytesInMemory() - before;
  const begun = process.hrtime.bigint();
  let revoked = 0;
  for (let at = 0; at < LOOKUPS; at++) if (crlRevokes(crl, bare[at % ENTRIES] ?? '', 0)) revoked++;
  const elapsed = Number(process.hrtime.bigint() - begun);
  if (revoked !== LOOKUPS || crlRevokes(crl, 'AAAAAAAAAAB', 0))
    throw new Error('A card was answered wrongly.');
  process.send?.({
    foreignEntries: ENTRIES,
    foreignBytesPerEntry: rounded(taken / ENTRIES),
    foreignLookupNs: rounded(elapsed / LOOKUPS),
  } satisfies ForeignReport);
});
