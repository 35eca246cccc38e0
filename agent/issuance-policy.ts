import { createHash } from 'node:crypto';
import { timeZone } from '../credential/civil-time.ts';
import type { TimeZone } from '../credential/civil-time.ts';
import { FormatError } from '../credential/errors.ts';
import { parseJson } from '../credential/json.ts';
import { ShapeError } from '../credential/strict-reader.ts';
import { codebookOf, readValueSet } from '../credential/value-set.ts';
import type { Codebook } from '../credential/value-set.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Table } from './issuer-store.ts';
import { PLAUSIBILITY_LIMITS, type PlausibilityLimits } from './plausibility-limits.ts';

/** What an issuer counts by, as it is kept: the text of its value set, and the zone of its days. */
export interface IssuancePolicy {
  /** IANA name, such as America/New_York. */
  readonly timeZone: string;
  /** The value set as its jurisdiction published it. */
  readonly valueSet: string;
  /** What can be true of somebody; that of `PLAUSIBILITY_LIMITS` unless said. */
  readonly limits?: PlausibilityLimits;
}

/** The numbers of a value set that windows are made of. */
export const WINDOW_NUMBERS = ['waitDays', 'validDays', 'plusWaitDays', 'pcrDays', 'antigenHours'] as const;
export type WindowNumber = (typeof WINDOW_NUMBERS)[number];

/** A policy ready to be counted by. */
export interface CountingPolicy {
  readonly zone: TimeZone;
  readonly codebook: Codebook;
  readonly numbers: Readonly<Record<WindowNumber, number>>;
  readonly limits: PlausibilityLimits;
  /** JURISDICTION/ID and version of the value set, to say what a card was issued by. */
  readonly name: string;
}

/** The kinds of tests that products are made of. */
const TEST_KINDS = ['pcr', 'antigen'];

/**
 * Makes a policy ready.
 *
 * IssuerError POLICY_INVALID if the zone is none, the value set is none, or it lacks a number or a kind of test that a
 * window needs.
 */
export function countingPolicy({
  timeZone: zone,
  valueSet: text,
  limits = PLAUSIBILITY_LIMITS,
}: IssuancePolicy): CountingPolicy {
  try {
    const valueSet = readValueSet(parseJson(text));
    const { jurisdiction, id, version } = valueSet;
    const codebook = codebookOf(valueSet);
    const lacks = [
      ...WINDOW_NUMBERS.filter((name) => !valueSet.numbers.has(name)),
      ...TEST_KINDS.filter((kind) => !valueSet.tests.has(kind)),
    ];
    if (lacks.length > 0) throw invalid(`the value set lacks ${lacks.join(', ')}`);
    const numbers = codebook.numbers as Record<WindowNumber, number>;
    const name = `${jurisdiction}/${id} ${version}`;
    return { zone: timeZone(zone), codebook, numbers, limits, name };
  } catch (error) {
    if (error instanceof ShapeError) throw invalid(`the value set holds ${error.message}`);
    if (error instanceof FormatError) throw invalid('its zone is none, or its value set is no JSON');
    throw error;
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function invalid(why: string): IssuerError {
  return new IssuerError('POLICY_INVALID', `The policy of issuance cannot be used: ${why}.`);
}

/** The policy that an issuer's store keeps. */
export class PolicyKeeper {
  readonly #store: IssuerStore;
  readonly #policies: Table<IssuancePolicy>;
  #said: IssuancePolicy | undefined;
  #ready: { readonly of: IssuancePolicy; readonly counting: CountingPolicy } | undefined;

  private constructor(store: IssuerStore) {
    this.#store = store;
    this.#policies = store.table('policy');
  }

  static async open(store: IssuerStore): Promise<PolicyKeeper> {
    const keeper = new PolicyKeeper(store);
    await store.follow<IssuancePolicy>('policy', (_, policy) => (keeper.#said = policy));
    return keeper;
  }

  async said(): Promise<IssuancePolicy | undefined> {
    return this.#said;
  }

  /** Takes over a policy that can be counted by; on disk when it returns. IssuerError POLICY_INVALID. */
  async say({ timeZone: zone, valueSet, limits }: IssuancePolicy): Promise<CountingPolicy> {
    const policy = { timeZone: zone, valueSet, ...(limits === undefined ? {} : { limits }) };
    const counting = countingPolicy(policy);
    const valueSetDigest = digestOf(valueSet);
    const limitsDigest = limits === undefined ? {} : { limitsDigest: digestOf(JSON.stringify(limits)) };
    await this.#store.commit([this.#policies.put('policy', policy)], new Map(), [
      { kind: 'policy-said', timeZone: zone, valueSetDigest, ...limitsDigest },
    ]);
    this.#said = policy;
    return counting;
  }

  /** What was said. IssuerError POLICY_MISSING. */
  async kept(): Promise<IssuancePolicy> {
    const policy = await this.said();
    if (policy === undefined) {
      throw new IssuerError('POLICY_MISSING', 'Nobody has said yet what this issuer counts by.');
    }
    return policy;
  }

  /** The same, ready to be counted by. */
  async counting(): Promise<CountingPolicy> {
    const of = await this.kept();
    // A value set is long: read once for each policy, not for each card.
    if (this.#ready?.of !== of) this.#ready = { of, counting: countingPolicy(of) };
    return this.#ready.counting;
  }
}
