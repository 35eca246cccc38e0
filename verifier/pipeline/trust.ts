import type { Es256Verify, ImportEs256Key } from '../../credential/es256.ts';
import { FormatError } from '../../credential/errors.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { statusOfKey } from './status-data.ts';
import type { KeyStatus } from './status-data.ts';
import type {
  TrustDocument,
  TrustedAnchor,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedKey,
} from './trust-document.ts';
import { TrustError } from './trust-error.ts';

/** One key under one issuer, with everything a check asks about it. Trust is always by (iss, kid) or (did, kid). */
export interface TrustEntry {
  readonly key: TrustedKey;
  readonly issuer: TrustedIssuer;
  readonly jurisdiction: TrustedJurisdiction;
  readonly status: KeyStatus;
  /** What the issuer anchored of the key's list last. */
  readonly anchor: TrustedAnchor | undefined;
  /** The key as the platform's verifying function, imported when first asked for. */
  readonly verifier: () => Es256Verify | Promise<Es256Verify>;
}

/** The trust data in the shape that verifying reads: immutable, swapped as a whole. */
export interface Trust {
  readonly document: TrustDocument;
  /** Whether the data is tied to a chain by something the operator chose to trust. */
  readonly anchored: boolean;
  /**
   * Every (issuer, key) that stands under a kid; one kid may stand under many issuers.
   *
   * @throws TrustError DOCUMENT_MALFORMED if one of them is not the key of that kid
   */
  readonly entriesOf: (kid: string) => readonly TrustEntry[];
}

/**
 * Make a trust document fit for verifying: index the keys by kid, to be held against their kid and their status list
 * against its anchor when first asked for.
 *
 * @param anchored false for data that nobody tied to a chain, and for a bundle whose exporter was not pinned
 * @throws TrustError DOCUMENT_MALFORMED if its parts do not add up
 */
export function indexTrust(
  document: TrustDocument,
  { anchored, importKey }: { readonly anchored: boolean; readonly importKey: ImportEs256Key },
): Trust {
  const jurisdictions = unique(document.jurisdictions, ({ code }) => code);
  const issuers = unique(document.issuers, ({ id }) => id);
  unique(document.issuers, ({ iss }) => iss);
  unique(document.issuers, ({ did }) => did);
  unique(document.keys, ({ issuer, kid }) => `${issuer}/${kid}`);
  unique(document.venues, ({ id }) => id);
  unique(document.venues, ({ jurisdiction, did }) => `${jurisdiction}/${did}`);
  unique(document.rules, ({ jurisdiction, id, version }) => `${jurisdiction}/${id}/${version}`);
  const anchors = unique(document.anchors, ({ issuer, list }) => `${issuer}/${list}`);
  const lists = unique(document.lists, ({ issuer, kid }) => `${issuer}/${kid}`);

  const keys = new Map<string, TrustedKey[]>();
  for (const key of document.keys) {
    known(jurisdictions, known(issuers, key.issuer).jurisdiction);
    const same = keys.get(key.kid);
    if (same === undefined) keys.set(key.kid, [key]);
    else same.push(key);
  }

  for (const { jurisdiction } of [...document.venues, ...document.rules]) known(jurisdictions, jurisdiction);

  const makeEntry = (key: TrustedKey): TrustEntry => {
    // A kid that is not its key's thumbprint would let one key stand in for another (RFC 7638).
    if (thumbprint(key) !== key.kid) throw malformed('A key of the trust data does not match its kid.');
    const issuer = known(issuers, key.issuer);
    const name = `${key.issuer}/${key.kid}`;
    let status: KeyStatus | undefined;
    return {
      key,
      issuer,
      jurisdiction: known(jurisdictions, issuer.jurisdiction),
      anchor: anchors.get(name),
      // When first asked: unpacking every list of a hostile bundle would cost a hundred megabytes each.
      get status() {
        return (status ??= statusOfKey(key, {
          data: lists.get(name),
          anchor: anchors.get(name),
          mustBeAnchored: document.source.kind === 'chain',
        }));
      },
      verifier: importOnce(key, importKey),
    };
  };
  // A venue meets the keys of a few issuers: hashing a thousand would be a good part of a cold start.
  const entries = new Map<string, readonly TrustEntry[]>();
  const entriesOf = (kid: string): readonly TrustEntry[] => {
    const made = entries.get(kid) ?? keys.get(kid)?.map(makeEntry) ?? [];
    if (made.length > 0) entries.set(kid, made);
    return made;
  };
  return { document, anchored, entriesOf };
}

/** A thousand keys take a while to import; a venue meets a few of them, each many times. */
function importOnce(key: TrustedKey, importKey: ImportEs256Key): TrustEntry['verifier'] {
  let imported: Es256Verify | Promise<Es256Verify> | undefined;
  const importNow = async (): Promise<Es256Verify> => (imported = await importTrusted(key, importKey));
  return () => (imported ??= importNow());
}

async function importTrusted(key: TrustedKey, importKey: ImportEs256Key): Promise<Es256Verify> {
  try {
    return await importKey(key);
  } catch (error) {
    if (error instanceof FormatError) throw malformed('A key of the trust data is not a point of P-256.');
    throw error;
  }
}

function unique<T, K>(items: readonly T[], nameOf: (item: T) => K): ReadonlyMap<K, T> {
  const map = new Map(items.map((item) => [nameOf(item), item]));
  if (map.size !== items.length) throw malformed('The trust data lists the same thing twice.');
  return map;
}

function known<K, V>(map: ReadonlyMap<K, V>, name: K): V {
  const value = map.get(name);
  if (value === undefined) throw malformed('The trust data speaks of something that it does not list.');
  return value;
}

function malformed(message: string): TrustError {
  return new TrustError('DOCUMENT_MALFORMED', message);
}
