import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBase64url } from '../credential/base64url.ts';
import { encodeCompactList } from '../credential/compact-list.ts';
import { BLOCK_BITS, StatusList } from '../credential/status-list.ts';
import { documentFromVciSnapshot } from '../verifier/node/vci-snapshot.ts';
import type { TrustDocument } from '../verifier/pipeline/trust-document.ts';
import {
  JURISDICTION,
  newKey,
  trustDocument,
  trustedIssuer,
  trustedKey,
  type TestKey,
} from '../test/support/cards.ts';
import { dataDir } from '../test/support/data.ts';

/** What the VCI directory held in August 2026. */
const ISSUERS = 651;
const KEYS = 961;

/** New York's passes. */
const CARDS = 5_600_000;

/** Trust data as a venue holds it: the issuers of a directory, and one of ours that signs the cards of the benchmark. */
export interface Directory {
  readonly source: string;
  readonly key: TestKey;
  /** The revocation list of our key, by its bits. */
  readonly list: StatusList;
  readonly document: TrustDocument;
  /** The same without that list, its cards not revocable. */
  readonly withoutList: TrustDocument;
}

/** 651 issuers with 961 keys from the real directory if it is here, else made up; and one more, with a status list. */
export function openDirectory(now: number): Directory {
  const held = dataDir === undefined ? madeUp(now) : fromVci(dataDir, now);
  const origin = dataDir === undefined ? 'made up' : 'the VCI directory';
  return {
    source: `${held.issuers.length} issuers with ${held.keys.length} keys, ${origin}`,
    ...withOwnIssuer(held, Math.ceil(CARDS / BLOCK_BITS)),
  };
}

/** Trust data with one issuer more, ours, whose key has a status list of that many blocks: one in a hundred is revoked. */
export function withOwnIssuer(held: TrustDocument, blocks: number): Omit<Directory, 'source'> {
  const key = newKey();
  const list = new StatusList(blocks);
  for (const index of randomIndices(list.length)) list.set(index, true);
  const issuer = 1_000_000;
  const entry = trustedKey(key, { issuer, validFrom: 0, validUntil: 0 });
  const own = {
    kind: 'bits',
    issuer,
    kid: key.kid,
    compact: encodeBase64url(encodeCompactList({ kid: key.kid, counter: 1, list })),
  } as const;
  const withoutList: TrustDocument = {
    ...held,
    jurisdictions: [...held.jurisdictions, JURISDICTION],
    issuers: [...held.issuers, trustedIssuer({ id: issuer })],
    keys: [...held.keys, entry],
  };
  return {
    key,
    list,
    withoutList,
    document: {
      ...withoutList,
      keys: [...held.keys, { ...entry, revocation: 'bits' }],
      lists: [...held.lists, own],
    },
  };
}

function fromVci(folder: string, now: number): TrustDocument {
  const snapshot: unknown = JSON.parse(readFileSync(join(folder, 'vci-directory/vci_snapshot.json'), 'utf8'));
  return documentFromVciSnapshot(snapshot, [], { origin: 'benchmark', now }).document;
}

function madeUp(now: number): TrustDocument {
  const issuers = Array.from({ length: ISSUERS }, (_, id) =>
    trustedIssuer({ id, iss: `https://issuer-${id}.example/shc`, name: `Issuer ${id}` }),
  );
  const keys = Array.from({ length: KEYS }, (_, place) => trustedKey(newKey(), { issuer: place % ISSUERS }));
  return benchDocument(now, { issuers, keys });
}

/** A trust document that was taken now and holds that, and nothing else. */
export function benchDocument(now: number, content: Partial<TrustDocument>): TrustDocument {
  return trustDocument({
    source: { kind: 'unanchored', origin: 'benchmark' },
    takenAt: Math.floor(now),
    jurisdictions: [],
    issuers: [],
    ...content,
  });
}

function* randomIndices(below: number): Iterable<number> {
  const bytes = randomBytes(4 * Math.floor(below / 100));
  for (let at = 0; at < bytes.length; at += 4) yield bytes.readUInt32LE(at) % below;
}
