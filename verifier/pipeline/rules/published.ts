import { ruleSetsAt } from '../published-rules.ts';
import type { RulesFault } from '../decision.ts';
import type { TrustDocument } from '../trust-document.ts';
import type { RuleFile } from './rule-files.ts';
import { compareVersions } from './rule-set.ts';

/** The full names that a full or a short name stands for among those that are known. */
export function fullNames(asked: string, known: Iterable<string>): readonly string[] {
  if (asked.includes('/')) return [asked];
  return [...new Set(known)].filter((name) => name.slice(name.indexOf('/') + 1) === asked);
}

/** A document under a name as of a moment, and the moments at which that may change. */
export interface InForce {
  readonly found: RuleFile | RulesFault;
  readonly boundaries: readonly number[];
}

/** What a jurisdiction published and has not ended: the file with the digest that stands in the registry. */
export function publishedFile(
  name: string,
  at: number,
  document: TrustDocument,
  files: readonly RuleFile[],
): InForce {
  const versions = document.rules.filter((rules) => `${rules.jurisdiction}/${rules.id}` === name);
  const boundaries = versions.map(({ validFrom }) => validFrom);
  const answer = (found: InForce['found']): InForce => ({ found, boundaries });
  if (versions.length === 0) return answer('NOT_PUBLISHED');
  const code = name.slice(0, name.indexOf('/'));
  // Its issuers are suspended with it: its word counts for nothing meanwhile.
  if (document.jurisdictions.some((one) => one.code === code && one.suspended)) {
    return answer('JURISDICTION_SUSPENDED');
  }
  const inForce = ruleSetsAt(versions, at)[0]?.inForce;
  if (inForce === undefined) return answer('NOT_YET_IN_FORCE');
  if (inForce.digest === null) return answer('ENDED');
  const file = files.find(({ digest }) => digest === inForce.digest);
  if (file === undefined) return answer(files.some((one) => one.name === name) ? 'DIFFERS' : 'MISSING');
  if (file.content === undefined || file.name !== name) return answer('FAULTY');
  const { version } = file.content;
  const falls = versions.some((earlier) => {
    const before = files.find(({ digest }) => digest === earlier.digest)?.content;
    return (
      earlier.version < inForce.version &&
      earlier.digest !== inForce.digest &&
      before !== undefined &&
      compareVersions(before.version, version) >= 0
    );
  });
  return answer(falls ? 'VERSION_NOT_RISING' : file);
}

/** Without a chain nobody publishes: the highest version here is what the operator allowed with the rest of the data. */
export function unanchoredFile(name: string, files: readonly RuleFile[]): InForce {
  const named = files.filter((file) => file.name === name);
  const [highest] = named
    .filter(({ content }) => content !== undefined)
    .toSorted((one, other) => compareVersions(other.content?.version ?? '', one.content?.version ?? ''));
  return { found: highest ?? (named.length === 0 ? 'MISSING' : 'FAULTY'), boundaries: [] };
}

/**
 * Finds a file by its name among several groups of files: the first group that has the name decides, as a department's
 * own draft does before what comes with the program.
 */
export function findAmong(...groups: readonly (readonly RuleFile[])[]): (name: string) => InForce {
  return (name) =>
    unanchoredFile(name, groups.find((files) => files.some((file) => file.name === name)) ?? []);
}
