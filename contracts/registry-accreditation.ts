import { writeInBatches } from './registry-batches.ts';
import type { RegistryCalls, Written } from './registry-calls.ts';
import {
  decodeKid,
  encodeDigest,
  encodeJurisdiction,
  encodeListName,
  encodeRulesId,
  ISSUER_STATUS,
  type IssuerStatusName,
  VENUE_STATUS,
  type VenueStatusName,
} from './registry-encoding.ts';
import { issuerTerms, type ListedKey, listedKeyTerms, type NewIssuer } from './registry-terms.ts';

/** What an accreditor states of an issuer anew; `accreditedUntil` 0 is no end. */
export interface IssuerUpdate {
  readonly name: string;
  readonly accreditedFrom: number;
  readonly accreditedUntil: number;
  readonly attestations: number;
}

/** A version of a rule set; `digest` is 0x-hex of 32 bytes, null the end of the rule set. */
export interface RulesVersion {
  readonly jurisdiction: string;
  readonly id: string;
  readonly version: number;
  readonly validFrom: number;
  readonly digest: string | null;
  readonly uri: string;
}

/** Told how many of how many are in a block by now. */
export type Told = (done: number, of: number) => void;

/** What the accreditor of a jurisdiction does. */
export interface AccreditationWrites {
  registerIssuer(issuer: NewIssuer): Promise<Written & { readonly issuerId: number }>;
  /** In as many transactions as it takes; the numbers in the order given. */
  listIssuers(
    issuers: readonly NewIssuer[],
    told?: Told,
  ): Promise<{ readonly issuerIds: number[]; readonly transactions: Written[] }>;
  updateIssuer(issuerId: number, update: IssuerUpdate): Promise<Written>;
  setIssuerStatus(issuerId: number, status: IssuerStatusName, reason: number): Promise<Written>;
  /** At once; by the governor over its accreditor's head, after the delay. Null withdraws the offer. */
  offerIssuer(
    issuerId: number,
    jurisdiction: string | null,
  ): Promise<Written & { readonly notBefore: number }>;
  /** The accreditor of the jurisdiction it is offered to. */
  acceptIssuer(issuerId: number): Promise<Written>;
  /** In as many transactions as it takes; the kids in the order given. */
  listKeys(
    keys: readonly ListedKey[],
    told?: Told,
  ): Promise<{ readonly kids: string[]; readonly transactions: Written[] }>;
  /** Say that the last anchor still stands; `list` is a kid, or 0x-hex of 32 bytes. */
  renewAnchor(issuerId: number, list: string): Promise<Written>;

  registerVenue(
    jurisdiction: string,
    did: string,
    name: string,
  ): Promise<Written & { readonly venueId: number }>;
  renameVenue(venueId: number, name: string): Promise<Written>;
  setVenueStatus(venueId: number, status: VenueStatusName, reason: number): Promise<Written>;
  publishRules(rules: RulesVersion): Promise<Written>;
}

/** 32 bytes of zeros: no jurisdiction, or no digest. */
const NOTHING = `0x${'0'.repeat(64)}`;

export function accreditationWrites(calls: RegistryCalls): AccreditationWrites {
  const { write, writeNew } = calls;
  return {
    registerIssuer: async (issuer) => {
      const { made, ...written } = await writeNew(
        'registerIssuer',
        [issuerTerms(issuer)],
        'IssuerRegistered',
      );
      return { ...written, issuerId: Number(made['issuerId']) };
    },
    listIssuers: async (issuers, told) => {
      const terms = issuers.map((issuer) => issuerTerms(issuer));
      const { made, transactions } = await writeInBatches(
        calls,
        { write: 'listIssuers', event: 'IssuerRegistered', each: 'issuer', identity: ['iss'] },
        terms,
        told,
      );
      return { issuerIds: made.map((each) => Number(each['issuerId'])), transactions };
    },
    updateIssuer: (issuerId, { accreditedFrom, accreditedUntil, attestations, name }) =>
      write('updateIssuer', [issuerId, accreditedFrom, accreditedUntil, attestations, name]),
    setIssuerStatus: (issuerId, status, reason) =>
      write('setIssuerStatus', [issuerId, ISSUER_STATUS.indexOf(status), reason]),
    offerIssuer: async (issuerId, jurisdiction) => {
      const code = jurisdiction === null ? NOTHING : encodeJurisdiction(jurisdiction);
      const { made, ...written } = await writeNew('offerIssuer', [issuerId, code], 'IssuerOffered');
      return { ...written, notBefore: Number(made['notBefore']) };
    },
    acceptIssuer: (issuerId) => write('acceptIssuer', [issuerId]),
    listKeys: async (keys, told) => {
      const terms = keys.map((key) => listedKeyTerms(key));
      const { made, transactions } = await writeInBatches(
        calls,
        { write: 'listKeys', event: 'KeyListed', each: 'key', identity: ['issuerId', 'x', 'y'] },
        terms,
        told,
      );
      return { kids: made.map((each) => decodeKid(String(each['kid']))), transactions };
    },
    renewAnchor: async (issuerId, list) => write('renewAnchor', [issuerId, encodeListName(list)]),

    registerVenue: async (jurisdiction, did, name) => {
      const args = [encodeJurisdiction(jurisdiction), did, name];
      const { made, ...written } = await writeNew('registerVenue', args, 'VenueRegistered');
      return { ...written, venueId: Number(made['venueId']) };
    },
    renameVenue: (venueId, name) => write('renameVenue', [venueId, name]),
    setVenueStatus: (venueId, status, reason) =>
      write('setVenueStatus', [venueId, VENUE_STATUS.indexOf(status), reason]),
    publishRules: async ({ jurisdiction, id, version, validFrom, digest, uri }) =>
      write('publishRules', [
        encodeJurisdiction(jurisdiction),
        encodeRulesId(id),
        version,
        validFrom,
        digest === null ? NOTHING : encodeDigest(digest, 'The digest of a rule set'),
        uri,
      ]),
  };
}
