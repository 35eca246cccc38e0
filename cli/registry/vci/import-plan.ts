import { paddedCoordinate } from '../../../contracts/key-burn.ts';
import type { NewIssuer } from '../../../contracts/registry-terms.ts';
import type { RevocationName } from '../../../contracts/registry-encoding.ts';
import type { P256Coordinates } from '../../../credential/jwk.ts';
import type { ReplayedTrust } from '../../../verifier/pipeline/replay.ts';
import type { TrustedIssuer, TrustedKey } from '../../../verifier/pipeline/trust-document.ts';
import type { DirectoryIssuer, DirectoryKey } from '../../../verifier/node/vci-directory.ts';
import type { MissingKeys } from './import-notes.ts';

/** Why something of the directory is not carried into the registry; a closed list. */
export type HeldBackCode =
  /** The issuer is accredited by another jurisdiction, or registers its keys itself. */
  | 'ISSUER_ELSEWHERE'
  | 'ISSUER_SELF_MANAGED'
  /** Suspended, retired or withdrawn here: the directory does not undo that. */
  | 'ISSUER_NOT_ACTIVE'
  /** A guardian or the governor put a hold on it. */
  | 'ISSUER_HELD'
  /** Retired or reported stolen here, and in the directory all the same. */
  | 'KEY_ENDED'
  /** Ended by its own signature, under every issuer: its private part is in strangers' hands. */
  | 'KEY_BURNED'
  /** Not in the directory any more, and to be retired when that has lasted. */
  | 'KEY_MISSING';

export interface HeldBack {
  readonly code: HeldBackCode;
  readonly iss: string;
  readonly kid: string | null;
}

/** A key to be listed, by the `iss` of its issuer, which may have no number yet. */
export interface KeyToList {
  readonly iss: string;
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  readonly revocation: RevocationName;
}

/** What makes the registry say what the directory says; empty where it does already. */
export interface ImportPlan {
  readonly newIssuers: readonly NewIssuer[];
  readonly updates: readonly { readonly issuer: TrustedIssuer; readonly name: string }[];
  readonly newKeys: readonly KeyToList[];
  /** Keys whose cards can be revoked by now. */
  readonly revocable: readonly TrustedKey[];
  readonly retirements: readonly TrustedKey[];
  readonly heldBack: readonly HeldBack[];
  /** What is missing from the directory by now, and since when; until a retirement is in the log, that too. */
  readonly missing: MissingKeys;
}

export interface ImportTerms {
  readonly jurisdiction: string;
  /** Where the mirrored revocation lists are published; empty if nowhere. */
  readonly statusBase: string;
  /** Of the snapshot, Unix seconds. */
  readonly time: number;
  /** Whether no newer snapshot is known to have been used; of an older one nothing is taken for missing. */
  readonly isNewest: boolean;
  /** Seconds that a key may be missing before it is retired. */
  readonly grace: number;
}

/** The registry as far as an import asks. */
export interface RegistryState {
  readonly trust: ReplayedTrust;
  /** Issuers that register their keys themselves. */
  readonly selfManaged: ReadonlySet<number>;
  /** Burned keys, each by `pointOf`. */
  readonly burned: ReadonlySet<string>;
  /** When each was listed, Unix seconds: issuers by `<id>`, keys by `<id>/<kid>`. */
  readonly listedAt: ReadonlyMap<string, number>;
}

/** One text for one point, however short its coordinates were published. */
export function pointOf({ x, y }: P256Coordinates): string {
  return paddedCoordinate(x) + paddedCoordinate(y).slice(2);
}

/** When something was last listed in a jurisdiction for issuers that do not do so themselves; 0 if nothing was. */
export function lastListed({ trust, selfManaged, listedAt }: RegistryState, jurisdiction: string): number {
  const own = new Set(
    trust.issuers.flatMap((issuer) =>
      issuer.jurisdiction === jurisdiction && !selfManaged.has(issuer.id) ? [String(issuer.id)] : [],
    ),
  );
  let last = 0;
  for (const [name, time] of listedAt) if (own.has(name.split('/')[0] ?? '')) last = Math.max(last, time);
  return last;
}

/** Whether a plan would trust something that is not trusted now, or call it otherwise. */
export function raisesTrust({ newIssuers, newKeys, updates }: ImportPlan): boolean {
  return newIssuers.length + newKeys.length + updates.length > 0;
}

/**
 * What to write so that a registry says what a directory says. Nothing is written twice: a plan made from the registry
 * that carried out this one is empty.
 *
 * Accredited from 0: the directory does not say since when, and cards of 2021 are good.
 *
 * @param noted what earlier imports found missing
 */
export function planImport(
  directory: readonly DirectoryIssuer[],
  registry: RegistryState,
  terms: ImportTerms,
  noted: MissingKeys,
): ImportPlan {
  const issuers = new Map(registry.trust.issuers.map((issuer) => [issuer.iss, issuer]));
  const keys = Map.groupBy(registry.trust.keys, ({ issuer }) => issuer);
  const plan = {
    newIssuers: [] as NewIssuer[],
    updates: [] as ImportPlan['updates'][number][],
    newKeys: [] as KeyToList[],
    revocable: [] as TrustedKey[],
    heldBack: [] as HeldBack[],
  };
  for (const entry of directory) {
    const issuer = issuers.get(entry.iss);
    const why = issuer === undefined ? undefined : whyNot(issuer, registry, terms);
    if (why !== undefined) {
      plan.heldBack.push({ code: why, iss: entry.iss, kid: null });
      continue;
    }
    if (issuer === undefined) plan.newIssuers.push(newIssuer(entry, terms));
    else if (issuer.name !== entry.name) plan.updates.push({ issuer, name: entry.name });
    const listed = issuer === undefined ? [] : (keys.get(issuer.id) ?? []);
    const own = new Map(listed.map((key) => [key.kid, key]));
    for (const key of entry.keys) {
      const known = own.get(key.kid);
      const leave = (code: HeldBackCode): number =>
        plan.heldBack.push({ code, iss: entry.iss, kid: key.kid });
      if (registry.burned.has(pointOf(key))) leave('KEY_BURNED');
      else if (known === undefined) plan.newKeys.push(keyToList(entry.iss, key));
      else if (known.state !== 'active') leave('KEY_ENDED');
      else if (key.revocable && known.revocation === 'none') plan.revocable.push(known);
    }
  }
  const { retirements, missing, waiting } = missingKeys(directory, registry, terms, noted);
  return { ...plan, heldBack: [...plan.heldBack, ...waiting], retirements, missing };
}

function newIssuer({ iss, name }: DirectoryIssuer, { jurisdiction, statusBase }: ImportTerms): NewIssuer {
  return {
    iss,
    name,
    statusBase,
    jurisdiction,
    controller: null,
    accreditedFrom: 0,
    accreditedUntil: 0,
    attestations: 0,
    status: 'active',
  };
}

function keyToList(iss: string, { kid, x, y, revocable }: DirectoryKey): KeyToList {
  return { iss, kid, x, y, revocation: revocable ? 'rids' : 'none' };
}

function whyNot(
  issuer: TrustedIssuer,
  registry: RegistryState,
  terms: ImportTerms,
): HeldBackCode | undefined {
  if (issuer.jurisdiction !== terms.jurisdiction) return 'ISSUER_ELSEWHERE';
  if (registry.selfManaged.has(issuer.id)) return 'ISSUER_SELF_MANAGED';
  if (issuer.held) return 'ISSUER_HELD';
  return issuer.status === 'active' || issuer.status === 'pending' ? undefined : 'ISSUER_NOT_ACTIVE';
}

/**
 * Keys of this jurisdiction's listed issuers that the directory does not have (any more).
 *
 * Retired, not reported stolen: a directory drops a key for many reasons, and its older cards stay good. An issuer that
 * is missing whole loses its keys the same way and may come back with new ones; retiring it would be for ever.
 *
 * Since when a key is missing never moves back, and is not before the registry listed it: a snapshot of years ago, taken
 * for new because the notes were lost, would have it retired by the next one without grace.
 */
function missingKeys(
  directory: readonly DirectoryIssuer[],
  registry: RegistryState,
  terms: ImportTerms,
  noted: MissingKeys,
): { retirements: TrustedKey[]; missing: MissingKeys; waiting: HeldBack[] } {
  if (!terms.isNewest) return { retirements: [], missing: noted, waiting: [] };
  const listed = new Set(directory.flatMap(({ iss, keys }) => keys.map(({ kid }) => `${iss} ${kid}`)));
  const issuers = new Map(registry.trust.issuers.map((issuer) => [issuer.id, issuer]));
  const missing = new Map<string, number>();
  const retirements: TrustedKey[] = [];
  const waiting: HeldBack[] = [];
  for (const key of registry.trust.keys) {
    const issuer = issuers.get(key.issuer);
    if (issuer === undefined || key.state !== 'active' || whyNot(issuer, registry, terms) !== undefined)
      continue;
    const name = `${issuer.iss} ${key.kid}`;
    if (listed.has(name)) continue;
    const listedAt = registry.listedAt.get(`${issuer.id}/${key.kid}`) ?? 0;
    const since = noted.get(name) ?? Math.max(terms.time, listedAt);
    missing.set(name, since);
    if (terms.time - since >= terms.grace) retirements.push(key);
    else waiting.push({ code: 'KEY_MISSING', iss: issuer.iss, kid: key.kid });
  }
  return { retirements, missing, waiting };
}
