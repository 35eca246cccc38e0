import * as AbiEvent from 'ox/AbiEvent';
import { issuerRegistryAbi } from './abi.ts';
import { type LogFilter, readLogs } from './event-reader.ts';
import { invalidAnswer } from './json-rpc.ts';
import {
  assertDeployed,
  readChainId,
  readHead,
  readLatestBlock,
  type ReaderOptions,
  type RegistryLog,
  type RegistryReading,
} from './log-reader.ts';
import {
  decodeJurisdiction,
  decodeKid,
  ISSUER_STATUS,
  REVOCATION,
  VENUE_STATUS,
  wordOf,
} from './registry-encoding.ts';

type LogEvent = Extract<
  Extract<(typeof issuerRegistryAbi)[number], { type: 'event' }>,
  { inputs: readonly [{ name: 'seq' }, ...unknown[]] }
>;

export type HistoryEvent = LogEvent['name'];

/** One event of the log in words: who, what, when. */
export interface HistoryEntry {
  readonly seq: number;
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  readonly by: string;
  readonly event: HistoryEvent;
  /**
   * The other parameters by name: kids and coordinates in base64url, states as words. Texts are as somebody wrote them,
   * with U+FFFD where they are not UTF-8.
   */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface RegistryHistory extends RegistryReading {
  readonly entries: readonly HistoryEntry[];
}

const LOG_EVENTS: ReadonlyMap<string, LogEvent> = new Map(
  issuerRegistryAbi.flatMap((item) =>
    item.type === 'event' && isLogEvent(item) ? [[AbiEvent.getSelector(item), item] as const] : [],
  ),
);

/** How a parameter reads, by its Solidity type or else its name; numbers, truth values and texts as they are otherwise. */
const READINGS: Readonly<Record<string, (value: string) => string>> = {
  'enum IIssuerRegistry.IssuerStatus': (value) => wordOf(ISSUER_STATUS, Number(value)),
  'enum IIssuerRegistry.VenueStatus': (value) => wordOf(VENUE_STATUS, Number(value)),
  'enum IIssuerRegistry.RevocationMethod': (value) => wordOf(REVOCATION, Number(value)),
  jurisdiction: decodeJurisdiction,
  id: decodeJurisdiction,
  kid: decodeKid,
  x: decodeKid,
  y: decodeKid,
};

/**
 * Read the whole log with what each event says. As with `readRegistry`, nothing is verified here: compare the head.
 *
 * Throws RegistryError as `readRegistry` does.
 */
export async function readHistory(
  rpcUrl: string,
  registry: string,
  options: ReaderOptions = {},
): Promise<RegistryHistory> {
  const chainId = await readChainId(rpcUrl, options);
  const block = await readLatestBlock(rpcUrl, options);
  await assertDeployed(rpcUrl, registry, block.number, options);
  const { head, size } = await readHead(rpcUrl, registry, block.number, options);
  const logs = await readLogs(rpcUrl, registry, { from: 0, to: block.number }, options);
  return { chainId, block, head, size, logs, entries: logs.map((log) => entryOf(log)) };
}

/**
 * Read the events of a few kinds about one thing, in order: an issuer or a venue by its number, a jurisdiction by its
 * code, a burned point by its kid; with a kid besides, of one key of the issuer only.
 *
 * It is what the node tells, held against nothing. Throws RegistryError as `readLogs` does.
 */
export async function readEntries(
  rpcUrl: string,
  registry: string,
  about: {
    readonly events: readonly HistoryEvent[];
    /** The second indexed parameter, 0x-hex of 32 bytes. */
    readonly first: string;
    /** The third. */
    readonly second?: string;
  },
  options: Pick<LogFilter, 'maxRequests'> = {},
): Promise<HistoryEntry[]> {
  const { events, first, second } = about;
  const selectors = [...LOG_EVENTS].flatMap(([selector, { name }]) =>
    events.includes(name) ? [selector] : [],
  );
  const { number } = await readLatestBlock(rpcUrl);
  const topics = [selectors, null, first, ...(second === undefined ? [] : [second])] as const;
  const logs = await readLogs(rpcUrl, registry, { from: 0, to: number }, { ...options, topics });
  return logs.map((log) => entryOf(log));
}

function entryOf(log: RegistryLog & { readonly block: number }): HistoryEntry {
  const event = LOG_EVENTS.get(log.topics[0] ?? '') ?? invalidAnswer('a log event of the registry');
  const values = decode(event, log);
  const details: Record<string, string | number | boolean> = {};
  for (const { name, internalType } of event.inputs) {
    const value = values[name];
    if (name === 'seq' || name === 'by' || name === 'time') continue;
    const reading = READINGS[internalType] ?? READINGS[name];
    if (reading !== undefined) details[name] = reading(String(value));
    else if (typeof value === 'boolean') details[name] = value;
    else details[name] = typeof value === 'string' ? value : exactly(value);
  }
  return {
    seq: Number(values['seq']),
    block: log.block,
    time: Number(values['time']),
    by: String(values['by']),
    event: event.name,
    details,
  };
}

/** A number as it is; one that JavaScript would round, such as a chain's id may be, in its digits. */
function exactly(value: unknown): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** The decoder of the verifiers' replay, so that what one reads the other reads: ethers fails for a name that is not UTF-8. */
function decode(event: LogEvent, { topics, data }: RegistryLog): Readonly<Record<string, unknown>> {
  try {
    const log = { topics: topics as [`0x${string}`, ...`0x${string}`[]], data: data as `0x${string}` };
    return AbiEvent.decode<AbiEvent.AbiEvent>(event, log, { checksumAddress: true }) as Record<
      string,
      unknown
    >;
  } catch {
    return invalidAnswer('a log event of the registry');
  }
}

function isLogEvent(event: {
  readonly inputs: readonly [{ readonly name: string }, ...unknown[]];
}): event is LogEvent {
  return event.inputs[0].name === 'seq';
}
