import { FormatError } from '../../credential/errors.ts';
import type { ImportEs256Key } from '../../credential/es256.ts';
import type { P256Coordinates } from '../../credential/jwk.ts';
import { MAX_CLOCK_LAG_SECONDS } from './checks.ts';
import { isSignedSetup, readSetupCode } from './setup-code.ts';
import type { ReadSetup, SetupCode } from './setup-code.ts';

/** Why a set-up code sets nothing up; a closed list. */
export type SetupFault =
  | 'SETUP_MALFORMED'
  | 'SETUP_FORGED'
  | 'SETUP_OF_ANOTHER_NODE'
  | 'SETUP_UNCHECKED'
  | 'SETUP_NOT_YET'
  | 'SETUP_EXPIRED'
  | 'SETUP_ENDED'
  | 'SETUP_WITHDRAWN'
  | 'SETUP_RULES_CONTRADICT';

/** What a scanner knows of its node, to hold a set-up code against. */
export interface KnownNode {
  /** The key that signed what the scanner decides by. */
  readonly exporter: P256Coordinates & { readonly kid: string };
  /** `chainId:address`; null if what it decides by is of none. */
  readonly registry: string | null;
  /** The rules that the node's operator has set; null where others may choose. */
  readonly fixedRules: string | null;
  /** Ids of codes that count no more. */
  readonly withdrawn: readonly string[];
  /** Names of the rule sets, since a short one may stand for a whole. */
  readonly ruleSets: readonly string[];
}

/** A set-up code that was checked: what it says, as far as its node has signed it, and what is against it. */
export interface CheckedSetup {
  /** Null if nobody knows who said it. */
  readonly code: SetupCode | null;
  readonly fault: SetupFault | null;
}

/**
 * Check a set-up code.
 *
 * @param known undefined as long as nothing is known of the node
 * @param now Unix seconds
 */
export async function checkSetup(
  setup: string,
  known: KnownNode | undefined,
  now: number,
  importKey: ImportEs256Key,
): Promise<CheckedSetup> {
  const read = readOrNothing(setup);
  if (read === undefined) return { code: null, fault: 'SETUP_MALFORMED' };
  if (known === undefined) return { code: null, fault: 'SETUP_UNCHECKED' };
  if (read.kid !== known.exporter.kid) return { code: null, fault: 'SETUP_OF_ANOTHER_NODE' };
  if (!(await isSignedSetup(read, await importKey(known.exporter))))
    return { code: null, fault: 'SETUP_FORGED' };
  return { code: read.code, fault: faultOf(read.code, known, now) };
}

/** Whether a scanner may still take it up: later it only goes on with what was taken up in time. */
export function mayTakeUp({ takeUntil }: SetupCode, now: number): boolean {
  return now <= takeUntil;
}

function readOrNothing(setup: string): ReadSetup | undefined {
  try {
    return readSetupCode(setup);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function faultOf(code: SetupCode, known: KnownNode, now: number): SetupFault | null {
  const { id, registry, iat, exp, rules } = code;
  // A node that moved to another registry holds other people to be issuers: its venues are set up anew.
  if (registry !== null && registry !== known.registry) return 'SETUP_OF_ANOTHER_NODE';
  if (known.withdrawn.includes(id)) return 'SETUP_WITHDRAWN';
  if (now > exp) return 'SETUP_ENDED';
  if (now < iat - MAX_CLOCK_LAG_SECONDS) return 'SETUP_NOT_YET';
  const { fixedRules, ruleSets } = known;
  if (fixedRules !== null && rules !== 'none' && whole(rules, ruleSets) !== whole(fixedRules, ruleSets))
    return 'SETUP_RULES_CONTRADICT';
  return null;
}

/** `ENTRY` stands for `US-NY/ENTRY` where there is one such set only. */
function whole(name: string, ruleSets: readonly string[]): string {
  const meant = ruleSets.filter((one) => one === name || one.endsWith(`/${name}`));
  return meant.length === 1 ? (meant[0] ?? name) : name;
}
