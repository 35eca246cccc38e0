import { MAX_CLOCK_LAG_SECONDS } from '../../../pipeline/checks.ts';
import { heldRules } from '../../../pipeline/rules/held-rules.ts';
import { knownRules } from '../../../pipeline/rules/known-rules.ts';
import { isRuleSet } from '../../../pipeline/rules/ready-rules.ts';
import type { ReadySet } from '../../../pipeline/rules/ready-rules.ts';
import { DEFAULT_POLICY, limitsFor, trustAge } from '../../../pipeline/venue-policy.ts';
import type { TrustAgeLimits } from '../../../pipeline/venue-policy.ts';
import type { Trust } from '../../../pipeline/trust.ts';
import type { NoTrust } from '../../../pipeline/verify.ts';
import type { HeldTrust } from './held-trust.ts';
import type { VenueAsks } from './venue-answers.ts';

/** How good what the page decides by is, for the banner, and which rule sets there are to choose from. */
export interface Standing {
  readonly state: 'held' | NoTrust;
  /** `stale`: nothing is accepted any more. */
  readonly freshness: 'fresh' | 'ageing' | 'stale' | null;
  /** Seconds since the node took its trust data and revocation data, by this device's clock. */
  readonly ageSeconds: number | null;
  readonly block: number | null;
  /** Whether decisions rest on a chain, or the operator allowed otherwise. */
  readonly anchored: boolean;
  readonly lists: { readonly all: number; readonly current: number };
  /** How the last try to reach the node went; null before the first. The fault is a code. */
  readonly contact: { readonly at: number; readonly fault: string | null } | null;
  /** Seconds by which this device's clock is off, if by so much that it matters: behind the chain's, or off the node's. */
  readonly clockOff: number | null;
  /** The venue's own rule set; null where whoever scans may choose. */
  readonly fixedRules: string | null;
  readonly ruleSets: readonly RuleChoice[];
  /** What the venue asks holders for; null where it asks nobody. */
  readonly asks: VenueAsks | null;
}

/** A rule set that cards can be held against here. */
export interface RuleChoice {
  readonly name: string;
  /** By the tag of their language. */
  readonly title: Readonly<Record<string, string>>;
  /** It counts back from an event. */
  readonly needsEvent: boolean;
}

const NOTHING = {
  freshness: null,
  ageSeconds: null,
  block: null,
  anchored: false,
  lists: { all: 0, current: 0 },
  clockOff: null,
  fixedRules: null,
  ruleSets: [],
  asks: null,
} as const;

/**
 * Say how things stand.
 *
 * @param now Unix seconds
 */
export function standingOf(held: HeldTrust | NoTrust, contact: Standing['contact'], now: number): Standing {
  if (typeof held === 'string') return { ...NOTHING, state: held, contact };
  const { trust, answers } = held;
  const { terms, lists, clockAhead } = answers;
  const { source } = trust.document;
  const policy = terms.policy ?? DEFAULT_POLICY;
  const age = trustAge(trust.document, now);
  return {
    state: 'held',
    freshness: freshnessOf(age, limitsFor<TrustAgeLimits>(policy.trustAge, undefined)),
    ageSeconds: Math.max(0, Math.floor(age)),
    block: source.kind === 'chain' ? source.block.number : null,
    anchored: trust.anchored || terms.allowUnanchored,
    lists,
    contact,
    clockOff: clockOff(age, clockAhead),
    fixedRules: terms.rules === 'none' ? null : terms.rules,
    ruleSets: ruleChoices(trust, now),
    asks: terms.asks ?? null,
  };
}

function freshnessOf(age: number, { warnSeconds, refuseSeconds }: TrustAgeLimits): Standing['freshness'] {
  if (!(age <= refuseSeconds)) return 'stale';
  return age <= warnSeconds ? 'fresh' : 'ageing';
}

/** Trust data from the future means a clock that is behind; else the node's clock at the last contact is compared. */
function clockOff(age: number, clockAhead: number): number | null {
  const off = age < -MAX_CLOCK_LAG_SECONDS ? age : clockAhead;
  return Math.abs(off) > MAX_CLOCK_LAG_SECONDS ? Math.round(off) : null;
}

function ruleChoices(trust: Trust, now: number): readonly RuleChoice[] {
  return knownRules(trust, [], now).flatMap(({ name, state, file }) => {
    const content = file?.content;
    if (state === 'unusable' || content === undefined || !isRuleSet(content)) return [];
    const { ready } = heldRules(name, now, trust);
    const needsEvent = typeof ready !== 'string' && isAboutEvent(ready);
    return [{ name, title: Object.fromEntries(content.title), needsEvent }];
  });
}

function isAboutEvent({ layers }: ReadySet): boolean {
  return layers.some((layer) =>
    layer.kind === 'rule-set'
      ? isAboutEvent(layer.set)
      : layer.alternatives.some(({ rules }) => rules.some((rule) => rule.isAboutEvent)),
  );
}
