import * as AbiEvent from 'ox/AbiEvent';
import { issuerRegistryAbi } from '../../../contracts/abi.ts';
import { encodeBase64url } from '../../../credential/base64url.ts';
import type { RawLog } from '../registry-log.ts';
import { malformed } from './projection.ts';
import type { Projection } from './projection.ts';

type RegistryEvent = Extract<(typeof issuerRegistryAbi)[number], { readonly type: 'event' }>;

/** An event of the log: its first parameter is `seq`. The others are skipped by every reader. */
export type LogEvent = Extract<
  RegistryEvent,
  { readonly inputs: readonly [{ readonly name: 'seq' }, ...unknown[]] }
>;

export type LogEventName = LogEvent['name'];

/** What each of some events does to the projection. */
export type Rows<Name extends LogEventName> = {
  readonly [N in Name]: (
    event: AbiEvent.decode.ReturnType<Extract<LogEvent, { readonly name: N }>>,
    projection: Projection,
  ) => void;
};

/** The closed list of log events, by topic. Each knows its topic, or every decoding would hash the signature anew. */
export const LOG_EVENTS: ReadonlyMap<string, LogEvent> = new Map(
  issuerRegistryAbi.flatMap((item) => {
    if (item.type !== 'event' || !isLogEvent(item)) return [];
    const hash = AbiEvent.getSelector(item);
    return [[hash, { ...item, hash }] as const];
  }),
);

function isLogEvent(event: RegistryEvent): event is LogEvent {
  return event.inputs[0].name === 'seq';
}

/** How many topics a log of this event has. */
export function topicCountOf({ inputs }: LogEvent): number {
  return 1 + inputs.filter(({ indexed }) => indexed).length;
}

/**
 * The parameters of an event by name.
 *
 * @throws TrustError LOG_MALFORMED
 */
export function decode(event: LogEvent, { topics, data }: RawLog): AbiEvent.decode.ReturnType {
  try {
    // Hexadecimal means the same in capitals, and the decoder compares topics as text.
    const log = { topics: topics.map((topic) => topic.toLowerCase()), data };
    return AbiEvent.decode<AbiEvent.AbiEvent>(event, log as unknown as AbiEvent.decode.Log);
  } catch {
    throw malformed('A log event does not have the shape that its topic promises.');
  }
}

/** An id or a version: what a number cannot hold exactly would be taken for another. */
export function exactly(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw malformed('A log event holds a number that no registry gives.');
  return number;
}

/** uint64 seconds as a number; dates beyond 2^53 all mean "far away". */
export function seconds(value: bigint): number {
  return Number(value > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : value);
}

/** The word for the number of a state; the words of a table begin with that for 0, undefined if an event never says it. */
export function wordOf<T>(words: readonly (T | undefined)[], number: number): T {
  const word = words[number];
  if (word === undefined) throw malformed('A log event gives something a state that does not exist.');
  return word;
}

export function base64urlOf(hex: string): string {
  return encodeBase64url(bytesOf(hex));
}

/** ASCII text left-aligned in 32 bytes. */
export function shortText(hex: string): string {
  return new TextDecoder().decode(bytesOf(hex)).replace(/\0+$/, '');
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
