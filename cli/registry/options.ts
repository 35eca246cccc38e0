import { Command, Option } from 'commander';
import { REASONS } from '../../contracts/reason.ts';
import { address, issuer, kid, list, reason, wholeNumber } from './arguments.ts';

/** Options of every subcommand: where the registry is. */
export interface RegistryOptions {
  readonly rpc: string;
  readonly registry: string;
  readonly chainId?: number;
  readonly json?: boolean;
}

/** Options of the subcommands that send a transaction: who sends it. */
export interface SenderOptions {
  readonly account: string;
  readonly keystore?: string;
  readonly keystorePassphraseFile?: string;
}

export type WriteOptions = RegistryOptions & SenderOptions;

export interface ReasonOptions extends WriteOptions {
  readonly reason: number;
}

export const REVOCATIONS = ['none', 'bits', 'rids'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

export function group(name: string, description: string, commands: readonly Command[]): Command {
  const command = new Command(name).description(description);
  for (const subcommand of commands) command.addCommand(subcommand);
  return command;
}

/** A command that reads a registry. */
export function reading(name: string, description: string): Command {
  return onNode(new Command(name).description(description)).requiredOption(
    '--registry <address>',
    'address of the registry',
    address,
  );
}

/** A command that sends a transaction to a registry. */
export function writing(name: string, description: string): Command {
  return sending(reading(name, description));
}

export function onNode(command: Command): Command {
  return command
    .option('--rpc <url>', 'JSON-RPC URL of a node of the chain', 'http://127.0.0.1:8545')
    .option('--chain-id <id>', 'refuse any other chain', wholeNumber)
    .option('--json', 'print one JSON object');
}

/** Never a private key: not on the command line, not in the environment. */
export function sending(command: Command): Command {
  return command
    .option('--account <account>', 'sender: an account the node holds, by number or address', '0')
    .option('--keystore <file>', 'sender: an encrypted JSON keystore, instead of an account of the node')
    .option('--keystore-passphrase-file <file>', 'passphrase of the keystore, instead of asking for it');
}

export function ofIssuer(command: Command): Command {
  return command.argument('<issuer>', 'its number or its iss', issuer);
}

/** What begins with a hyphen is for the arguments to judge here: a kid may, and is no option. */
export function ofKid(command: Command): Command {
  return command.allowUnknownOption().argument('<kid>', 'thumbprint of the key', kid);
}

export function ofList(command: Command): Command {
  return command
    .allowUnknownOption()
    .argument('<list>', 'the kid, 0x and 64 digits, or name:… for another list of the issuer', list);
}

export function withReason(command: Command): Command {
  return command.option(
    '--reason <reason>',
    `why: ${REASONS.join(', ')}, or a number of your own above ${REASONS.length - 1}`,
    reason,
    0,
  );
}

export function revocationOption(): Option {
  return new Option('--revocation <method>', 'how its cards can be revoked').choices(REVOCATIONS);
}

export function example(...commands: readonly string[]): string {
  const lines = commands.map((command) => `\n  pratique registry ${command}`).join('');
  return `\n${commands.length > 1 ? 'Examples' : 'Example'}:${lines}`;
}
