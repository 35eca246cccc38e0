import { Command, InvalidArgumentError } from 'commander';
import ipaddr from 'ipaddr.js';
import { isCalendarDate } from '../../../credential/date-time.ts';

import { duration } from '../../registry/arguments.ts';

const DEFAULT_DIR = '.pratique/issuer';

/** A subcommand on an issuer’s folder. */
export function onIssuer(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--dir <dir>', 'the issuer’s folder', DEFAULT_DIR)
    .option('--passphrase-file <file>', 'read the passphrase from a file instead of asking for it')
    .option(
      '--pin-file <file>',
      'read the PIN of a token that signs from a file instead of asking for it; LABEL=FILE for one of several',
      (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
    )
    .option('--json', 'print one JSON object');
}

/** What is said once is remembered with the issuer, but for the account. */
export function onChain(command: Command): Command {
  return command
    .option('--rpc <url>', 'JSON-RPC URL of a node of the chain')
    .option('--registry <address>', 'address of the issuer registry')
    .option(
      '--issuer-id <n>',
      'number of the issuer in the registry (default: found by its iss)',
      wholeNumber,
    )
    .option('--account <account>', 'account the node holds, by number or address; not remembered', '0')
    .option('--keystore <file>', 'encrypted JSON keystore of the account, instead of one the node holds')
    .option('--keystore-passphrase-file <file>', 'passphrase of the keystore');
}

const DAY = 86_400;

/** Seconds between two looks: a day at most, since venues take an issuer that is silent for longer for one gone dark. */
export function everyDuration(text: string): number {
  const seconds = duration(text);
  if (seconds < 1 || seconds > DAY) throw new InvalidArgumentError('It must be from 1s to 24h.');
  return seconds;
}

/** A URL that paths are put behind: what it says of itself must be what wallets and clients are told. */
export function baseUrl(text: string): string {
  const url = URL.parse(text);
  const sound = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (!sound || text.endsWith('/')) {
    throw new InvalidArgumentError(
      'It must be a URL without a slash at its end, such as https://pass.example.',
    );
  }
  return text;
}

/** Networks in CIDR notation; commander hands over one value at a time. */
export function network(text: string, before: readonly string[] = []): readonly string[] {
  const sound = ipaddr.isValidCIDR(text) && ipaddr.parseCIDR(text)[1] > 0;
  if (!sound) throw new InvalidArgumentError('It must be a network such as 10.0.0.0/8, and not everybody.');
  return [...before, text];
}

/** YYYY-MM-DD. */
export function civilDate(text: string): string {
  if (!isCalendarDate(text)) throw new InvalidArgumentError('It must be a date such as 2026-11-26.');
  return text;
}

/** A verifier reads no list of more than 2^27 bits. */
const MAX_ROOM = 100_000_000;

/** Room that a list can have. */
export function roomForCards(text: string): number {
  const cards = wholeNumber(text);
  if (cards > MAX_ROOM)
    throw new InvalidArgumentError(`A list holds ${MAX_ROOM} cards at most: begin another key.`);
  return cards;
}

/** Each thread is an engine of its own: more than a machine has cores for take its memory. */
const MAX_THREADS = 256;

/** Threads that sign. */
export function threadCount(text: string): number {
  return atMost(text, MAX_THREADS);
}

/** A key is followed by another within a year; a window that ends past the calendar could not even be shown. */
const MAX_DAYS = 3660;

/** How long a key may sign. */
export function keyDays(text: string): number {
  return atMost(text, MAX_DAYS);
}

function atMost(text: string, most: number): number {
  const number = wholeNumber(text);
  if (number > most) throw new InvalidArgumentError(`It must be ${most} at most.`);
  return number;
}

/** A whole number above zero. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.');
  return Number(text);
}

/** The example at the end of a help. */
export function example(command: string): string {
  return `\nExample:\n  pratique issuer ${command}`;
}
