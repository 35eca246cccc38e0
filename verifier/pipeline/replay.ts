import { logGenesis, nextHead } from './registry-log.ts';
import type { RawLog } from './registry-log.ts';
import { ISSUER_EVENTS } from './replay/issuers.ts';
import { JURISDICTION_EVENTS } from './replay/jurisdictions.ts';
import { countedKeys, KEY_EVENTS } from './replay/keys.ts';
import { decode, LOG_EVENTS, topicCountOf } from './replay/log-event.ts';
import type { LogEventName, Rows } from './replay/log-event.ts';
import { emptyProjection, malformed } from './replay/projection.ts';
import type { Projection } from './replay/projection.ts';
import { PUBLICATION_EVENTS } from './replay/publications.ts';
import type { TrustDocument } from './trust-document.ts';
import { TrustError } from './trust-error.ts';

/** The part of a trust document that a log tells. */
export type ReplayedTrust = Pick<
  TrustDocument,
  'successor' | 'jurisdictions' | 'issuers' | 'keys' | 'venues' | 'rules'
>;

/** Who is trusted after a run of log events, and the head those events lead to. */
export interface Replay {
  readonly head: string;
  readonly size: number;
  readonly trust: ReplayedTrust;
}

/** What every log event does; one without a row does not compile. */
const ROWS: Rows<LogEventName> = {
  ...JURISDICTION_EVENTS,
  ...ISSUER_EVENTS,
  ...KEY_EVENTS,
  ...PUBLICATION_EVENTS,
};

/**
 * Replay a registry's log from its first event: recompute the head and project who is trusted.
 *
 * Logs of other topics (OpenZeppelin's, anchors) are skipped. The caller compares `head` and `size` with the chain's:
 * where the logs came from then does not matter. What the contract cannot emit is refused all the same, wherever to go
 * along with it could raise trust.
 *
 * @throws TrustError LOG_MALFORMED if an event is out of sequence, of the wrong shape, speaks of something unknown, or
 * undoes what is final
 */
export function replayLog(
  logs: readonly RawLog[],
  at: { readonly chainId: number; readonly registry: string },
): Replay {
  const projection = emptyProjection();
  let head = logGenesis(at.chainId, at.registry);
  let size = 0;
  for (const log of logs) {
    const event = LOG_EVENTS.get(log.topics[0]?.toLowerCase() ?? '');
    if (event === undefined) continue;
    if (log.topics.length !== topicCountOf(event)) {
      throw malformed('A log event has the wrong number of topics.');
    }
    head = nextHead(head, log); // refuses what is no hexadecimal
    if (BigInt(log.topics[1] ?? '') !== BigInt(size)) {
      throw malformed(`The log event at place ${size} carries another sequence number.`);
    }
    const apply = ROWS[event.name] as (values: unknown, projection: Projection) => void;
    apply(decode(event, log), projection);
    size += 1;
  }
  return { head, size, trust: trustOf(projection) };
}

/** Everything in the order in which the log introduced it, so that one log makes one document. */
function trustOf(projection: Projection): ReplayedTrust {
  const { successor, jurisdictions, issuers, formerStatusBases, venues, rules } = projection;
  return {
    successor,
    jurisdictions: [...jurisdictions.values()],
    issuers: [...issuers.values()].map((issuer) => ({
      ...issuer,
      formerStatusBases: [...(formerStatusBases.get(issuer.id) ?? [])].filter(
        (base) => base !== '' && base !== issuer.statusBase,
      ),
    })),
    keys: countedKeys(projection),
    venues: [...venues.values()],
    rules,
  };
}

/**
 * Hold a replay to the head and size that the chain holds.
 *
 * @throws TrustError HEAD_MISMATCH if the log was cut, added to or altered on its way here
 */
export function assertHead(
  replay: Pick<Replay, 'head' | 'size'>,
  chain: { readonly head: string; readonly size: number },
): void {
  if (replay.head !== chain.head.toLowerCase() || replay.size !== chain.size) {
    throw new TrustError(
      'HEAD_MISMATCH',
      "The registry's log does not lead to the head that the chain holds.",
    );
  }
}
