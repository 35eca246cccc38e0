import { Argument, type Command } from 'commander';
import { issuer as issuerOf, time, wholeNumber } from '../arguments.ts';
import {
  example,
  group,
  ofIssuer,
  ofKid,
  reading,
  type RegistryOptions,
  type Revocation,
  revocationOption,
  REVOCATIONS,
  type WriteOptions,
  writing,
} from '../options.ts';

export interface PointOptions {
  readonly x: string;
  readonly y: string;
}

export interface KeyOptions extends PointOptions {
  readonly from: number;
  readonly until: number;
}

/** To sign for somebody else to send, instead of sending. */
export interface InstructionOptions extends WriteOptions {
  readonly instruction?: string;
  readonly deadline?: number;
  readonly after: number;
}

export interface RegisterKeyOptions extends InstructionOptions, KeyOptions {
  readonly revocation: Revocation;
  readonly signature: string;
}

export interface BurnKeyOptions extends WriteOptions, PointOptions {
  readonly signature: string;
}

export interface ListKeysOptions extends WriteOptions {
  readonly until: number;
  readonly revocation?: Revocation;
}

const SAMPLE_KID = '3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s';

export function keyCommand(): Command {
  return group('key', 'Register, retire and give up keys.', [
    ...registrationCommands(),
    ...endCommands(),
    ...burnCommands(),
    ofKid(ofIssuer(reading('show', 'Show a key as the registry holds it, and what is anchored of its list.')))
      .addHelpText('after', example(`key show 1 ${SAMPLE_KID} --registry 0x…`))
      .action(async (issuer: string, kid: string, options: RegistryOptions) =>
        (await import('../key-show.ts')).showKey(issuer, kid, options),
      ),
  ]);
}

function registrationCommands(): Command[] {
  const message = ofKey(
    reading('message', 'Print, in base64url, what a key signs with ES256 to be registered.'),
  )
    .addHelpText(
      'after',
      example('key message 1 --x … --y … --from 2026-09-01 --until 2027-09-01 --registry 0x…'),
    )
    .action(async (issuer: string, options: RegistryOptions & KeyOptions) =>
      (await import('../key-show.ts')).showKeyMessage(issuer, options),
    );
  const register = instructing(
    ofKey(writing('register', 'Register a key with proof of possession (controller of the issuer).')),
  )
    .requiredOption('--signature <base64url>', "the key's signature over `key message`, 64 bytes (r, s)")
    .addOption(revocationOption().default('bits'))
    .addHelpText(
      'after',
      example('key register 1 --x … --y … --from 2026-09-01 --until 2027-09-01 --signature … --registry 0x…'),
    )
    .action(async (issuer: string, options: RegisterKeyOptions) =>
      (await import('../key.ts')).registerKey(issuer, options),
    );
  const revocation = ofKid(
    ofIssuer(writing('revocation', 'Begin to revoke cards of a key whose cards could not be.')),
  )
    .addArgument(new Argument('<method>', 'by a status list, or by a list of rids').choices(REVOCATIONS))
    .addHelpText('after', example(`key revocation 1 ${SAMPLE_KID} bits --registry 0x…`))
    .action(async (issuer: string, kid: string, method: Revocation, options: WriteOptions) =>
      (await import('../key.ts')).setKeyRevocation({ issuer, kid, method }, options),
    );
  return [message, register, revocation];
}

function endCommands(): Command[] {
  const retire = ofKid(
    ofIssuer(writing('retire', 'Retire a key in good standing: cards issued before stay good.')),
  )
    .addHelpText('after', example(`key retire 1 ${SAMPLE_KID} --registry 0x…`))
    .action(async (issuer: string, kid: string, options: WriteOptions) =>
      (await import('../key.ts')).endKey('retireKey', issuer, kid, options),
    );
  const compromise = ofKid(
    ofIssuer(writing('compromise', 'Report a key stolen: every card of it dies, for good.')),
  )
    .addHelpText('after', example(`key compromise 1 ${SAMPLE_KID} --registry 0x…`))
    .action(async (issuer: string, kid: string, options: WriteOptions) =>
      (await import('../key.ts')).endKey('compromiseKey', issuer, kid, options),
    );
  return [retire, compromise];
}

function burnCommands(): Command[] {
  const message = ofPoint(
    reading('burn-message', 'Print, in base64url, what a key signs with ES256 to end itself everywhere.'),
  )
    .addHelpText('after', example('key burn-message --x … --y … --registry 0x…'))
    .action(async (options: RegistryOptions & PointOptions) =>
      (await import('../key-show.ts')).showBurnMessage(options),
    );
  const burn = ofPoint(
    writing('burn', 'End a key under every issuer, by a signature of the key itself (anybody).'),
  )
    .argument('<issuer>', 'number or iss of an issuer that has the key', issuerOf)
    .requiredOption('--signature <base64url>', "the key's signature over `key burn-message`, 64 bytes (r, s)")
    .addHelpText('after', example('key burn 1 --x … --y … --signature … --registry 0x…'))
    .action(async (issuer: string, options: BurnKeyOptions) =>
      (await import('../key.ts')).burnKey(issuer, options),
    );
  return [message, burn];
}

export function listKeysCommand(): Command {
  return writing('list-keys', 'List the published keys of an issuer that has no controller (accreditor).')
    .argument('<iss>', 'of a registered issuer')
    .argument('<jwks>', 'its key set, a JSON file')
    .option('--until <time>', 'cards issued at or after are not covered; 0 for no end', time, 0)
    .addOption(revocationOption())
    .addHelpText('after', example('list-keys https://health.example jwks.json --registry 0x…'))
    .action(async (iss: string, jwks: string, options: ListKeysOptions) =>
      (await import('../list-keys.ts')).runListKeys(iss, jwks, options),
    );
}

/** A write that can be signed for others to send. */
export function instructing(command: Command): Command {
  return command
    .option('--instruction <file>', 'sign only, into this file, for anybody to send with `registry relay`')
    .option('--deadline <time>', 'last moment at which it can be relayed (default: in 7 days)', time)
    .option('--after <n>', 'how many instructions signed before are not relayed yet', wholeNumber, 0);
}

function ofPoint(command: Command): Command {
  return command
    .requiredOption('--x <base64url>', 'coordinate of the key, as in its JWK')
    .requiredOption('--y <base64url>', 'coordinate of the key, as in its JWK');
}

function ofKey(command: Command): Command {
  return ofPoint(ofIssuer(command))
    .requiredOption('--from <time>', 'the key signs no card before: Unix seconds or a date', time)
    .requiredOption('--until <time>', 'the key signs no card at or after', time);
}
