import { ruleFilesOf } from '../pipeline/rules/rule-files.ts';
import type { TrustDocument } from '../pipeline/trust-document.ts';
import { currentVersions } from './published-files.ts';

/** What is held of one document that a jurisdiction published, in the version that is in force or one to come. */
export interface RuleSetReport {
  readonly jurisdiction: string;
  readonly id: string;
  /** The registry's number. */
  readonly version: number;
  /** Unix seconds. */
  readonly validFrom: number;
  /** `ended`: from then on the jurisdiction publishes nothing under the name. */
  readonly state: 'held' | 'missing' | 'ended';
  /** The semantic version that the document says itself; null if it is not here, or is no rule set and no value set. */
  readonly semver: string | null;
}

/** Of everything that is in force or to come whether it is here, in the order of the registry. */
export function rulesHeld(
  document: Pick<TrustDocument, 'rules' | 'ruleFiles'>,
  now: number,
): readonly RuleSetReport[] {
  const files = new Map(ruleFilesOf(document.ruleFiles).map((file) => [file.digest, file]));
  return currentVersions(document.rules, now).map(({ jurisdiction, id, version, validFrom, digest }) => {
    const file = digest === null ? undefined : files.get(digest);
    const state = digest === null ? 'ended' : file === undefined ? 'missing' : 'held';
    return { jurisdiction, id, version, validFrom, state, semver: file?.content?.version ?? null };
  });
}
