import type { RegistryCalls, Written } from './registry-calls.ts';
import { decodeAddress, encodeAddress, encodeJurisdiction } from './registry-encoding.ts';

/** Who is to take over, from when on, in Unix seconds. */
export interface Proposed extends Written {
  /** Null if a proposal was withdrawn. */
  readonly account: string | null;
  readonly notBefore: number;
  /** Over the head of who holds the role, who cannot undo it. */
  readonly fromAbove: boolean;
}

/** What the governor and its guardians do; `reason` is a number of `REASONS` or of the sender's own. */
export interface GovernanceWrites {
  /** Governor: name the next, who may accept after the delay. */
  proposeGovernor(next: string): Promise<Written & { readonly notBefore: number }>;
  /** The next governor. */
  acceptGovernor(): Promise<Written>;
  /** Governor: take back who was named. */
  cancelGovernor(): Promise<Written>;
  /** Governor: a longer delay, in seconds, from `notBefore` on. */
  changeDelay(seconds: number): Promise<Written & { readonly notBefore: number }>;
  /** Governor: take back a delay that does not hold yet. */
  cancelDelay(): Promise<Written>;

  /** Governor: offer an account to be guardian, which may accept after the delay. */
  offerGuardian(account: string): Promise<Written & { readonly notBefore: number }>;
  /** Governor: end a guardian, or the offer to be one. */
  revokeGuardian(account: string): Promise<Written>;
  acceptGuardian(): Promise<Written>;
  /** A guardian: be one no longer. */
  renounceGuardian(): Promise<Written>;

  openJurisdiction(code: string, name: string, accreditor: string): Promise<Written>;
  /** Suspend: governor or guardian. Lift: governor. */
  setJurisdictionSuspended(code: string, suspended: boolean, reason: number): Promise<Written>;
  /** Suspend: governor or guardian. Lift: governor. */
  setIssuerHeld(issuerId: number, held: boolean, reason: number): Promise<Written>;
  /** Accreditor, at once; or governor, after the delay. Null withdraws. */
  proposeAccreditor(code: string, next: string | null): Promise<Proposed>;
  /** The proposed accreditor. */
  acceptAccreditor(code: string): Promise<Written>;
  /** Governor; null takes an announcement back. */
  announceSuccessor(chainId: number, registry: string | null): Promise<Written>;
}

const GUARDIAN = 'GUARDIAN';

export function governanceWrites(calls: RegistryCalls): GovernanceWrites {
  const { view, write, writeNew, sender } = calls;
  const guardian = async (): Promise<string> => String((await view(GUARDIAN, []))[0]);

  return {
    proposeGovernor: async (next) => {
      const written = await write('beginDefaultAdminTransfer', [encodeAddress(next)]);
      return { ...written, notBefore: Number((await view('pendingDefaultAdmin', []))[1]) };
    },
    acceptGovernor: () => write('acceptDefaultAdminTransfer', []),
    cancelGovernor: () => write('cancelDefaultAdminTransfer', []),
    changeDelay: async (seconds) => {
      const written = await write('changeDefaultAdminDelay', [seconds]);
      return { ...written, notBefore: Number((await view('pendingDefaultAdminDelay', []))[1]) };
    },
    cancelDelay: () => write('rollbackDefaultAdminDelay', []),

    offerGuardian: async (account) => {
      const args = [await guardian(), encodeAddress(account)];
      const { made, ...written } = await writeNew('grantRole', args, 'RoleOffered');
      return { ...written, notBefore: Number(made['notBefore']) };
    },
    revokeGuardian: async (account) => write('revokeRole', [await guardian(), encodeAddress(account)]),
    acceptGuardian: async () => write('acceptRole', [await guardian()]),
    renounceGuardian: async () => write('renounceRole', [await guardian(), await sender()]),

    openJurisdiction: async (code, name, accreditor) =>
      write('openJurisdiction', [encodeJurisdiction(code), name, encodeAddress(accreditor)]),
    setJurisdictionSuspended: async (code, suspended, reason) =>
      write('setJurisdictionSuspended', [encodeJurisdiction(code), suspended, reason]),
    setIssuerHeld: (issuerId, held, reason) => write('setIssuerHeld', [issuerId, held, reason]),
    proposeAccreditor: async (code, next) => {
      const args = [encodeJurisdiction(code), encodeAddress(next)];
      const { made, ...written } = await writeNew('proposeAccreditor', args, 'AccreditorProposed');
      return { ...written, ...proposalOf(made.toObject()) };
    },
    acceptAccreditor: async (code) => write('acceptAccreditor', [encodeJurisdiction(code)]),
    announceSuccessor: async (chainId, registry) =>
      write('announceSuccessor', [chainId, encodeAddress(registry)]),
  };
}

/** A proposal as an event or a view tells it. */
export function proposalOf(terms: Readonly<Record<string, unknown>>): Omit<Proposed, keyof Written> {
  return {
    account: decodeAddress(String(terms['account'])),
    notBefore: Number(terms['notBefore']),
    fromAbove: Boolean(terms['fromAbove']),
  };
}
