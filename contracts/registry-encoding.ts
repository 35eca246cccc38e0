import * as Address from 'ox/Address';
import * as Hash from 'ox/Hash';
import * as Hex from 'ox/Hex';
import { RegistryError } from './registry-error.ts';

/*
 * The registry's words and their numbers on chain. Kids and coordinates are base64url as everywhere else in a JWK;
 * on chain a kid is the 32 bytes it encodes, a jurisdiction code its ASCII with zeros behind.
 */

/** IIssuerRegistry.IssuerStatus, by number. */
export const ISSUER_STATUS = ['none', 'pending', 'active', 'suspended', 'retired', 'withdrawn'] as const;
export type IssuerStatusName = (typeof ISSUER_STATUS)[number];

/** IIssuerRegistry.KeyState, by number. */
export const KEY_STATE = ['none', 'active', 'retired', 'compromised'] as const;
export type KeyStateName = (typeof KEY_STATE)[number];

/** IIssuerRegistry.RevocationMethod, by number. */
export const REVOCATION = ['none', 'bits', 'rids'] as const;
export type RevocationName = (typeof REVOCATION)[number];

/** IIssuerRegistry.VenueStatus, by number. */
export const VENUE_STATUS = ['none', 'active', 'suspended', 'withdrawn'] as const;
export type VenueStatusName = (typeof VENUE_STATUS)[number];

export const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** The word for a number from the chain; ARGUMENT_INVALID if there is none. */
export function wordOf<T>(words: readonly T[], number: bigint | number): T {
  const word = words[Number(number)];
  if (word === undefined)
    throw new RegistryError('CHAIN_ANSWER_INVALID', 'The registry holds an unknown state.');
  return word;
}

/** A jurisdiction code (1 to 32 of A-Z 0-9 -) as bytes32. */
export function encodeJurisdiction(code: string): string {
  return encodeCode(code, 'A jurisdiction code', 'US-NY');
}

export function decodeJurisdiction(bytes32: string): string {
  return Buffer.from(bytes32.slice(2).replace(/(00)+$/, ''), 'hex').toString('ascii');
}

/** The id of a rule set, which is written as a jurisdiction's code is. */
export function encodeRulesId(id: string): string {
  return encodeCode(id, 'The id of a rule set', 'VENUE-ENTRY');
}

function encodeCode(code: string, what: string, example: string): string {
  if (!/^[A-Z0-9-]{1,32}$/.test(code)) {
    throw new RegistryError(
      'ARGUMENT_INVALID',
      `${what} is 1 to 32 capital letters, digits and hyphens, such as ${example}.`,
    );
  }
  return `0x${Buffer.from(code, 'ascii').toString('hex').padEnd(64, '0')}`;
}

/** An account's address, in its checked spelling; `null` is nobody. Throws RegistryError ARGUMENT_INVALID. */
export function encodeAddress(account: string | null): string {
  if (account === null) return ZERO_ADDRESS;
  if (!/^0x[0-9a-fA-F]{40}$/.test(account)) {
    throw new RegistryError('ARGUMENT_INVALID', 'An address is 0x and 40 hexadecimal digits.');
  }
  const digits = account.slice(2);
  // ERC-55: capitals among small letters are a checksum.
  const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  if (mixed && !Address.validate(account, { strict: true })) {
    throw new RegistryError(
      'ARGUMENT_INVALID',
      'The capitals of the address do not match its digits: it was mistyped.',
    );
  }
  return Address.checksum(account);
}

/** An address from the chain; null for the zero address, which is nobody. */
export function decodeAddress(account: string): string | null {
  return account === ZERO_ADDRESS ? null : account;
}

/** A kid (43 characters of base64url) as bytes32. */
export function encodeKid(kid: string): string {
  return `0x${decodeBase64url(kid, 'A kid', 32).toString('hex')}`;
}

export function decodeKid(bytes32: string): string {
  return Buffer.from(bytes32.slice(2), 'hex').toString('base64url');
}

/** A list's name on chain: a kid, 0x-hex of 32 bytes as it is, or `name:…` by keccak256 of what follows. */
export function encodeListName(list: string): string {
  if (list.startsWith('name:')) return Hash.keccak256(Hex.fromString(list.slice('name:'.length)));
  return /^0x[0-9a-fA-F]{64}$/.test(list) ? list.toLowerCase() : encodeKid(list);
}

/** A root or digest, 0x-hex of 32 bytes. Throws RegistryError ARGUMENT_INVALID. */
export function encodeDigest(digest: string, what: string): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(digest)) {
    throw new RegistryError('ARGUMENT_INVALID', `${what} is 0x and 64 hexadecimal digits.`);
  }
  return digest.toLowerCase();
}

/** A coordinate as published, as 0x-hex; of exactly `length` bytes if given. */
export function encodeCoordinate(coordinate: string, length?: number): string {
  return `0x${decodeBase64url(coordinate, 'A coordinate', length).toString('hex')}`;
}

function decodeBase64url(text: string, what: string, length: number | undefined): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text || (length !== undefined && bytes.length !== length)) {
    const size = length === undefined ? '' : ` of ${String(length)} bytes`;
    throw new RegistryError('ARGUMENT_INVALID', `${what} is base64url${size}, without padding.`);
  }
  return bytes;
}
