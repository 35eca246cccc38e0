import type { Result } from 'ethers';
import { type KeyPossession, lowSignature } from './key-possession.ts';
import { readHead, readLatestBlock } from './log-reader.ts';
import { openRegistry, type RegistryConnection, type Written } from './registry-calls.ts';
import {
  decodeJurisdiction,
  decodeKid,
  encodeCoordinate,
  encodeJurisdiction,
  encodeKid,
  encodeListName,
  ISSUER_STATUS,
  type IssuerStatusName,
  KEY_STATE,
  type KeyStateName,
  REVOCATION,
  type RevocationName,
  wordOf,
} from './registry-encoding.ts';

export { keyPossessionMessage } from './key-possession.ts';

/** Times are Unix seconds; `accreditedUntil` 0 is no end, `controller` null an issuer that is only listed. */
export interface NewIssuer {
  readonly iss: string;
  readonly name: string;
  readonly statusBase: string;
  readonly jurisdiction: string;
  readonly controller: string | null;
  readonly accreditedFrom: number;
  readonly accreditedUntil: number;
  readonly attestations: number;
  readonly status: 'pending' | 'active';
}

/** Coordinates as in the JWK; the signature is the key's ES256 over `keyPossessionMessage`, 64 bytes, s high or low. */
export interface NewKey extends Pick<KeyPossession, 'issuerId' | 'validFrom' | 'validUntil'> {
  readonly x: string;
  readonly y: string;
  readonly revocation: RevocationName;
  readonly signature: Uint8Array;
}

/** `validUntil` 0 is no end. */
export interface ListedKey {
  readonly issuerId: number;
  readonly x: string;
  readonly y: string;
  readonly validUntil: number;
  readonly revocation: RevocationName;
}

/** `list` is a kid, or 0x-hex of 32 bytes; `root` 32 bytes. */
export interface NewAnchor {
  readonly issuerId: number;
  readonly list: string;
  readonly root: Uint8Array;
  readonly counter: number;
  readonly length: number;
  readonly revoked: number;
  readonly final: boolean;
}

export interface IssuerState {
  readonly jurisdiction: string;
  readonly controller: string;
  readonly status: IssuerStatusName;
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

/**
 * Everything each role does with a registry. Every write is tried by `eth_call` first and refused with a sentence
 * (RegistryError REVERTED) if the contract would; it returns when it is in a block.
 */
export interface RegistryClient {
  readonly chainId: number;
  readonly address: string;
  /** The account that sends. */
  sender(): Promise<string>;

  openJurisdiction(code: string, name: string, accreditor: string): Promise<Written>;
  setJurisdictionSuspended(code: string, suspended: boolean, reason: number): Promise<Written>;
  registerIssuer(issuer: NewIssuer): Promise<Written & { readonly issuerId: number }>;
  setIssuerStatus(issuerId: number, status: IssuerStatusName, reason: number): Promise<Written>;
  registerKey(key: NewKey): Promise<Written & { readonly kid: string }>;
  listKey(key: ListedKey): Promise<Written & { readonly kid: string }>;
  retireKey(issuerId: number, kid: string): Promise<Written>;
  compromiseKey(issuerId: number, kid: string): Promise<Written>;
  anchor(anchor: NewAnchor): Promise<Written>;

  logHead(): Promise<{ readonly head: string; readonly size: number; readonly block: number }>;
  governor(): Promise<string>;
  /** 0 if there is none. */
  issuerIdOf(iss: string): Promise<number>;
  issuerOf(issuerId: number): Promise<IssuerState>;
  jurisdictionOf(code: string): Promise<{ readonly accreditor: string; readonly suspended: boolean }>;
  keyOf(issuerId: number, kid: string): Promise<KeyStateOf>;
}

/**
 * Connect to a registry. Nothing is sent before the first write, and no account is needed to read.
 *
 * Throws RegistryError CHAIN_UNAVAILABLE, CHAIN_ANSWER_INVALID, WRONG_CHAIN or NO_REGISTRY.
 */
export async function connectRegistry(connection: RegistryConnection): Promise<RegistryClient> {
  const { rpcUrl, address } = connection;
  const { chainId, sender, view, lensView, write, writeNew } = await openRegistry(connection);

  return {
    chainId,
    address,
    sender,

    openJurisdiction: (code, name, accreditor) =>
      write('openJurisdiction', [encodeJurisdiction(code), name, accreditor]),
    setJurisdictionSuspended: (code, suspended, reason) =>
      write('setJurisdictionSuspended', [encodeJurisdiction(code), suspended, reason]),
    registerIssuer: async (issuer) => {
      const { made, ...written } = await writeNew(
        'registerIssuer',
        [
          {
            ...issuer,
            jurisdiction: encodeJurisdiction(issuer.jurisdiction),
            controller: issuer.controller ?? `0x${'0'.repeat(40)}`,
            status: ISSUER_STATUS.indexOf(issuer.status),
          },
        ],
        'IssuerRegistered',
      );
      return { ...written, issuerId: Number(made['issuerId']) };
    },
    setIssuerStatus: (issuerId, status, reason) =>
      write('setIssuerStatus', [issuerId, ISSUER_STATUS.indexOf(status), reason]),
    registerKey: async (key) => {
      const { r, s } = lowSignature(key.signature);
      const { made, ...written } = await writeNew(
        'registerKey',
        [
          {
            ...key,
            x: encodeCoordinate(key.x, 32),
            y: encodeCoordinate(key.y, 32),
            revocation: REVOCATION.indexOf(key.revocation),
            r,
            s,
          },
        ],
        'KeyRegistered',
      );
      return { ...written, kid: decodeKid(String(made['kid'])) };
    },
    listKey: async (key) => {
      const { made, ...written } = await writeNew(
        'listKeys',
        [
          [
            {
              ...key,
              x: encodeCoordinate(key.x),
              y: encodeCoordinate(key.y),
              revocation: REVOCATION.indexOf(key.revocation),
            },
          ],
        ],
        'KeyListed',
      );
      return { ...written, kid: decodeKid(String(made['kid'])) };
    },
    retireKey: (issuerId, kid) => write('retireKey', [issuerId, encodeKid(kid)]),
    compromiseKey: (issuerId, kid) => write('compromiseKey', [issuerId, encodeKid(kid)]),
    anchor: ({ list, final, ...terms }) =>
      write('anchor', [{ ...terms, list: encodeListName(list), isFinal: final }]),

    logHead: async () => {
      const { number } = await readLatestBlock(rpcUrl);
      return { ...(await readHead(rpcUrl, address, number)), block: number };
    },
    governor: async () => String((await view('defaultAdmin', []))[0]),
    issuerIdOf: async (iss) => Number((await lensView('issuerIdOf', [iss]))[0]),
    issuerOf: async (issuerId) => {
      const issuer = (await lensView('issuerOf', [issuerId]))[0] as Result;
      return {
        jurisdiction: decodeJurisdiction(String(issuer['jurisdiction'])),
        controller: String(issuer['controller']),
        status: wordOf(ISSUER_STATUS, Number(issuer['status'])),
        accreditedFrom: Number(issuer['accreditedFrom']),
        accreditedUntil: Number(issuer['accreditedUntil']),
        attestations: Number(issuer['attestations']),
      };
    },
    jurisdictionOf: async (code) => {
      const jurisdiction = (await lensView('jurisdictionOf', [encodeJurisdiction(code)]))[0] as Result;
      return {
        accreditor: String(jurisdiction['accreditor']),
        suspended: Boolean(jurisdiction['suspended']),
      };
    },
    keyOf: async (issuerId, kid) => {
      const key = (await lensView('keyOf', [issuerId, encodeKid(kid)]))[0] as Result;
      return {
        validFrom: Number(key['validFrom']),
        validUntil: Number(key['validUntil']),
        state: wordOf(KEY_STATE, Number(key['state'])),
        revocation: wordOf(REVOCATION, Number(key['revocation'])),
        listed: Boolean(key['listed']),
      };
    },
  };
}
