import { Argument, type Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
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

export interface RegisterVenueOptions extends WriteOptions {
  readonly jurisdiction: string;
  readonly did: string;
  readonly name: string;
}

export interface ShowVenueOptions extends RegistryOptions {
  readonly jurisdiction?: string;
}

const STATUSES = ['active', 'suspended', 'withdrawn'] as const;
export type ReachableVenueStatus = (typeof STATUSES)[number];

export function venueCommand(): Command {
  const register = writing('register', 'Register a venue that may ask holders for passes (accreditor).')
    .requiredOption('--jurisdiction <code>', 'such as US-NY')
    .requiredOption('--did <did>', 'the venue’s DID')
    .requiredOption('--name <name>', 'as holders read it')
    .addHelpText(
      'after',
      example('venue register --jurisdiction US-NY --did did:web:arena.example --name Arena --registry 0x…'),
    )
    .action(async (options: RegisterVenueOptions) => (await import('../venue.ts')).registerVenue(options));
  const rename = writing('rename', 'Give a venue another name (accreditor).')
    .argument('<venue>', 'its number', wholeNumber)
    .argument('<name>', 'as holders read it')
    .addHelpText('after', example('venue rename 1 "The Arena" --registry 0x…'))
    .action(async (venue: number, name: string, options: WriteOptions) =>
      (await import('../venue.ts')).renameVenue(venue, name, options),
    );
  const status = withReason(writing('status', 'Move a venue through its life (accreditor).'))
    .argument('<venue>', 'its number', wholeNumber)
    .addArgument(new Argument('<status>', 'withdrawn is for good').choices(STATUSES))
    .addHelpText('after', example('venue status 1 suspended --reason legal-order --registry 0x…'))
    .action(async (venue: number, to: ReachableVenueStatus, options: ReasonOptions) =>
      (await import('../venue.ts')).setVenueStatus(venue, to, options),
    );
  const show = reading('show', 'Show a venue as the registry holds it.')
    .argument('<venue>', 'its number, or its DID with --jurisdiction')
    .option('--jurisdiction <code>', 'in which the DID is looked for')
    .addHelpText('after', example('venue show did:web:arena.example --jurisdiction US-NY --registry 0x…'))
    .action(async (venue: string, options: ShowVenueOptions) =>
      (await import('../venue.ts')).showVenue(venue, options),
    );
  return group('venue', 'Venues, so that a holder can know who is asking.', [register, rename, status, show]);
}
