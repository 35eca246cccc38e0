import * as AbiEvent from 'ox/AbiEvent';
import { issuerRegistryAbi } from './abi.ts';
import {
  askNode,
  hexBytes,
  invalidAnswer,
  isRecord,
  quantity,
  refusedBy,
  type RpcAnswer,
  type RpcOptions,
} from './json-rpc.ts';
import type { RegistryLog } from './log-reader.ts';
import { RegistryError } from './registry-error.ts';

/** A log with its place in the chain. */
export interface PlacedLog extends RegistryLog {
  readonly block: number;
  readonly index: number;
}

/** Which logs to read; all log events by default. */
export interface LogFilter extends RpcOptions {
  /** The events (topic 0), then what each further topic must be; null for anything. */
  readonly topics?: readonly [events: readonly string[], ...others: (string | null)[]];
  /** Give up after as many requests, after as many milliseconds in all, or at more events than there are. */
  readonly maxRequests?: number;
  readonly deadlineMs?: number | undefined;
  readonly maxLogs?: number | undefined;
}

/** Five million blocks of a node that gives a thousand at a time: for every second request is a refused one. */
const MAX_LOG_REQUESTS = 10_000;

/** One that gives its log more slowly than this keeps others waiting. */
const LOG_DEADLINE_MS = 120_000;

/** The closed list of log events: those whose first indexed parameter is `seq`. */
const LOG_TOPICS: ReadonlySet<string> = new Set(
  issuerRegistryAbi.flatMap((item) =>
    item.type === 'event' && item.inputs[0].name === 'seq' ? [AbiEvent.getSelector(item)] : [],
  ),
);

/**
 * The log events of the registry in a range of blocks, both ends included, in order; or others, as the filter says.
 *
 * Nodes refuse ranges that are too long for them, each by its own rule and in its own words: a range that is refused is
 * asked for in halves, and so is one whose answer is too large. Throws RegistryError CHAIN_UNAVAILABLE if the node refuses
 * a single block, or takes so little at a time, or so long, that the end is not reached; CHAIN_ANSWER_INVALID if it tells
 * more events than there are.
 */
export async function readLogs(
  rpcUrl: string,
  registry: string,
  range: { readonly from: number; readonly to: number },
  options: LogFilter = {},
): Promise<PlacedLog[]> {
  const { topics = [[...LOG_TOPICS]], maxRequests = MAX_LOG_REQUESTS, maxLogs = Infinity } = options;
  const deadline = performance.now() + (options.deadlineMs ?? LOG_DEADLINE_MS);
  const logs: PlacedLog[] = [];
  const waiting = [range];
  let requests = 0;
  for (let asked = waiting.pop(); asked !== undefined; asked = waiting.pop()) {
    requests += 1;
    if (requests > maxRequests || performance.now() > deadline) {
      throw new RegistryError(
        'CHAIN_UNAVAILABLE',
        "The chain's node gives so few blocks of logs at a time, or so slowly, that the log cannot be read from it.",
      );
    }
    const filter = { address: registry, fromBlock: hex(asked.from), toBlock: hex(asked.to), topics };
    const answer = await askForLogs(rpcUrl, filter, options);
    if (answer !== 'too-large' && 'result' in answer) {
      appendLogs(logs, answer.result, { registry, events: new Set(topics[0]) });
      if (logs.length > maxLogs) invalidAnswer('as many logs as there are');
    } else if (asked.from < asked.to) {
      const middle = Math.floor((asked.from + asked.to) / 2);
      waiting.push({ from: middle + 1, to: asked.to }, { from: asked.from, to: middle });
    } else {
      throw answer === 'too-large'
        ? new RegistryError(
            'CHAIN_ANSWER_TOO_LARGE',
            "The chain's node tells more logs of one block than fit in it.",
          )
        : refusedBy(rpcUrl, 'eth_getLogs', answer.refusal);
    }
  }
  return logs;
}

async function askForLogs(
  rpcUrl: string,
  filter: object,
  options: RpcOptions,
): Promise<RpcAnswer | 'too-large'> {
  try {
    return await askNode(rpcUrl, 'eth_getLogs', [filter], options);
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'CHAIN_ANSWER_TOO_LARGE') return 'too-large';
    throw error;
  }
}

function appendLogs(
  logs: PlacedLog[],
  answer: unknown,
  { registry, events }: { readonly registry: string; readonly events: ReadonlySet<string> },
): void {
  if (!Array.isArray(answer)) invalidAnswer('a list of logs');
  for (const item of answer as unknown[]) {
    const log = placedLog(item, registry);
    if (!events.has(log.topics[0] ?? '')) continue;
    const previous = logs.at(-1);
    const inOrder =
      previous === undefined ||
      log.block > previous.block ||
      (log.block === previous.block && log.index > previous.index);
    if (!inOrder) invalidAnswer('a list of logs in order');
    logs.push(log);
  }
}

function placedLog(value: unknown, registry: string): PlacedLog {
  if (!isRecord(value) || !Array.isArray(value['topics'])) invalidAnswer('a log');
  const address = hexBytes(value['address'], 20);
  if (address !== registry.toLowerCase()) invalidAnswer('a log of this registry');
  return {
    topics: (value['topics'] as unknown[]).map((topic) => hexBytes(topic, 32)),
    data: hexBytes(value['data']),
    block: quantity(value['blockNumber']),
    index: quantity(value['logIndex']),
  };
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}
