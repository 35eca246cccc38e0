import type { RulesFault } from '../decision.ts';
import { ruleSetsAt } from '../published-rules.ts';
import type { Trust } from '../trust.ts';
import { heldRules } from './held-rules.ts';
import { findAmong, publishedFile } from './published.ts';
import type { InForce } from './published.ts';
import { isRuleSet } from './ready-rules.ts';
import { ruleFilesOf } from './rule-files.ts';
import type { RuleFile } from './rule-files.ts';

/** Whether cards can be held against a document; a closed list. */
export type KnownState =
  /** It comes with the program, and no jurisdiction published it here. */
  | 'shipped-only'
  /** It is here, and nobody could have published it: the trust data is tied to no chain. */
  | 'unanchored'
  /** Its jurisdiction published it, it is in force, and it is here. */
  | 'in-force'
  /** It was published, and cannot be used; the fault says why. */
  | 'unusable';

/** A rule set or value set that is known here. */
export interface KnownRules {
  /** JURISDICTION/ID, for `verify --rules` if it is a rule set. */
  readonly name: string;
  readonly state: KnownState;
  readonly fault: RulesFault | null;
  /** SHA-256, 0x-hex, of the file, or as it was published; null where neither is known. */
  readonly digest: string | null;
  /** Null where there is no sound file of that name. */
  readonly file: RuleFile | null;
}

/**
 * Everything that is known: what jurisdictions published by the trust data, and what comes with the program besides; by
 * name.
 *
 * @param now seconds since 1970
 */
export function knownRules(
  trust: Trust | undefined,
  shipped: readonly RuleFile[],
  now: number,
): readonly KnownRules[] {
  const published = trust === undefined ? [] : ofTrust(trust, now);
  const names = new Set(published.map(({ name }) => name));
  const besides = shipped.flatMap((file): KnownRules[] =>
    file.name === undefined || names.has(file.name) ? [] : [known(file.name, file, 'shipped-only')],
  );
  return [...published, ...besides].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Finds what is in force by the trust data, else what comes with the program. */
export function findKnown(
  trust: Trust | undefined,
  shipped: readonly RuleFile[],
  now: number,
): (name: string) => InForce {
  const inForce = (trust === undefined ? [] : ofTrust(trust, now)).flatMap(({ file }) => file ?? []);
  return findAmong(inForce, shipped);
}

function ofTrust(trust: Trust, now: number): readonly KnownRules[] {
  const { document } = trust;
  const files = ruleFilesOf(document.ruleFiles);
  if (document.source.kind === 'unanchored') {
    const find = findAmong(files);
    const names = new Set(files.flatMap(({ name }) => name ?? []));
    return [...names].map((name) => {
      const { found } = find(name);
      return typeof found === 'string'
        ? unusable(name, found)
        : usable(name, found, 'unanchored', { trust, now });
    });
  }
  return ruleSetsAt(document.rules, now).map(({ jurisdiction, id, inForce }) => {
    const name = `${jurisdiction}/${id}`;
    const { found } = publishedFile(name, now, document, files);
    return typeof found === 'string'
      ? unusable(name, found, inForce?.digest)
      : usable(name, found, 'in-force', { trust, now });
  });
}

function known(name: string, file: RuleFile, state: KnownState): KnownRules {
  return { name, state, fault: null, digest: file.digest, file };
}

function unusable(name: string, fault: RulesFault, digest?: string | null): KnownRules {
  return { name, state: 'unusable', fault, digest: digest ?? null, file: null };
}

/** A rule set that is here is of no use without what it rests on. */
function usable(
  name: string,
  file: RuleFile,
  state: KnownState,
  { trust, now }: { readonly trust: Trust; readonly now: number },
): KnownRules {
  const found = known(name, file, state);
  if (file.content === undefined || !isRuleSet(file.content)) return found;
  const { ready } = heldRules(name, now, trust);
  return typeof ready === 'string' ? { ...found, state: 'unusable', fault: ready } : found;
}
