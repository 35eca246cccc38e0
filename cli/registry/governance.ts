import { moment } from '../../contracts/moment.ts';
import { connectReader, withSender } from './connect.ts';
import type { RegistryOptions, WriteOptions } from './options.ts';
import { print, printWritten } from './print.ts';

/** `pratique registry governor show`. */
export async function showGovernor(options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const state = await client.governance();
  const { governor, next, delay, nextDelay } = state;
  print(
    state,
    [
      `Governor ${governor}`,
      next === null
        ? 'nobody named to follow'
        : `${next.account} may take over after ${moment(next.notBefore)}`,
      `delay ${inWords(delay)}${nextDelay === null ? '' : `, from ${moment(nextDelay.notBefore)} on ${inWords(nextDelay.delay)}`}`,
    ],
    options,
  );
}

/** `pratique registry governor propose`. */
export async function proposeGovernor(account: string, options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.proposeGovernor(account));
  printWritten(`${account} may take over as governor after ${moment(written.notBefore)}`, written, options);
}

/** `pratique registry governor accept`. */
export async function acceptGovernor(options: WriteOptions): Promise<void> {
  const written = await withSender(options, async (client) => ({
    ...(await client.acceptGovernor()),
    governor: await client.sender(),
  }));
  printWritten(`${written.governor} governs`, written, options);
}

/** `pratique registry governor cancel`. */
export async function cancelGovernor(options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.cancelGovernor());
  printWritten('Nobody is named to govern next', written, options);
}

/** `pratique registry governor delay`. */
export async function changeDelay(seconds: number, options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.changeDelay(seconds));
  printWritten(`From ${moment(written.notBefore)} on the delay is ${inWords(seconds)}`, written, options);
}

/** `pratique registry governor cancel-delay`. */
export async function cancelDelay(options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.cancelDelay());
  printWritten('The delay stays as it is', written, options);
}

const UNITS = [
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
] as const;

function inWords(seconds: number): string {
  const [size, unit] = UNITS.find(([each]) => seconds >= 2 * each && seconds % each === 0) ?? [1, 'seconds'];
  return `${seconds / size} ${unit}`;
}
