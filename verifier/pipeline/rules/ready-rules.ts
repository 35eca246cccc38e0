import { timeZone } from '../../../credential/civil-time.ts';
import { secondsFromDateTime } from '../../../credential/date-time.ts';
import { FormatError } from '../../../credential/errors.ts';
import { codebookOf } from '../../../credential/value-set.ts';
import type { Codebook, ValueSet } from '../../../credential/value-set.ts';
import { pathsOf } from './logic.ts';
import { isAboutEvent } from './payload-fields.ts';
import type { RulesFault } from '../decision.ts';
import type { InForce } from './published.ts';
import { findingsOf } from './rule-findings.ts';
import { compareVersions } from './rule-set.ts';
import type { Alternative, Layer, PublishedName, Rule, RuleSet } from './rule-set.ts';

/** A rule set as of a moment, ready to be asked. */
export interface ReadySet {
  readonly set: RuleSet;
  /** What it counts by, in the version that is at hand. */
  readonly valueSet: ValueSet;
  readonly codebook: Codebook;
  readonly layers: readonly ReadyLayer[];
}

/** A layer with its rules at hand. */
export type ReadyLayer =
  | {
      readonly kind: 'any-of';
      readonly layer: Extract<Layer, { kind: 'any-of' }>;
      readonly alternatives: readonly ReadyAlternative[];
    }
  | { readonly kind: 'rule-set'; readonly set: ReadySet };

/** An alternative with its rules in their order. */
export interface ReadyAlternative {
  readonly alternative: Alternative;
  readonly rules: readonly ReadyRule[];
}

/** A rule in the version that is in force. */
export interface ReadyRule {
  readonly rule: Rule;
  /** Whether it cannot be asked without knowing when the event begins. */
  readonly isAboutEvent: boolean;
}

/** A set or why there is none, and the moments at which the answer may change. */
export interface Readiness {
  readonly ready: ReadySet | RulesFault;
  readonly boundaries: readonly number[];
}

/** A set that is its own base would never end. */
const MAX_DEPTH = 2;

/**
 * Make a rule set ready: find it, its value set and the sets that it rests on, and hold each to everything that is asked
 * of them. What is wrong with any of them is wrong with the whole.
 */
export function readySet(name: string, at: number, find: (name: string) => InForce, depth = 0): Readiness {
  const boundaries: number[] = [];
  const take = <T>({ boundaries: own, ...rest }: { readonly boundaries: readonly number[] } & T): T => {
    boundaries.push(...own);
    return rest as T;
  };
  const fault = (ready: RulesFault): Readiness => ({ ready, boundaries });
  const { found } = take(find(name));
  if (typeof found === 'string') return fault(found);
  if (depth > MAX_DEPTH || found.content === undefined || !isRuleSet(found.content)) return fault('FAULTY');
  const set = found.content;
  boundaries.push(...windowOf(set), ...set.rules.flatMap(windowOf));
  if (!isOpen(set, at)) return fault(at < windowOf(set)[0] ? 'NOT_YET_IN_FORCE' : 'ENDED');

  const values = take(find(nameOf(set.valueSet))).found;
  if (typeof values === 'string' || values.content === undefined || isRuleSet(values.content)) {
    return fault('VALUE_SET_UNAVAILABLE');
  }
  if (!isKnownZone(set.timeZone) || findingsOf(set, values.content).length > 0) return fault('FAULTY');

  const layers: ReadyLayer[] = [];
  for (const layer of set.layers) {
    if (layer.kind === 'rule-set') {
      const { ready } = take(readySet(nameOf(layer), at, find, depth + 1));
      if (typeof ready === 'string') return fault(ready);
      layers.push({ kind: 'rule-set', set: ready });
      continue;
    }
    const alternatives = layer.alternatives.map((alternative) => readyAlternative(alternative, set, at));
    if (!alternatives.every((one) => one !== undefined)) return fault('ENDED');
    layers.push({ kind: 'any-of', layer, alternatives });
  }
  return {
    ready: { set, valueSet: values.content, codebook: codebookOf(values.content), layers },
    boundaries,
  };
}

/** Undefined if one of its rules has no version in force: to leave it out would let in whom it keeps out. */
function readyAlternative(
  alternative: Alternative,
  { rules }: RuleSet,
  at: number,
): ReadyAlternative | undefined {
  const ready: ReadyRule[] = [];
  for (const identifier of alternative.allOf) {
    const [rule] = rules
      .filter((one) => one.Identifier === identifier && isOpen(one, at))
      .toSorted((one, other) => compareVersions(other.Version, one.Version));
    if (rule === undefined) return undefined;
    ready.push({ rule, isAboutEvent: pathsOf(rule.Logic).some(isAboutEvent) });
  }
  return { alternative, rules: ready };
}

type Windowed = Pick<RuleSet, 'validFrom' | 'validTo'> | Pick<Rule, 'ValidFrom' | 'ValidTo'>;

function windowOf(one: Windowed): readonly [from: number, to: number] {
  return 'validFrom' in one
    ? [secondsFromDateTime(one.validFrom), secondsFromDateTime(one.validTo)]
    : [secondsFromDateTime(one.ValidFrom), secondsFromDateTime(one.ValidTo)];
}

/** From its first moment to before its last. */
function isOpen(one: Windowed, at: number): boolean {
  const [from, to] = windowOf(one);
  return at >= from && at < to;
}

/** Whether a sound file is a rule set rather than a value set. */
export function isRuleSet(content: RuleSet | ValueSet): content is RuleSet {
  return content.format === 'pratique-rule-set-1';
}

/** Whether the platform knows a zone of that name. */
export function isKnownZone(name: string): boolean {
  try {
    timeZone(name);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** JURISDICTION/ID. */
export function nameOf({ jurisdiction, id }: PublishedName): string {
  return `${jurisdiction}/${id}`;
}
