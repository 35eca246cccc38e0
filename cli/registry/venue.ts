import { readEntries } from '../../contracts/history.ts';
import { moment } from '../../contracts/moment.ts';
import { reasonInWords } from '../../contracts/reason.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { cleanText } from '../display.ts';
import { UsageError } from '../exit.ts';
import type { ReachableVenueStatus, RegisterVenueOptions, ShowVenueOptions } from './commands/venue.ts';
import { connectReader, withSender } from './connect.ts';
import type { ReasonOptions, WriteOptions } from './options.ts';
import { print, printWritten } from './print.ts';

/** `pratique registry venue register`. */
export async function registerVenue(options: RegisterVenueOptions): Promise<void> {
  const { jurisdiction, did, name } = options;
  const written = await withSender(options, (client) => client.registerVenue(jurisdiction, did, name));
  printWritten(`Venue ${written.venueId} is registered in ${jurisdiction}`, written, options);
}

/** `pratique registry venue rename`. */
export async function renameVenue(venueId: number, name: string, options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.renameVenue(venueId, name));
  printWritten(`Venue ${venueId} is called ${cleanText(name)}`, written, options);
}

/** `pratique registry venue status`. */
export async function setVenueStatus(
  venueId: number,
  status: ReachableVenueStatus,
  options: ReasonOptions,
): Promise<void> {
  const written = await withSender(options, (client) =>
    client.setVenueStatus(venueId, status, options.reason),
  );
  printWritten(`Venue ${venueId} is ${status}`, written, options);
}

/** `pratique registry venue show`. */
export async function showVenue(venue: string, options: ShowVenueOptions): Promise<void> {
  const client = await connectReader(options);
  const venueId = await venueNumber(client, venue, options.jurisdiction);
  const state = await client.venueOf(venueId);
  if (state.status === 'none') throw new RegistryError('REVERTED', `There is no venue ${venueId}.`);
  const entries = await readEntries(options.rpc, options.registry, {
    events: ['VenueRegistered', 'VenueRenamed', 'VenueStatusChanged'],
    first: `0x${venueId.toString(16).padStart(64, '0')}`,
  });
  const did = entries.find(({ event }) => event === 'VenueRegistered')?.details['did'];
  const name = String(entries.findLast(({ details }) => details['name'] !== undefined)?.details['name']);
  const change = entries.findLast(({ event }) => event === 'VenueStatusChanged');
  const since =
    change === undefined
      ? ''
      : ` since ${moment(change.time)}, by ${change.by}, reason ${reasonInWords(Number(change.details['reason']))}`;
  print(
    { venueId, did, name, ...state },
    [`Venue ${venueId}, ${cleanText(name)}, ${did}, is ${state.status} in ${state.jurisdiction}${since}`],
    options,
  );
}

async function venueNumber(
  client: RegistryClient,
  venue: string,
  jurisdiction: string | undefined,
): Promise<number> {
  if (/^\d{1,15}$/.test(venue)) return Number(venue);
  if (jurisdiction === undefined)
    throw new UsageError('A DID stands once in each jurisdiction: say --jurisdiction.');
  const venueId = await client.venueIdOf(jurisdiction, venue);
  if (venueId === 0)
    throw new RegistryError('REVERTED', `${jurisdiction} has registered no venue of this DID.`);
  return venueId;
}
