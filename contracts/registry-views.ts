import type { Result } from 'ethers';
import { invalidAnswer } from './json-rpc.ts';
import { type AnchorReading, readAnchors, readHead, readLatestBlock } from './log-reader.ts';
import type { RegistryCalls } from './registry-calls.ts';
import { type Proposed, proposalOf } from './registry-governance.ts';
import {
  decodeAddress,
  decodeJurisdiction,
  encodeAddress,
  encodeJurisdiction,
  encodeKid,
  encodeListName,
  encodeRulesId,
  ISSUER_STATUS,
  type IssuerStatusName,
  KEY_STATE,
  type KeyStateName,
  REVOCATION,
  type RevocationName,
  VENUE_STATUS,
  type VenueStatusName,
  wordOf,
} from './registry-encoding.ts';

/** Who is to take over; `account` null if nobody is proposed. */
export type Proposal = Pick<Proposed, 'account' | 'notBefore' | 'fromAbove'>;

/** To which jurisdiction an issuer is offered, null for none; by the governor over its accreditor's head, or not. */
export interface Offer {
  readonly jurisdiction: string | null;
  readonly byGovernor: boolean;
  /** From when on it may be accepted, Unix seconds. */
  readonly notBefore: number;
}

export interface IssuerState {
  readonly jurisdiction: string;
  /** The zero address for an issuer that is only listed. */
  readonly controller: string;
  /** The account that may anchor beside the controller, null for none. */
  readonly operator: string | null;
  readonly status: IssuerStatusName;
  /** Suspended by a guardian or the governor, whatever its status. */
  readonly held: boolean;
  readonly accreditedFrom: number;
  readonly accreditedUntil: number;
  readonly attestations: number;
}

export interface KeyStateOf {
  readonly validFrom: number;
  readonly validUntil: number;
  readonly state: KeyStateName;
  readonly revocation: RevocationName;
  readonly listed: boolean;
}

/** Who governs, and what is going to change; times in Unix seconds, 0 for never. */
export interface GovernanceState {
  readonly governor: string;
  readonly next: { readonly account: string; readonly notBefore: number } | null;
  /** Seconds. */
  readonly delay: number;
  readonly nextDelay: { readonly delay: number; readonly notBefore: number } | null;
}

/** What the registry holds, as one node tells it at its latest block. */
export interface RegistryViews {
  logHead(): Promise<{ readonly head: string; readonly size: number; readonly block: number }>;
  governor(): Promise<string>;
  governance(): Promise<GovernanceState>;
  isGuardian(account: string): Promise<boolean>;
  /** From when on an account may accept to be guardian, in Unix seconds; 0 if it was not offered. */
  guardianOfferOf(account: string): Promise<number>;
  jurisdictionOf(code: string): Promise<{ readonly accreditor: string; readonly suspended: boolean }>;
  accreditorProposalOf(code: string): Promise<Proposal>;
  /** 0 if there is none. */
  issuerIdOf(iss: string): Promise<number>;
  issuerOf(issuerId: number): Promise<IssuerState>;
  controllerProposalOf(issuerId: number): Promise<Proposal>;
  transferOfferOf(issuerId: number): Promise<Offer>;
  keyOf(issuerId: number, kid: string): Promise<KeyStateOf>;
  isBurned(kid: string): Promise<boolean>;
  /** Whether a card of this `iss`, signed by this key and issued at `nbf` (Unix seconds), has a trusted issuer. */
  isTrusted(iss: string, kid: string, nbf: number): Promise<boolean>;
  /** `list` is a kid, or 0x-hex of 32 bytes; counter 0 if nothing of it is anchored. */
  anchorOf(issuerId: number, list: string): Promise<AnchorReading>;
  /** Of many lists at one block, in the order asked. */
  anchorsOf(
    refs: readonly { readonly issuerId: number; readonly list: string }[],
  ): Promise<readonly AnchorReading[]>;
  /** 0 if there is none. */
  venueIdOf(jurisdiction: string, did: string): Promise<number>;
  venueOf(venueId: number): Promise<{ readonly jurisdiction: string; readonly status: VenueStatusName }>;
  /** Version 0 if there is none; a digest of zeros if the rule set was ended. */
  rulesOf(
    jurisdiction: string,
    id: string,
  ): Promise<{ readonly digest: string; readonly version: number; readonly validFrom: number }>;
  /** The nonce of the next instruction that an account signs. */
  nonceOf(account: string): Promise<number>;
}

export function registryViews(calls: RegistryCalls): RegistryViews {
  const { rpcUrl, address, view, lensView } = calls;
  const record = async (...asked: Parameters<typeof lensView>): Promise<Record<string, unknown>> =>
    ((await lensView(...asked))[0] as Result).toObject();
  const number = async (...asked: Parameters<typeof lensView>): Promise<number> =>
    Number((await lensView(...asked))[0]);
  const anchorsOf: RegistryViews['anchorsOf'] = async (refs) => {
    const named = refs.map(({ issuerId, list }) => ({ issuerId, list: encodeListName(list) }));
    const block = await readLatestBlock(rpcUrl);
    return (await readAnchors(rpcUrl, address, named, block.number)).anchors;
  };
  const guardian = async (): Promise<string> => String((await view('GUARDIAN', []))[0]);

  return {
    logHead: async () => {
      const block = await readLatestBlock(rpcUrl);
      return { ...(await readHead(rpcUrl, address, block.number)), block: block.number };
    },
    governor: async () => String((await view('defaultAdmin', []))[0]),
    governance: async () => {
      const [governor] = await view('defaultAdmin', []);
      const [delay] = await view('defaultAdminDelay', []);
      const [next, nextFrom] = await view('pendingDefaultAdmin', []);
      const [nextDelay, delayFrom] = await view('pendingDefaultAdminDelay', []);
      const account = decodeAddress(String(next));
      return {
        governor: String(governor),
        next: account === null ? null : { account, notBefore: Number(nextFrom) },
        delay: Number(delay),
        nextDelay: delayFrom === 0n ? null : { delay: Number(nextDelay), notBefore: Number(delayFrom) },
      };
    },
    isGuardian: async (account) =>
      Boolean((await view('hasRole', [await guardian(), encodeAddress(account)]))[0]),
    guardianOfferOf: async (account) => number('roleOfferOf', [await guardian(), encodeAddress(account)]),
    jurisdictionOf: async (code) => {
      const { accreditor, suspended } = await record('jurisdictionOf', [encodeJurisdiction(code)]);
      return { accreditor: String(accreditor), suspended: Boolean(suspended) };
    },
    accreditorProposalOf: async (code) =>
      proposalOf(await record('accreditorProposalOf', [encodeJurisdiction(code)])),
    issuerIdOf: async (iss) => number('issuerIdOf', [iss]),
    issuerOf: async (issuerId) => {
      const issuer = await record('issuerOf', [issuerId]);
      return {
        jurisdiction: decodeJurisdiction(String(issuer['jurisdiction'])),
        controller: String(issuer['controller']),
        operator: decodeAddress(String(issuer['operator'])),
        status: wordOf(ISSUER_STATUS, Number(issuer['status'])),
        held: Boolean(issuer['held']),
        accreditedFrom: Number(issuer['accreditedFrom']),
        accreditedUntil: Number(issuer['accreditedUntil']),
        attestations: Number(issuer['attestations']),
      };
    },
    controllerProposalOf: async (issuerId) => proposalOf(await record('controllerProposalOf', [issuerId])),
    transferOfferOf: async (issuerId) => {
      const [code, byGovernor, notBefore] = await lensView('transferOfferOf', [issuerId]);
      return {
        jurisdiction: decodeJurisdiction(String(code)) || null,
        byGovernor: Boolean(byGovernor),
        notBefore: Number(notBefore),
      };
    },
    keyOf: async (issuerId, kid) => {
      const key = await record('keyOf', [issuerId, encodeKid(kid)]);
      return {
        validFrom: Number(key['validFrom']),
        validUntil: Number(key['validUntil']),
        state: wordOf(KEY_STATE, Number(key['state'])),
        revocation: wordOf(REVOCATION, Number(key['revocation'])),
        listed: Boolean(key['listed']),
      };
    },
    isBurned: async (kid) => Boolean((await lensView('isBurned', [encodeKid(kid)]))[0]),
    isTrusted: async (iss, kid, nbf) => Boolean((await lensView('isTrusted', [iss, encodeKid(kid), nbf]))[0]),
    anchorOf: async (issuerId, list) =>
      (await anchorsOf([{ issuerId, list }]))[0] ?? invalidAnswer('one anchor for each that was asked'),
    anchorsOf,
    venueIdOf: async (jurisdiction, did) => number('venueIdOf', [encodeJurisdiction(jurisdiction), did]),
    venueOf: async (venueId) => {
      const { jurisdiction, status } = await record('venueOf', [venueId]);
      return {
        jurisdiction: decodeJurisdiction(String(jurisdiction)),
        status: wordOf(VENUE_STATUS, Number(status)),
      };
    },
    rulesOf: async (jurisdiction, id) => {
      const rules = await record('rulesOf', [encodeJurisdiction(jurisdiction), encodeRulesId(id)]);
      return {
        digest: String(rules['digest']),
        version: Number(rules['version']),
        validFrom: Number(rules['validFrom']),
      };
    },
    nonceOf: async (account) => Number((await view('nonces', [encodeAddress(account)]))[0]),
  };
}
