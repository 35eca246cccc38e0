import type { PublishedRules } from './trust-document.ts';

/** What a jurisdiction published under one id, as of a moment. */
export interface RuleSet {
  readonly jurisdiction: string;
  readonly id: string;
  /** Undefined before its first version begins; one without digest ended the rule set. */
  readonly inForce: PublishedRules | undefined;
  /** What is in force later, in that order. */
  readonly toCome: readonly PublishedRules[];
}

/**
 * The rule sets as of a moment, in Unix seconds.
 *
 * In force is the highest version that has begun: one that was published ahead of time leaves the one before in force
 * until then.
 */
export function ruleSetsAt(rules: readonly PublishedRules[], at: number): readonly RuleSet[] {
  const sets = new Map<string, RuleSet>();
  for (const version of rules.toSorted((a, b) => a.version - b.version)) {
    const { jurisdiction, id, validFrom } = version;
    const name = `${jurisdiction}/${id}`;
    const { inForce, toCome } = sets.get(name) ?? { inForce: undefined, toCome: [] };
    // A lower version that does not begin earlier never comes.
    const earlier = toCome.filter((other) => other.validFrom < validFrom);
    const changed =
      validFrom <= at ? { inForce: version, toCome: [] } : { inForce, toCome: [...earlier, version] };
    sets.set(name, { jurisdiction, id, ...changed });
  }
  return [...sets.values()];
}
