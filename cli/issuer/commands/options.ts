import { Command, InvalidArgumentError } from 'commander';
import { isCalendarDate } from '../../../credential/date-time.ts';

const DEFAULT_DIR = '.pratique/issuer';

/** A subcommand on an issuer’s folder. */
export function onIssuer(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--dir <dir>', 'the issuer’s folder', DEFAULT_DIR)
    .option('--passphrase-file <file>', 'read the passphrase from a file instead of asking for it')
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
    .option('--account <account>', 'account the node holds, by number or address', '0')
    .option('--keystore <file>', 'encrypted JSON keystore of the account, instead of one the node holds')
    .option('--keystore-passphrase-file <file>', 'passphrase of the keystore');
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

/** A whole number above zero. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.');
  return Number(text);
}

/** The example at the end of a help. */
export function example(command: string): string {
  return `\nExample:\n  pratique issuer ${command}`;
}
