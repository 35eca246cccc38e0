import { moment } from '../../contracts/moment.ts';
import { EXIT } from '../exit.ts';
import type { TrustedOptions } from './commands/log.ts';
import { connectReader } from './connect.ts';
import { print } from './print.ts';

/** `pratique registry trusted`: the answer of one node now; a venue replays the log instead. */
export async function showTrusted(iss: string, kid: string, options: TrustedOptions): Promise<void> {
  const client = await connectReader(options);
  const at = options.at ?? Math.floor(Date.now() / 1000);
  const trusted = await client.isTrusted(iss, kid, at);
  print(
    { iss, kid, at, trusted },
    [`${trusted ? 'Trusted' : 'Not trusted'}: ${iss} with key ${kid}, for a card issued at ${moment(at)}`],
    options,
  );
  if (!trusted) process.exitCode = EXIT.rejected;
}
