import { paddedCoordinate } from './key-burn.ts';
import type { Landing } from './landing.ts';
import { lowSignature } from './key-possession.ts';
import type { RegistryCalls, Written } from './registry-calls.ts';
import { type Proposed, proposalOf } from './registry-governance.ts';
import { decodeKid, encodeAddress, encodeKid, REVOCATION, type RevocationName } from './registry-encoding.ts';
import { anchorTerms, keyTerms, type NewAnchor, type NewKey } from './registry-terms.ts';

/** A point to end; coordinates as published, the signature its ES256 over `keyBurnMessage`, 64 bytes, s high or low. */
export interface BurnedKey {
  /** Any issuer that has the key. */
  readonly issuerId: number;
  readonly x: string;
  readonly y: string;
  readonly signature: Uint8Array;
}

/** What the controller of an issuer does, or for an issuer without controller the accreditor that listed it. */
export interface IssuingWrites {
  /** Controller only. */
  registerKey(key: NewKey): Promise<Written & { readonly kid: string }>;
  setKeyRevocation(issuerId: number, kid: string, revocation: RevocationName): Promise<Written>;
  retireKey(issuerId: number, kid: string): Promise<Written>;
  /** Controller, and accreditor in any case. */
  compromiseKey(issuerId: number, kid: string): Promise<Written>;
  /** Anybody. */
  burnKey(key: BurnedKey): Promise<Written>;
  /** Also the operator. */
  anchor(anchor: NewAnchor): Promise<Written>;
  /** The same, seen into a block whatever becomes of a transaction; undefined if somebody else wrote it. */
  landAnchor(anchor: NewAnchor, landing: Landing): Promise<Written | undefined>;

  /** An empty one if it publishes no status data any more. */
  setStatusBase(issuerId: number, statusBase: string): Promise<Written>;
  /** Null for none. */
  setOperator(issuerId: number, operator: string | null): Promise<Written>;
  /** At once; by the accreditor of an issuer that has a controller, after the governor's delay. Null withdraws. */
  proposeController(issuerId: number, next: string | null): Promise<Proposed>;
  /** The proposed controller. */
  acceptController(issuerId: number): Promise<Written>;
}

export function issuingWrites({ write, writeNew, land }: RegistryCalls): IssuingWrites {
  return {
    registerKey: async (key) => {
      const { made, ...written } = await writeNew('registerKey', [keyTerms(key)], 'KeyRegistered');
      return { ...written, kid: decodeKid(String(made['kid'])) };
    },
    setKeyRevocation: async (issuerId, kid, revocation) =>
      write('setKeyRevocation', [issuerId, encodeKid(kid), REVOCATION.indexOf(revocation)]),
    retireKey: async (issuerId, kid) => write('retireKey', [issuerId, encodeKid(kid)]),
    compromiseKey: async (issuerId, kid) => write('compromiseKey', [issuerId, encodeKid(kid)]),
    burnKey: async ({ issuerId, x, y, signature }) => {
      const { r, s } = lowSignature(signature);
      return write('burnKey', [issuerId, paddedCoordinate(x), paddedCoordinate(y), r, s]);
    },
    anchor: async (anchor) => write('anchor', [anchorTerms(anchor)]),
    landAnchor: async (anchor, landing) => land('anchor', [anchorTerms(anchor)], landing),

    setStatusBase: (issuerId, statusBase) => write('setStatusBase', [issuerId, statusBase]),
    setOperator: async (issuerId, operator) => write('setOperator', [issuerId, encodeAddress(operator)]),
    proposeController: async (issuerId, next) => {
      const args = [issuerId, encodeAddress(next)];
      const { made, ...written } = await writeNew('proposeController', args, 'ControllerProposed');
      return { ...written, ...proposalOf(made.toObject()) };
    },
    acceptController: (issuerId) => write('acceptController', [issuerId]),
  };
}
