import { limitsFor } from '../pipeline/venue-policy.ts';
import type { TrustAgeLimits, VenuePolicy } from '../pipeline/venue-policy.ts';
import type { KeyStatus } from '../pipeline/status-data.ts';
import type { Trust } from '../pipeline/trust.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import type { EndpointFault } from './endpoint-fault.ts';
import type { ListFault } from './list-sync.ts';
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
    const nothing = { anchored: false, source: null, takenAt: null, ageSeconds: null, freshness: null };
    return { ...common, ...nothing, state: trust, lists: [], successor: null };
  }
  const { source, takenAt, successor } = trust.document;
  return {
    ...common,
    state: 'held',
    anchored: trust.anchored,
    source,
    takenAt,
    ageSeconds: Math.max(0, Math.floor(now - takenAt)),
    freshness: freshnessOf(now - takenAt, limitsFor<TrustAgeLimits>(policy.trustAge, undefined)),
    lists: listsOf(trust).map(({ issuer, ...list }) => ({
      ...list,
      fault: about.faultOf({ issuer, kid: list.kid }),
    })),
    successor,
  };
}

function freshnessOf(age: number, { warnSeconds, refuseSeconds }: TrustAgeLimits): TrustReport['freshness'] {
  if (!(age <= refuseSeconds)) return 'stale';
  return age <= warnSeconds ? 'fresh' : 'ageing';
}

type HeldList = Omit<ListReport, 'fault'> & { readonly issuer: number };

/** Once for each trust data: every list is unpacked for it, which the first cards then need not wait for. */
const listsByTrust = new WeakMap<Trust, readonly HeldList[]>();

function listsOf(trust: Trust): readonly HeldList[] {
  const before = listsByTrust.get(trust);
  if (before !== undefined) return before;
  const kids = new Set(trust.document.keys.map(({ kid }) => kid));
  const lists = [...kids].flatMap((kid) =>
    trust.entriesOf(kid).flatMap(({ issuer, status, anchor }) => {
      const state = STATE_OF_STATUS[status.kind];
      if (state === null) return [];
      return [{ issuer: issuer.id, iss: issuer.iss, kid, state, anchoredAt: anchor?.time ?? null }];
    }),
  );
  listsByTrust.set(trust, lists);
  return lists;
}

const STATE_OF_STATUS: Readonly<Record<KeyStatus['kind'], ListReport['state'] | null>> = {
  none: null,
  bits: 'current',
  rids: 'current',
  missing: 'missing',
  stale: 'stale',
  invalid: 'invalid',
};
