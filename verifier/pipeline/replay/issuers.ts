import type { IssuerStatus } from '../trust-document.ts';
import { exactly, seconds, shortText, wordOf } from './log-event.ts';
import type { Rows } from './log-event.ts';
import { introduce, known, malformed } from './projection.ts';

/** IIssuerRegistry.IssuerStatus, by number. */
const STATUS: readonly (IssuerStatus | undefined)[] = [
  undefined,
  'pending',
  'active',
  'suspended',
  'retired',
  'withdrawn',
];

/** Where an issuer can go from where it is: nobody comes back from an end. */
const NEXT: Readonly<Record<IssuerStatus, readonly IssuerStatus[]>> = {
  // Retired, the cards of one that was never accredited would become good.
  pending: ['active', 'withdrawn'],
  active: ['suspended', 'retired', 'withdrawn'],
  suspended: ['active', 'retired', 'withdrawn'],
  retired: ['withdrawn'],
  withdrawn: [],
};

/** Who controls an issuer, and who anchors for it, is not projected: nothing is decided by it, and the log has it. */
export const ISSUER_EVENTS: Rows<
  | 'IssuerRegistered'
  | 'IssuerStatusChanged'
  | 'IssuerHoldChanged'
  | 'IssuerUpdated'
  | 'IssuerStatusBaseChanged'
  | 'IssuerControllerChanged'
  | 'IssuerOperatorChanged'
  | 'IssuerTransferred'
> = {
  IssuerRegistered(event, { jurisdictions, issuers }) {
    const id = exactly(event.issuerId);
    const status = wordOf(STATUS, event.status);
    if (status !== 'pending' && status !== 'active') throw malformed('A new issuer is pending or active.');
    introduce(issuers, id, {
      id,
      did: event.did,
      iss: event.iss,
      name: event.name,
      jurisdiction: known(jurisdictions, shortText(event.jurisdiction)).code,
      status,
      held: false,
      accreditedFrom: seconds(event.accreditedFrom),
      accreditedUntil: seconds(event.accreditedUntil),
      attestations: event.attestations,
      statusBase: event.statusBase,
    });
  },

  IssuerStatusChanged(event, { issuers }) {
    const issuer = known(issuers, exactly(event.issuerId));
    const status = wordOf(STATUS, event.status);
    if (!NEXT[issuer.status].includes(status)) {
      throw malformed('A log event moves an issuer where it cannot go.');
    }
    const accreditedUntil =
      status === 'retired' ? endedAt(issuer.accreditedUntil, seconds(event.time)) : issuer.accreditedUntil;
    issuers.set(issuer.id, { ...issuer, status, accreditedUntil });
  },

  IssuerHoldChanged({ issuerId, held }, { issuers }) {
    const issuer = known(issuers, exactly(issuerId));
    issuers.set(issuer.id, { ...issuer, held });
  },

  IssuerUpdated(event, { issuers }) {
    const issuer = known(issuers, exactly(event.issuerId));
    // A later end of accreditation would bring it back.
    if (issuer.status === 'retired' || issuer.status === 'withdrawn') {
      throw malformed('A log event states anew what was ended.');
    }
    issuers.set(issuer.id, {
      ...issuer,
      name: event.name,
      accreditedFrom: seconds(event.accreditedFrom),
      accreditedUntil: seconds(event.accreditedUntil),
      attestations: event.attestations,
    });
  },

  IssuerStatusBaseChanged({ issuerId, statusBase }, { issuers, formerStatusBases }) {
    const issuer = known(issuers, exactly(issuerId));
    const former = formerStatusBases.get(issuer.id);
    if (former === undefined) formerStatusBases.set(issuer.id, new Set([issuer.statusBase]));
    else former.add(issuer.statusBase);
    issuers.set(issuer.id, { ...issuer, statusBase });
  },

  IssuerControllerChanged({ issuerId }, { issuers }) {
    known(issuers, exactly(issuerId));
  },

  IssuerOperatorChanged({ issuerId }, { issuers }) {
    known(issuers, exactly(issuerId));
  },

  IssuerTransferred({ issuerId, jurisdiction }, { jurisdictions, issuers }) {
    const issuer = known(issuers, exactly(issuerId));
    issuers.set(issuer.id, {
      ...issuer,
      jurisdiction: known(jurisdictions, shortText(jurisdiction)).code,
    });
  },
};

/** Who retires issues no more; an accreditation that ended before keeps its end. */
function endedAt(until: number, time: number): number {
  if (time === 0) throw malformed('An issuer retires without a time.');
  return until === 0 || until > time ? time : until;
}
