import { Interface, type Result } from 'ethers';
import { issuerRegistryAbi } from './abi.ts';
import { RegistryError } from './registry-error.ts';
import { decodeJurisdiction, decodeKid, ISSUER_STATUS, wordOf } from './registry-encoding.ts';

const registryInterface = new Interface(issuerRegistryAbi);

type RefusalName = Extract<(typeof issuerRegistryAbi)[number], { type: 'error' }>['name'];

/** Every custom error of the registry, in words. */
const SENTENCES: Record<RefusalName, (args: Result) => string> = {
  AccessControlInvalidDefaultAdmin: () => 'The zero address cannot govern.',
  AccessControlUnauthorizedAccount: ([account]) => `Only the governor may do this; ${text(account)} is not.`,
  AnchorIsFinal: () => 'The last anchor of this list was final; no other can follow.',
  CounterNotRising: ([current, given]) =>
    `The counter of an anchor must rise: it stands at ${text(current)} and ${text(given)} was given.`,
  InvalidAnchor: () =>
    'An anchor needs a root, no more revoked cards than the list is long, and counts that numbers can hold exactly.',
  InvalidCoordinate: () => 'A coordinate of a listed key has 1 to 32 bytes.',
  InvalidIss: () =>
    'The iss must be an https URL without port 443, trailing slash, query, fragment, user or percent sign, at most 256 characters.',
  InvalidIssuerStatus: ([from, to]) => `An issuer that is ${status(from)} cannot become ${status(to)}.`,
  InvalidJurisdictionCode: () =>
    'A jurisdiction code is 1 to 32 capital letters, digits and hyphens, such as US-NY.',
  InvalidName: () => 'A name holds no control characters and does not begin with a byte order mark.',
  InvalidNameLength: ([length]) => `A name has 1 to 200 bytes; this one has ${text(length)}.`,
  InvalidStatusBase: () => 'The status base must be empty or an https URL of the same kind as an iss.',
  InvalidWindow: ([from, until]) =>
    `The window from ${text(from)} until ${text(until)} is empty, endless where it must end, or not in seconds.`,
  IssuerExists: ([issuerId]) => `This iss is registered already, as issuer ${text(issuerId)}.`,
  IssuerHasController: ([issuerId]) =>
    `Issuer ${text(issuerId)} has a controller, who registers its keys with a proof; none can be listed for it.`,
  IssuerNotActive: ([issuerId, state]) =>
    `Issuer ${text(issuerId)} is ${status(state)}; this cannot be done.`,
  JurisdictionExists: ([code]) => `Jurisdiction ${jurisdiction(code)} is open already.`,
  JurisdictionSuspended: ([code]) =>
    `Jurisdiction ${jurisdiction(code)} is suspended; until that is lifted, trust can only be lowered in it.`,
  KeyExists: ([issuerId, kid]) => `Issuer ${text(issuerId)} has key ${decodeKid(text(kid))} already.`,
  KeyIsCompromised: ([, kid]) => `Key ${decodeKid(text(kid))} was reported stolen; that is final.`,
  KeyIsRetired: ([, kid]) => `Key ${decodeKid(text(kid))} is retired already.`,
  NotAccreditor: ([code, caller]) =>
    `Only the accreditor of ${jurisdiction(code)} may do this; ${text(caller)} is not.`,
  NotController: ([issuerId, caller]) =>
    `Only the controller of issuer ${text(issuerId)} may do this; ${text(caller)} is not.`,
  PointNotOnCurve: () => 'The coordinates are not a point of P-256.',
  PossessionNotProven: ([kid]) =>
    `The signature does not prove possession of key ${decodeKid(text(kid))} for this issuer, registry, chain and window.`,
  SuspensionUnchanged: ([code, suspended]) =>
    `Jurisdiction ${jurisdiction(code)} is ${suspended === true ? 'suspended already' : 'not suspended'}.`,
  UnknownIssuer: ([issuerId]) => `There is no issuer ${text(issuerId)}.`,
  UnknownJurisdiction: ([code]) => `There is no jurisdiction ${jurisdiction(code)}.`,
  UnknownKey: ([issuerId, kid]) => `Issuer ${text(issuerId)} has no key ${decodeKid(text(kid))}.`,
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

function jurisdiction(value: unknown): string {
  return decodeJurisdiction(text(value));
}
