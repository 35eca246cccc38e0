import { InvalidArgumentError } from 'commander';
import { ATTESTATIONS } from '../../contracts/attestation.ts';
import { REASONS } from '../../contracts/reason.ts';

/*
 * What the words of a command line mean. What is wrong by its form is wrong usage; what a registry refuses is not judged
 * here.
 */

/** Of the registry's times: what is above is milliseconds by mistake. */
const MAX_TIME = 100_000_000_000;

const ISO_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/;

const SECONDS_IN = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

export function address(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new InvalidArgumentError('It must be 0x and 40 hexadecimal digits.');
  }
  return text;
}

/** An address, or `none` as null. */
export function addressOrNone(text: string): string | null {
  return text === 'none' ? null : address(text);
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Unix seconds, as they are or from a date or a time with its zone by ISO 8601. */
export function time(text: string): number {
  const seconds = /^\d{1,15}$/.test(text) ? Number(text) : isoTime(text);
  if (seconds > MAX_TIME) throw new InvalidArgumentError('It is in milliseconds; seconds are meant.');
  return seconds;
}

function isoTime(text: string): number {
  const [, year, month, day] = ISO_TIME.exec(text) ?? [];
  const milliseconds = Date.parse(text);
  // Some days of February are taken for days of March.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day === undefined || Number(day) > days || !(milliseconds >= 0)) {
    throw new InvalidArgumentError(
      'It must be Unix seconds, a date such as 2026-09-01 (its beginning in UTC), or a time with its zone such as 2026-09-01T08:00Z.',
    );
  }
  return milliseconds / 1000;
}

/** Seconds, as they are or from a number with a unit: `36h`, `2d`. */
export function duration(text: string): number {
  const [, count, unit = 's'] = /^(\d{1,10})([smhd])?$/.exec(text) ?? [];
  if (count === undefined) {
    throw new InvalidArgumentError(
      'It must be a number of seconds, or of minutes, hours or days such as 2d.',
    );
  }
  return Number(count) * SECONDS_IN[unit as keyof typeof SECONDS_IN];
}

/** A number of 16 bits, or the name of one. */
export function reason(text: string): number {
  const code = /^\d{1,5}$/.test(text) ? Number(text) : REASONS.findIndex((name) => name === text);
  if (code < 0 || code > 0xffff) {
    throw new InvalidArgumentError(`It must be a number up to 65535, or one of ${REASONS.join(', ')}.`);
  }
  return code;
}

/** A bit set, as its number or by the names of its bits. */
export function attestations(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff) return Number(text);
  const bits = text.split(',').map((name) => ATTESTATIONS.findIndex((known) => known === name));
  if (bits.includes(-1)) {
    throw new InvalidArgumentError(
      `It must be the number of a bit set, or names with commas between: ${ATTESTATIONS.join(', ')}.`,
    );
  }
  return bits.reduce((set, bit) => set | (1 << bit), 0);
}

/** 32 bytes. */
export function digest(text: string): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) {
    throw new InvalidArgumentError('It must be 0x and 64 hexadecimal digits.');
  }
  return text;
}

/** An issuer's number, or its iss. */
export function issuer(text: string): string {
  if (text.startsWith('-')) throw new InvalidArgumentError('It must be the number or the iss of an issuer.');
  return text;
}

/** A thumbprint; one in 64 begins with a hyphen. */
export function kid(text: string): string {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) {
    throw new InvalidArgumentError('It must be the thumbprint of a key, 43 characters of base64url.');
  }
  return text;
}

/** A list's name: a kid, 32 bytes, or `name:…`. */
export function list(text: string): string {
  return text.startsWith('name:') || /^0x[0-9a-fA-F]{64}$/.test(text) ? text : kid(text);
}
