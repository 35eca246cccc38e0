import { Interface, type Result } from 'ethers';
import { issuerRegistryAbi } from './abi.ts';
import { moment } from './moment.ts';
import { RegistryError } from './registry-error.ts';
import {
  decodeJurisdiction,
  decodeKid,
  ISSUER_STATUS,
  REVOCATION,
  VENUE_STATUS,
  wordOf,
  ZERO_ADDRESS,
} from './registry-encoding.ts';

const registryInterface = new Interface(issuerRegistryAbi);

/** The custom errors of the registry and of what it inherits. */
export type RefusalName = Extract<(typeof issuerRegistryAbi)[number], { type: 'error' }>['name'];

const NAME_OF_URL =
  'an https URL without port 443, trailing slash, query, fragment, user or percent sign, at most 256 characters';

/** Each of them in words. */
const SENTENCES: Record<RefusalName, (args: Result) => string> = {
  AccessControlBadConfirmation: () => 'A role can be renounced by its holder only.',
  AccessControlEnforcedDefaultAdminDelay: ([schedule]) =>
    `The next governor can take over after ${moment(schedule as bigint)}, not yet.`,
  AccessControlEnforcedDefaultAdminRules: () =>
    'Governing is handed over in two steps; it cannot be granted or taken away.',
  AccessControlInvalidDefaultAdmin: ([account]) =>
    account === ZERO_ADDRESS
      ? 'The zero address cannot govern.'
      : `Account ${text(account)} was not named to govern next.`,
  AccessControlUnauthorizedAccount: ([account]) => `Only the governor may do this; ${text(account)} is not.`,
  AnchorIsFinal: () => 'The last anchor of this list was final; no other can follow.',
  CounterNotRising: ([current, given]) =>
    `The counter of an anchor must rise: it stands at ${text(current)} and ${text(given)} was given.`,
  DelayNotAllowed: ([current, given]) =>
    `The delay of ${text(current)} seconds can only become longer, up to 90 days; ${text(given)} seconds were given.`,
  HoldUnchanged: ([issuerId, held]) =>
    `Issuer ${text(issuerId)} is ${held === true ? 'held already' : 'not held'}.`,
  InstructionExpired: ([deadline]) => `The instruction could be relayed until ${moment(deadline as bigint)}.`,
  InstructionNotSigned: ([signer]) =>
    `The signature is not by ${text(signer)} over this instruction for this registry on this chain.`,
  InvalidAccountNonce: ([account, nonce]) =>
    `The next instruction of ${text(account)} has the nonce ${text(nonce)}; this one has another.`,
  InvalidAnchor: () =>
    'An anchor needs a root, no more revoked cards than the list is long, and counts that numbers can hold exactly.',
  InvalidCoordinate: () => 'A coordinate of a listed key has 1 to 32 bytes.',
  InvalidDid: () =>
    'A DID is did:, its method and an identifier of letters, digits and . - _ : %, at most 512 characters.',
  InvalidIss: () => `The iss must be ${NAME_OF_URL}.`,
  InvalidIssuerStatus: ([from, to]) => `An issuer that is ${status(from)} cannot become ${status(to)}.`,
  InvalidJurisdictionCode: () =>
    'A jurisdiction code is 1 to 32 capital letters, digits and hyphens, such as US-NY; the id of a rule set too.',
  InvalidName: () => 'A name holds no control characters and does not begin with a byte order mark.',
  InvalidNameLength: ([length]) => `A name has 1 to 200 bytes; this one has ${text(length)}.`,
  InvalidRevocation: ([from, to]) =>
    Number(from) === 0
      ? `Cards become revocable by bits or by rids, not by ${method(to)}.`
      : `Cards of this key are revoked by ${method(from)}; another way would forget what was revoked.`,
  InvalidRules: () =>
    'A rule set needs a version that a number can hold exactly, and a beginning in Unix seconds.',
  InvalidUrl: () => `The address must be empty or ${NAME_OF_URL}.`,
  InvalidVenueStatus: ([from, to]) => `A venue that is ${venue(from)} cannot become ${venue(to)}.`,
  InvalidWindow: ([from, until]) =>
    `The window from ${text(from)} until ${text(until)} is empty, endless where it must end, or not in seconds.`,
  IssuerExists: ([issuerId]) => `This iss is registered already, as issuer ${text(issuerId)}.`,
  IssuerHasController: ([issuerId]) =>
    `Issuer ${text(issuerId)} has a controller, who registers its keys with a proof; none can be listed for it.`,
  IssuerHeld: ([issuerId]) =>
    `Issuer ${text(issuerId)} is held by a guardian or the governor; only the governor lifts that.`,
  IssuerNotActive: ([issuerId, state]) =>
    `Issuer ${text(issuerId)} is ${status(state)}; this cannot be done.`,
  JurisdictionExists: ([code]) => `Jurisdiction ${jurisdiction(code)} is open already.`,
  JurisdictionSuspended: ([code]) =>
    `Jurisdiction ${jurisdiction(code)} is suspended; until that is lifted, trust can only be lowered in it.`,
  KeyExists: ([issuerId, kid]) => `Issuer ${text(issuerId)} has key ${decodeKid(text(kid))} already.`,
  KeyIsBurned: ([kid]) => `Key ${decodeKid(text(kid))} was burned by its own signature; that is final.`,
  KeyIsCompromised: ([, kid]) => `Key ${decodeKid(text(kid))} was reported stolen; that is final.`,
  KeyIsRetired: ([, kid]) => `Key ${decodeKid(text(kid))} is retired already.`,
  NotAccreditor: ([code, caller]) =>
    `Only the accreditor of ${jurisdiction(code)} may do this; ${text(caller)} is not.`,
  NotController: ([issuerId, caller]) =>
    `Only who controls issuer ${text(issuerId)} may do this; ${text(caller)} does not.`,
  NotGuardian: ([caller]) =>
    `The governor and guardians may suspend, the governor alone may lift that; ${text(caller)} may not.`,
  NothingAnchored: ([issuerId]) => `Issuer ${text(issuerId)} has anchored nothing of this list yet.`,
  NotOffered: ([issuerId, caller]) =>
    `Issuer ${text(issuerId)} is not offered to a jurisdiction that ${text(caller)} accredits in.`,
  NotProposed: ([caller, notBefore]) =>
    `Account ${text(caller)} was not proposed to take over${notBefore === 0n ? '' : `, or it is before ${moment(notBefore as bigint)}`}.`,
  OfferedByGovernor: ([issuerId]) =>
    `Issuer ${text(issuerId)} was offered by the governor; its accreditor cannot change that.`,
  PointNotOnCurve: () => 'The coordinates are not a point of P-256.',
  PossessionNotProven: ([kid]) =>
    `The signature is not by key ${decodeKid(text(kid))} over this message for this registry and chain.`,
  ProposedFromAbove: ([account]) =>
    `Account ${text(account)} was proposed from above; who is to be replaced cannot change that.`,
  RoleNotOffered: ([, account, notBefore]) =>
    notBefore === 0n
      ? `No role was offered to ${text(account)}.`
      : `The role can be accepted from ${moment(notBefore as bigint)} on, not yet.`,
  SuspensionUnchanged: ([code, suspended]) =>
    `Jurisdiction ${jurisdiction(code)} is ${suspended === true ? 'suspended already' : 'not suspended'}.`,
  UnknownIssuer: ([issuerId]) => `There is no issuer ${text(issuerId)}.`,
  UnknownJurisdiction: ([code]) => `There is no jurisdiction ${jurisdiction(code)}.`,
  UnknownKey: ([issuerId, kid]) => `Issuer ${text(issuerId)} has no key ${decodeKid(text(kid))}.`,
  UnknownVenue: ([venueId]) => `There is no venue ${text(venueId)}.`,
  VenueExists: ([venueId]) => `The jurisdiction has registered this DID already, as venue ${text(venueId)}.`,
  VersionNotRising: ([current, given]) =>
    `The version of a rule set must rise: it stands at ${text(current)} and ${text(given)} was given.`,
  ZeroAddress: () => 'The zero address cannot hold a role.',
};

/** The REVERTED error for what the contract reverted with (0x-hex), in words. */
export function refusalFrom(data: string): RegistryError {
  try {
    const parsed = registryInterface.parseError(data);
    if (parsed !== null && isRefusalName(parsed.name)) {
      // ethers throws for a text that is not UTF-8 no earlier than here.
      const refusal = { name: parsed.name, args: parsed.args.toArray() };
      return new RegistryError('REVERTED', SENTENCES[parsed.name](parsed.args), refusal);
    }
  } catch {
    // A node can send anything for an error's data.
  }
  return new RegistryError('REVERTED', 'The registry refuses this transaction and gives no reason.');
}

function isRefusalName(name: string): name is RefusalName {
  return Object.hasOwn(SENTENCES, name);
}

function text(value: unknown): string {
  return String(value);
}

function status(value: unknown): string {
  return wordOf(ISSUER_STATUS, Number(value));
}

function venue(value: unknown): string {
  return wordOf(VENUE_STATUS, Number(value));
}

function method(value: unknown): string {
  return wordOf(REVOCATION, Number(value));
}

function jurisdiction(value: unknown): string {
  return decodeJurisdiction(text(value));
}
