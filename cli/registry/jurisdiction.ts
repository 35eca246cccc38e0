import { readEntries } from '../../contracts/history.ts';
import { moment } from '../../contracts/moment.ts';
import { reasonInWords } from '../../contracts/reason.ts';
import { encodeJurisdiction, ZERO_ADDRESS } from '../../contracts/registry-encoding.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { cleanText } from '../display.ts';
import type { OpenOptions } from './commands/jurisdiction.ts';
import { connectReader, withSender } from './connect.ts';
import type { ReasonOptions, RegistryOptions, WriteOptions } from './options.ts';
import { print, printWritten, proposalInWords } from './print.ts';

/** `pratique registry jurisdiction open`. */
export async function openJurisdiction(code: string, options: OpenOptions): Promise<void> {
  const written = await withSender(options, (client) =>
    client.openJurisdiction(code, options.name, options.accreditor),
  );
  printWritten(`Jurisdiction ${code} is open`, written, options);
}

/** `pratique registry jurisdiction suspend` and `resume`. */
export async function suspendJurisdiction(
  code: string,
  suspended: boolean,
  options: ReasonOptions,
): Promise<void> {
  const written = await withSender(options, (client) =>
    client.setJurisdictionSuspended(code, suspended, options.reason),
  );
  printWritten(
    `Jurisdiction ${code} is ${suspended ? 'suspended' : 'no longer suspended'}`,
    written,
    options,
  );
}

/** `pratique registry jurisdiction propose-accreditor`. */
export async function proposeAccreditor(
  code: string,
  account: string | null,
  options: WriteOptions,
): Promise<void> {
  const written = await withSender(options, (client) => client.proposeAccreditor(code, account));
  printWritten(
    `Next accreditor of ${code}: ${proposalInWords(written) ?? 'nobody is proposed'}`,
    written,
    options,
  );
}

/** `pratique registry jurisdiction accept-accreditor`. */
export async function acceptAccreditor(code: string, options: WriteOptions): Promise<void> {
  const written = await withSender(options, async (client) => ({
    ...(await client.acceptAccreditor(code)),
    accreditor: await client.sender(),
  }));
  printWritten(`${written.accreditor} accredits in ${code}`, written, options);
}

/** `pratique registry jurisdiction show`. */
export async function showJurisdiction(code: string, options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const state = await client.jurisdictionOf(code);
  if (state.accreditor === ZERO_ADDRESS) {
    throw new RegistryError('REVERTED', `There is no jurisdiction ${code}.`);
  }
  const next = await client.accreditorProposalOf(code);
  const entries = await readEntries(options.rpc, options.registry, {
    events: ['JurisdictionOpened', 'JurisdictionSuspensionChanged'],
    first: encodeJurisdiction(code),
  });
  const name = String(entries.find(({ event }) => event === 'JurisdictionOpened')?.details['name'] ?? '');
  const change = entries.findLast(({ event }) => event === 'JurisdictionSuspensionChanged');
  const since = change === undefined ? '' : ` since ${moment(change.time)}, by ${change.by}`;
  const why = change === undefined ? '' : `, reason ${reasonInWords(Number(change.details['reason']))}`;
  print(
    { code, name, ...state, next: next.account === null ? null : next, suspensionChanged: change ?? null },
    [
      `Jurisdiction ${code}, ${cleanText(name)}`,
      `accreditor ${state.accreditor}`,
      state.suspended ? `suspended${since}${why}` : 'not suspended',
      ...[proposalInWords(next)].flatMap((words) =>
        words === undefined ? [] : [`next accreditor: ${words}`],
      ),
    ],
    options,
  );
}
