import { Command, InvalidArgumentError, Option } from 'commander';

/** Options of every subcommand: where the registry is. */
export interface RegistryOptions {
  readonly rpc: string;
  readonly registry: string;
  readonly json?: boolean;
}

/** Options of the subcommands that send a transaction: who sends it. */
export interface SenderOptions {
  readonly account: string;
  readonly keystore?: string;
  readonly keystorePassphraseFile?: string;
}

export type WriteOptions = RegistryOptions & SenderOptions;

export interface DeployOptions extends SenderOptions {
  readonly rpc: string;
  readonly governor?: string;
  readonly adminDelay: number;
  readonly json?: boolean;
}

export interface OpenOptions extends WriteOptions {
  readonly name: string;
  readonly accreditor: string;
}

export interface ReasonOptions extends WriteOptions {
  readonly reason: number;
}

export interface RegisterIssuerOptions extends WriteOptions {
  readonly iss: string;
  readonly name: string;
  readonly jurisdiction: string;
  readonly controller?: string;
  readonly statusBase: string;
  readonly from: number;
  readonly until: number;
  readonly attestations: number;
  readonly pending?: boolean;
}

export interface KeyOptions {
  readonly x: string;
  readonly y: string;
  readonly from: number;
  readonly until: number;
}

export interface RegisterKeyOptions extends WriteOptions, KeyOptions {
  readonly revocation: Revocation;
  readonly signature: string;
}

export interface ListKeysOptions extends WriteOptions {
  readonly until: number;
  readonly revocation?: Revocation;
}

const REVOCATIONS = ['none', 'bits', 'rids'] as const;
type Revocation = (typeof REVOCATIONS)[number];

/** `pratique registry`: what each role does with the registry, from the terminal. */
export function registryCommand(): Command {
  return new Command('registry')
    .description('Deploy the registry of issuers, govern it, accredit issuers, register keys, read its log.')
    .addCommand(deployCommand())
    .addCommand(jurisdictionCommand())
    .addCommand(issuerCommand())
    .addCommand(keyCommand())
    .addCommand(listKeysCommand())
    .addCommand(logCommand())
    .addCommand(headCommand());
}

function deployCommand(): Command {
  return sending(onNode(new Command('deploy').description('Deploy a new registry; the sender governs it.')))
    .option('--governor <address>', 'govern by this account instead', address)
    .option('--admin-delay <seconds>', 'wait before a new governor can take over', wholeNumber, 86_400)
    .addHelpText('after', example('deploy --rpc http://127.0.0.1:8545 --account 0'))
    .action(async (options: DeployOptions) => (await import('./registry/deploy.ts')).runDeploy(options));
}

function jurisdictionCommand(): Command {
  const open = writing('open', 'Open a jurisdiction with its accreditor (governor).')
    .argument('<code>', 'such as US-NY')
    .requiredOption('--name <name>', 'as venues read it')
    .requiredOption('--accreditor <address>', 'account that accredits its issuers', address)
    .addHelpText(
      'after',
      example('jurisdiction open US-NY --name "New York" --accreditor 0x… --registry 0x…'),
    )
    .action(async (code: string, options: OpenOptions) =>
      (await import('./registry/write.ts')).openJurisdiction(code, options),
    );
  const suspend = withReason(writing('suspend', 'Suspend a jurisdiction and all its issuers (governor).'))
    .argument('<code>', 'such as US-NY')
    .addHelpText('after', example('jurisdiction suspend US-NY --reason 2 --registry 0x…'))
    .action(async (code: string, options: ReasonOptions) =>
      (await import('./registry/write.ts')).suspendJurisdiction(code, true, options),
    );
  const resume = withReason(writing('resume', 'Lift the suspension of a jurisdiction (governor).'))
    .argument('<code>', 'such as US-NY')
    .addHelpText('after', example('jurisdiction resume US-NY --registry 0x…'))
    .action(async (code: string, options: ReasonOptions) =>
      (await import('./registry/write.ts')).suspendJurisdiction(code, false, options),
    );
  return group('jurisdiction', 'Open, suspend and resume jurisdictions.', [open, suspend, resume]);
}

function issuerCommand(): Command {
  const register = writing('register', 'Register an issuer (accreditor of its jurisdiction).')
    .requiredOption('--iss <url>', 'https URL of the issuer, without trailing slash')
    .requiredOption('--name <name>', 'as venues read it')
    .requiredOption('--jurisdiction <code>', 'such as US-NY')
    .option(
      '--controller <address>',
      'account that registers its keys; none for an issuer only listed',
      address,
    )
    .option('--status-base <url>', 'https URL under which it publishes its status data', '')
    .option('--from <unix>', 'cards issued before are not covered, in Unix seconds', wholeNumber, 0)
    .option('--until <unix>', 'cards issued at or after are not covered; 0 for no end', wholeNumber, 0)
    .option('--attestations <bits>', 'what was attested, as the number of a bit set', wholeNumber, 0)
    .option('--pending', 'register it without accrediting it yet')
    .addHelpText(
      'after',
      example(
        'issuer register --iss https://health.example --name "A Clinic" --jurisdiction US-NY --registry 0x…',
      ),
    )
    .action(async (options: RegisterIssuerOptions) =>
      (await import('./registry/write.ts')).registerIssuer(options),
    );
  const status = withReason(writing('status', 'Move an issuer through its life (accreditor).'))
    .argument('<issuer>', 'its number or its iss')
    .argument('<status>', 'active, suspended, retired or withdrawn')
    .addHelpText('after', example('issuer status https://health.example suspended --reason 3 --registry 0x…'))
    .action(async (issuer: string, to: string, options: ReasonOptions) =>
      (await import('./registry/write.ts')).setIssuerStatus(issuer, to, options),
    );
  const show = reading('show', 'Show an issuer as the registry holds it.')
    .argument('<issuer>', 'its number or its iss')
    .addHelpText('after', example('issuer show https://health.example --registry 0x…'))
    .action(async (issuer: string, options: RegistryOptions) =>
      (await import('./registry/show.ts')).showIssuer(issuer, options),
    );
  return group('issuer', 'Register issuers and move them through their life.', [register, status, show]);
}

function keyCommand(): Command {
  const message = ofKey(
    reading('message', 'Print, in base64url, what a key signs with ES256 to be registered.'),
  )
    .addHelpText(
      'after',
      example('key message 1 --x … --y … --from 1766000000 --until 1797536000 --registry 0x…'),
    )
    .action(async (issuer: string, options: RegistryOptions & KeyOptions) =>
      (await import('./registry/show.ts')).showKeyMessage(issuer, options),
    );
  const register = ofKey(
    writing('register', 'Register a key with proof of possession (controller of the issuer).'),
  )
    .requiredOption('--signature <base64url>', "the key's signature over `key message`, 64 bytes (r, s)")
    .addOption(revocationOption().default('bits'))
    .addHelpText(
      'after',
      example('key register 1 --x … --y … --from 1766000000 --until 1797536000 --signature … --registry 0x…'),
    )
    .action(async (issuer: string, options: RegisterKeyOptions) =>
      (await import('./registry/write.ts')).registerKey(issuer, options),
    );
  const retire = writing('retire', 'Retire a key in good standing: cards issued before stay good.')
    .argument('<issuer>', 'its number or its iss')
    .argument('<kid>', 'thumbprint of the key')
    .addHelpText('after', example('key retire 1 3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s --registry 0x…'))
    .action(async (issuer: string, kid: string, options: WriteOptions) =>
      (await import('./registry/write.ts')).endKey('retireKey', issuer, kid, options),
    );
  const compromise = writing('compromise', 'Report a key stolen: every card of it dies, for good.')
    .argument('<issuer>', 'its number or its iss')
    .argument('<kid>', 'thumbprint of the key')
    .addHelpText(
      'after',
      example('key compromise 1 3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s --registry 0x…'),
    )
    .action(async (issuer: string, kid: string, options: WriteOptions) =>
      (await import('./registry/write.ts')).endKey('compromiseKey', issuer, kid, options),
    );
  return group('key', 'Register, retire and give up keys.', [message, register, retire, compromise]);
}

function listKeysCommand(): Command {
  return writing('list-keys', 'List the published keys of an issuer that has no controller (accreditor).')
    .argument('<iss>', 'of a registered issuer')
    .argument('<jwks>', 'its key set, a JSON file')
    .option('--until <unix>', 'cards issued at or after are not covered; 0 for no end', wholeNumber, 0)
    .addOption(revocationOption())
    .addHelpText('after', example('list-keys https://health.example jwks.json --registry 0x…'))
    .action(async (iss: string, jwks: string, options: ListKeysOptions) =>
      (await import('./registry/list-keys.ts')).runListKeys(iss, jwks, options),
    );
}

function logCommand(): Command {
  return reading('log', 'Print the history of the registry and recompute its head.')
    .addHelpText('after', example('log --registry 0x…'))
    .action(async (options: RegistryOptions) => (await import('./registry/log.ts')).runLog(options));
}

function headCommand(): Command {
  return reading('head', 'Print the head of the log as the chain holds it.')
    .addHelpText('after', example('head --registry 0x… --json'))
    .action(async (options: RegistryOptions) => (await import('./registry/show.ts')).showHead(options));
}

function group(name: string, description: string, commands: readonly Command[]): Command {
  const command = new Command(name).description(description);
  for (const subcommand of commands) command.addCommand(subcommand);
  return command;
}

function reading(name: string, description: string): Command {
  return onNode(new Command(name).description(description)).requiredOption(
    '--registry <address>',
    'address of the registry',
    address,
  );
}

function writing(name: string, description: string): Command {
  return sending(reading(name, description));
}

function onNode(command: Command): Command {
  return command
    .option('--rpc <url>', 'JSON-RPC URL of a node of the chain', 'http://127.0.0.1:8545')
    .option('--json', 'print one JSON object');
}

/** Never a private key: not on the command line, not in the environment. */
function sending(command: Command): Command {
  return command
    .option('--account <account>', 'sender: an account the node holds, by number or address', '0')
    .option('--keystore <file>', 'sender: an encrypted JSON keystore, instead of an account of the node')
    .option('--keystore-passphrase-file <file>', 'passphrase of the keystore, instead of asking for it');
}

function withReason(command: Command): Command {
  return command.option('--reason <code>', "the sender's own number for why", wholeNumber, 0);
}

function ofKey(command: Command): Command {
  return command
    .argument('<issuer>', 'its number or its iss')
    .requiredOption('--x <base64url>', 'coordinate of the key, as in its JWK')
    .requiredOption('--y <base64url>', 'coordinate of the key, as in its JWK')
    .requiredOption('--from <unix>', 'the key signs no card before, in Unix seconds', wholeNumber)
    .requiredOption('--until <unix>', 'the key signs no card at or after, in Unix seconds', wholeNumber);
}

function revocationOption(): Option {
  return new Option('--revocation <method>', 'how its cards can be revoked').choices(REVOCATIONS);
}

function address(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new InvalidArgumentError('It must be 0x and 40 hexadecimal digits.');
  }
  return text;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function example(command: string): string {
  return `\nExample:\n  pratique registry ${command}`;
}
