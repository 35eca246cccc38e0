import type { readLogs } from '../../contracts/event-reader.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import type { RawLog } from '../pipeline/registry-log.ts';
import { assertHead, replayLog } from '../pipeline/replay.ts';
import type { Replay } from '../pipeline/replay.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { named } from './chain-quorum.ts';
import type { AgreedState } from './chain-quorum.ts';
import type { EndpointFault, EndpointFaultCode } from './endpoint-fault.ts';

/** A log from elsewhere, whole: a file, or another verifier. */
export interface LogSource {
  /** As a report names it. */
  readonly name: string;
  readonly read: () => Promise<readonly RawLog[]>;
}

/** A log that leads to the head that was agreed on. */
export interface FoundLog {
  readonly logs: readonly RawLog[];
  readonly replay: Replay;
  /** Endpoints whose log does not. */
  readonly faults: readonly EndpointFault[];
}

/** Where a log is looked for. */
export interface LogSearch {
  readonly chainId: number;
  readonly registry: string;
  readonly sources: readonly LogSource[];
  readonly readLogs: typeof readLogs;
  /** Of one request. */
  readonly timeoutMs?: number | undefined;
}

interface Base {
  readonly logs: readonly RawLog[];
  readonly replay: Replay;
  /** The last block whose events are in it. */
  readonly block: number;
}

/**
 * Find a log that leads to a head: only what is new, from each endpoint that told the head; else the whole of it, from
 * each of them and from elsewhere. It does not matter who gives it.
 *
 * @throws TrustError HEAD_MISMATCH if nobody has it
 */
export async function findLog(
  search: LogSearch,
  goal: AgreedState,
  base: Base | undefined,
): Promise<FoundLog> {
  const { registry } = search;
  const faults = new Map<string, EndpointFaultCode>();
  const silent = new Set<RegistryError | undefined>();
  // Nothing happened: nothing to ask for.
  if (base !== undefined && leadsTo(base.replay, goal)) return { ...base, faults: [] };
  for (const from of base === undefined ? [undefined] : [base, undefined]) {
    for (const rpcUrl of goal.rpcUrls) {
      const range = { from: from === undefined ? 0 : from.block + 1, to: goal.block.number };
      const options = { timeoutMs: search.timeoutMs, maxLogs: goal.size - (from?.replay.size ?? 0) };
      const read = async (): Promise<readonly RawLog[]> =>
        (await search.readLogs(rpcUrl, registry, range, options)).map(({ topics, data }) => ({
          topics,
          data,
        }));
      const found = await tryLog(read, search, goal, from);
      if ('logs' in found) return { ...found, faults: named(faults) };
      // What a base does not go on from may be the base's fault: only a whole log says whose.
      if (from === undefined || found.fault !== 'LOG_DIFFERS') faults.set(rpcUrl, found.fault);
      silent.add(found.error);
    }
  }
  for (const { read } of search.sources) {
    const found = await tryLog(read, search, goal, undefined);
    if ('logs' in found) return { ...found, faults: named(faults) };
  }
  // Of a single endpoint, what it did is the answer.
  const [only] = goal.rpcUrls.length === 1 && search.sources.length === 0 ? silent : [];
  if (only !== undefined) throw only;
  throw new TrustError('HEAD_MISMATCH', 'No log that was offered leads to the head that the chain holds.');
}

/** Why there is no log from somebody. */
interface NoLog {
  readonly fault: EndpointFaultCode;
  readonly error: RegistryError | undefined;
}

async function tryLog(
  read: () => Promise<readonly RawLog[]>,
  search: LogSearch,
  goal: AgreedState,
  base: Base | undefined,
): Promise<Omit<FoundLog, 'faults'> | NoLog> {
  try {
    const more = await read();
    const replay = replayLog(more, search, base?.replay);
    assertHead(replay, goal);
    const logs = base === undefined ? more : [...base.logs, ...more];
    // Every stored log must be an event of the log, so that its place is its sequence number.
    return logs.length === replay.size - (base === undefined ? 0 : base.replay.size - base.logs.length)
      ? { logs, replay }
      : { fault: 'LOG_DIFFERS', error: undefined };
  } catch (error) {
    if (error instanceof TrustError) return { fault: 'LOG_DIFFERS', error: undefined };
    if (!(error instanceof RegistryError)) throw error;
    // To say nothing is another thing than to say something else.
    const isSilent = error.code === 'CHAIN_UNAVAILABLE';
    return { fault: isSilent ? 'UNREACHABLE' : 'LOG_DIFFERS', error: isSilent ? error : undefined };
  }
}

function leadsTo(replay: Replay, { head, size }: AgreedState): boolean {
  return replay.head === head.toLowerCase() && replay.size === size;
}
