/* A verifier node with a real store, log and crash handling, that also fails and crashes when it is told to. */
import { connect } from 'node:net';
import { serve } from '../../../../verifier/node/http/serve.ts';
import { createLog } from '../../../../verifier/http/request-log.ts';
import { endSilently } from '../../../../verifier/node/http/silent-crash.ts';
import { loadTrust } from '../../../../verifier/node/load-trust.ts';
import { NOW } from '../../../support/cards.ts';
import { venueWith } from './venues.ts';

const log = createLog(process.stdout);
endSilently(log);
const trust = await loadTrust({ store: process.argv[2] ?? '' });
const venue = venueWith(trust, {
  terms: ({ at, event, rules = 'none' }) => {
    if (rules.startsWith('throw')) throw new Error(`About ${rules}`);
    return { now: NOW, at, event, allowUnanchored: false, rules };
  },
});
/** Decisions are told of when their hour is over. */
let hoursLater = 0;
const clock = (): number => NOW + hoursLater * 3600;
const { url } = await serve(venue, { log, threads: 1, clock });
process.send?.(url);
process.on(
  'message',
  (order: { readonly crash?: string; readonly connect?: number; readonly later?: true }) => {
    if (order.later) {
      hoursLater += 1;
      process.send?.('later');
    }
    if (order.connect !== undefined) connect(order.connect, '127.0.0.1').on('error', () => undefined);
    if (order.crash !== undefined) crash(order.crash);
  },
);

function crash(about: string): void {
  setTimeout(() => {
    throw new Error(`About ${about}`);
  });
}
