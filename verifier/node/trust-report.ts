import { setImmediate as othersFirst } from 'node:timers/promises';
import { limitsFor } from '../pipeline/venue-policy.ts';
import type { TrustAgeLimits, VenuePolicy } from '../pipeline/venue-policy.ts';
import type { KeyStatus } from '../pipeline/status-data.ts';
import type { Trust } from '../pipeline/trust.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import type { EndpointFault } from './endpoint-fault.ts';
import type { ListFault } from './list-sync.ts';
import { rulesHeld } from './rule-report.ts';
import type { RuleSync } from './rule-sync.ts';
import type { ListReport, TrustReport } from './venue.ts';

/** What there is to tell of besides the trust data itself. */
export interface Circumstances {
  readonly policy: VenuePolicy;
  /** The machine's clock, Unix seconds. */
  readonly now: number;
  readonly imported: boolean;
  readonly exporter: string | null;
  readonly lastAttempt: TrustReport['lastAttempt'];
  readonly faults: readonly EndpointFault[];
  readonly faultOf: (key: { readonly issuer: number; readonly kid: string }) => ListFault | null;
  readonly ruleFaultOf: RuleSync['faultOf'];
}

/** Say how fresh a venue's knowledge is, where it comes from, and what is missing of it. */
export function reportOf(trust: Trust | NoTrust, about: Circumstances): TrustReport {
  const { policy, now, imported, exporter, lastAttempt, faults } = about;
  const common = {
    imported,
    exporter,
    lastAttempt,
    faults,
    online: lastAttempt === null ? null : lastAttempt.code === null,
  };
  if (typeof trust === 'string') {
    const ages = { takenAt: null, ageSeconds: null, blockAgeSeconds: null, freshness: null };
    return {
      ...common,
      ...ages,
      state: trust,
      anchored: false,
      source: null,
      lists: [],
      rules: [],
      successor: null,
    };
  }
  const { source, takenAt, successor } = trust.document;
  return {
    ...common,
    state: 'held',
    anchored: trust.anchored,
    source,
    takenAt,
    ageSeconds: secondsSince(takenAt, now),
    blockAgeSeconds: source.kind === 'chain' ? secondsSince(source.block.time, now) : null,
    freshness: freshnessOf(now - takenAt, limitsFor<TrustAgeLimits>(policy.trustAge, undefined)),
    lists: listsOf(trust).map(({ issuer, ...list }) => ({
      ...list,
      fault: about.faultOf({ issuer, kid: list.kid }),
    })),
    rules: rulesHeld(trust.document, now).map((rules) => ({ ...rules, fault: about.ruleFaultOf(rules) })),
    successor,
  };
}

function secondsSince(time: number, now: number): number {
  return Math.max(0, Math.floor(now - time));
}

function freshnessOf(age: number, { warnSeconds, refuseSeconds }: TrustAgeLimits): TrustReport['freshness'] {
  if (!(age <= refuseSeconds)) return 'stale';
  return age <= warnSeconds ? 'fresh' : 'ageing';
}

type HeldList = Omit<ListReport, 'fault'> & { readonly issuer: number };

/** Once for each trust data: every list is unpacked for it, which the first cards then need not wait for. */
const listsByTrust = new WeakMap<Trust, readonly HeldList[]>();

/** Unpack the lists that a report tells of, and let cards be answered between two of them: together they take a while. */
export async function prepareReport(trust: Trust | NoTrust): Promise<void> {
  if (typeof trust === 'string' || listsByTrust.has(trust)) return;
  const lists: HeldList[] = [];
  try {
    for (const list of heldLists(trust)) {
      lists.push(list);
      await othersFirst();
    }
  } catch {
    // Trust data of which a part does not hold: to say so is the report's.
    return;
  }
  listsByTrust.set(trust, lists);
}

function listsOf(trust: Trust): readonly HeldList[] {
  const lists = listsByTrust.get(trust) ?? [...heldLists(trust)];
  listsByTrust.set(trust, lists);
  return lists;
}

function* heldLists(trust: Trust): Generator<HeldList> {
  const kids = new Set(trust.document.keys.map(({ kid }) => kid));
  for (const kid of kids) {
    for (const { issuer, status, anchor } of trust.entriesOf(kid)) {
      const state = STATE_OF_STATUS[status.kind];
      if (state === null) continue;
      yield { issuer: issuer.id, iss: issuer.iss, kid, state, anchoredAt: anchor?.time ?? null };
    }
  }
}

const STATE_OF_STATUS: Readonly<Record<KeyStatus['kind'], ListReport['state'] | null>> = {
  none: null,
  bits: 'current',
  rids: 'current',
  missing: 'missing',
  stale: 'stale',
  invalid: 'invalid',
};
