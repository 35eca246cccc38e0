import type { Command } from 'commander';
import { ATTESTATIONS } from '../../../contracts/attestation.ts';
import { address, addressOrNone, attestations, issuer as issuerOf, time } from '../arguments.ts';
import {
  example,
  group,
  reading,
  type ReasonOptions,
  type RegistryOptions,
  type WriteOptions,
  withReason,
  writing,
} from '../options.ts';

/** What an accreditor states of an issuer; not given is not stated, or left as it is. */
export interface AccreditationOptions extends WriteOptions {
  readonly from?: number;
  readonly until?: number;
  readonly attestations?: number;
}

export interface ListIssuersOptions extends AccreditationOptions {
  readonly jurisdiction: string;
  readonly pending?: boolean;
}

export interface RegisterIssuerOptions extends ListIssuersOptions {
  readonly iss: string;
  readonly name: string;
  readonly controller?: string;
  readonly statusBase: string;
}

export interface UpdateIssuerOptions extends AccreditationOptions {
  readonly name?: string;
}

const ISSUER = ['<issuer>', 'its number or its iss', issuerOf] as const;

export function issuerCommand(): Command {
  return group('issuer', 'Accredit issuers, move them through their life, and hand them over.', [
    ...accreditationCommands(),
    ...standingCommands(),
    ...controlCommands(),
    ...transferCommands(),
    reading('show', 'Show an issuer as the registry holds it.')
      .argument(...ISSUER)
      .addHelpText('after', example('issuer show https://health.example --registry 0x…'))
      .action(async (issuer: string, options: RegistryOptions) =>
        (await import('../issuer-show.ts')).showIssuer(issuer, options),
      ),
  ]);
}

function accreditationCommands(): Command[] {
  const register = accredited(writing('register', 'Register an issuer (accreditor of its jurisdiction).'))
    .requiredOption('--iss <url>', 'https URL of the issuer, without trailing slash')
    .requiredOption('--name <name>', 'as venues read it')
    .requiredOption('--jurisdiction <code>', 'such as US-NY')
    .option(
      '--controller <address>',
      'account that registers its keys; none for an issuer only listed',
      address,
    )
    .option('--status-base <url>', 'https URL under which it publishes its status data', '')
    .option('--pending', 'register it without accrediting it yet')
    .addHelpText(
      'after',
      example(
        'issuer register --iss https://health.example --name "A Clinic" --jurisdiction US-NY --registry 0x…',
      ),
    )
    .action(async (options: RegisterIssuerOptions) => (await import('../issuer.ts')).registerIssuer(options));
  const list = accredited(writing('list', 'Register many issuers from a file (accreditor).'))
    .argument('<file>', 'JSON: a list of objects with iss, name and perhaps statusBase and controller')
    .requiredOption('--jurisdiction <code>', 'such as US-NY')
    .option('--pending', 'register them without accrediting them yet')
    .addHelpText('after', example('issuer list clinics.json --jurisdiction US-NY --registry 0x…'))
    .action(async (file: string, options: ListIssuersOptions) =>
      (await import('../issuer-list.ts')).listIssuers(file, options),
    );
  const update = accredited(
    writing('update', 'State anew what an issuer is called, covers and has shown (accreditor).'),
  )
    .argument(...ISSUER)
    .option('--name <name>', 'as venues read it')
    .addHelpText('after', example('issuer update https://health.example --until 2027-01-01 --registry 0x…'))
    .action(async (issuer: string, options: UpdateIssuerOptions) =>
      (await import('../issuer.ts')).updateIssuer(issuer, options),
    );
  return [register, list, update];
}

function standingCommands(): Command[] {
  const status = withReason(writing('status', 'Move an issuer through its life (accreditor).'))
    .argument(...ISSUER)
    .argument('<status>', 'active, suspended, retired or withdrawn')
    .addHelpText(
      'after',
      example('issuer status https://health.example suspended --reason fraud --registry 0x…'),
    )
    .action(async (issuer: string, to: string, options: ReasonOptions) =>
      (await import('../issuer.ts')).setIssuerStatus(issuer, to, options),
    );
  const hold = withReason(writing('hold', 'Suspend one issuer over its accreditor (guardian or governor).'))
    .argument(...ISSUER)
    .addHelpText('after', example('issuer hold https://health.example --reason compromised --registry 0x…'))
    .action(async (issuer: string, options: ReasonOptions) =>
      (await import('../issuer.ts')).holdIssuer(issuer, true, options),
    );
  const release = withReason(writing('release', 'Lift the hold of an issuer (governor).'))
    .argument(...ISSUER)
    .addHelpText('after', example('issuer release https://health.example --registry 0x…'))
    .action(async (issuer: string, options: ReasonOptions) =>
      (await import('../issuer.ts')).holdIssuer(issuer, false, options),
    );
  return [status, hold, release];
}

function controlCommands(): Command[] {
  const statusBase = writing('status-base', 'Say where the issuer publishes its status data (controller).')
    .argument(...ISSUER)
    .argument('<url>', 'https URL, or none')
    .addHelpText(
      'after',
      example('issuer status-base 1 https://health.example/status --account 2 --registry 0x…'),
    )
    .action(async (issuer: string, url: string, options: WriteOptions) =>
      (await import('../issuer.ts')).setStatusBase(issuer, url, options),
    );
  const operator = writing('operator', 'Name the account that may anchor and nothing else (controller).')
    .argument(...ISSUER)
    .argument('<account>', 'its address, or none', addressOrNone)
    .addHelpText('after', example('issuer operator 1 0x… --account 2 --registry 0x…'))
    .action(async (issuer: string, account: string | null, options: WriteOptions) =>
      (await import('../issuer.ts')).setOperator(issuer, account, options),
    );
  const propose = writing(
    'propose-controller',
    'Name who is to control the issuer next: the controller, at once; or the accreditor, after the delay.',
  )
    .argument(...ISSUER)
    .argument('<account>', 'address of the next controller; none withdraws the proposal', addressOrNone)
    .addHelpText('after', example('issuer propose-controller 1 0x… --account 2 --registry 0x…'))
    .action(async (issuer: string, account: string | null, options: WriteOptions) =>
      (await import('../issuer.ts')).proposeController(issuer, account, options),
    );
  const accept = writing('accept-controller', 'Take over as controller (the proposed account).')
    .argument(...ISSUER)
    .addHelpText('after', example('issuer accept-controller 1 --keystore next.json --registry 0x…'))
    .action(async (issuer: string, options: WriteOptions) =>
      (await import('../issuer.ts')).acceptController(issuer, options),
    );
  return [statusBase, operator, propose, accept];
}

function transferCommands(): Command[] {
  const offer = writing(
    'offer',
    'Offer an issuer to another jurisdiction: its accreditor, at once; or the governor, after the delay.',
  )
    .argument(...ISSUER)
    .argument('<jurisdiction>', 'its code; none withdraws the offer')
    .addHelpText('after', example('issuer offer https://health.example US-NJ --registry 0x…'))
    .action(async (issuer: string, jurisdiction: string, options: WriteOptions) =>
      (await import('../issuer.ts')).offerIssuer(issuer, jurisdiction, options),
    );
  const accept = writing('accept', 'Take an issuer that was offered (accreditor of the other jurisdiction).')
    .argument(...ISSUER)
    .addHelpText('after', example('issuer accept https://health.example --registry 0x…'))
    .action(async (issuer: string, options: WriteOptions) =>
      (await import('../issuer.ts')).acceptIssuer(issuer, options),
    );
  return [offer, accept];
}

function accredited(command: Command): Command {
  return command
    .option('--from <time>', 'cards issued before are not covered: Unix seconds or a date', time)
    .option('--until <time>', 'cards issued at or after are not covered; 0 for no end', time)
    .option(
      '--attestations <bits>',
      `what was attested: ${ATTESTATIONS.join(', ')}, with commas between; or the number of a bit set`,
      attestations,
    );
}
