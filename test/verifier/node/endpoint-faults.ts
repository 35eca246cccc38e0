import type { ServerResponse } from 'node:http';
import { type Answer, result } from '../../contracts/rpc-stub.ts';

/** What nothing that is there hashes to. */
export const HASH = `0x${'11'.repeat(32)}`;

/** What an endpoint can do, by the fault that it is to be named with. */
export const FAULTS: readonly (readonly [string, string, Answer])[] = [
  ['hangs', 'UNREACHABLE', () => undefined],
  ['drops the connection', 'UNREACHABLE', (_method, _honest, response) => void response.destroy()],
  [
    'answers 500',
    'UNREACHABLE',
    (_method, _honest, response) => {
      response.statusCode = 500;
      return 'down';
    },
  ],
  ['answers with a page', 'ANSWER_INVALID', () => '<!doctype html>'],
  ['answers without end', 'ANSWER_INVALID', endlessly],
  [
    'answers with a megabyte of brackets',
    'ANSWER_INVALID',
    () => `{"jsonrpc":"2.0","id":1,"result":[${'{},'.repeat(700_000)}{}]}`,
  ],
  ['answers with a number for a block', 'ANSWER_INVALID', onMethod('eth_getBlockByNumber', () => result(7))],
  ['is on another chain', 'WRONG_CHAIN', onMethod('eth_chainId', () => result('0x1'))],
  ['has no registry', 'NO_REGISTRY', onMethod('eth_getCode', () => result('0x'))],
  ['has other code', 'CODE_DIFFERS', onMethod('eth_getCode', () => result('0x6000'))],
  ['has another head', 'HEAD_DIFFERS', onMethod('eth_call', () => result(`${HASH}${'0'.repeat(63)}1`))],
  [
    'has another block at the number',
    'BLOCK_DIFFERS',
    async (method, honest) => {
      const answer = (await honest()) as { result: object };
      return method === 'eth_getBlockByNumber' ? result({ ...answer.result, hash: HASH }) : answer;
    },
  ],
  [
    'is behind',
    'LAGGING',
    async (method, honest, _response, [tag]) => {
      const answer = (await honest()) as { result: object };
      const isTip = method === 'eth_getBlockByNumber' && (tag === 'latest' || tag === 'finalized');
      return isTip ? result({ ...answer.result, number: '0x0' }) : answer;
    },
  ],
  [
    'claims blocks that nobody has',
    'UNREACHABLE',
    async (method, honest, _response, [tag]) => {
      const answer = (await honest()) as { result: object };
      const isTip = method === 'eth_getBlockByNumber' && (tag === 'latest' || tag === 'finalized');
      if (isTip) return result({ ...answer.result, number: '0xffffff' });
      return method === 'eth_getBlockByNumber' ? result(null) : answer;
    },
  ],
];

/** What it can do once the head is agreed on: it tells that like the others. */
export const LATER_FAULTS: readonly (readonly [string, string, Answer])[] = [
  ['leaves an event out', 'LOG_DIFFERS', onLogs((logs) => logs.filter((_log, index) => index !== 1))],
  ['ends its log early', 'LOG_DIFFERS', onLogs((logs) => logs.slice(0, -1))],
  ['tells no events', 'LOG_DIFFERS', onLogs(() => [])],
  ['tells an event twice', 'LOG_DIFFERS', onLogs((logs) => [...logs.slice(0, 1), ...logs])],
  ['tells its events in another order', 'LOG_DIFFERS', onLogs((logs) => logs.toReversed())],
  [
    'changes an event',
    'LOG_DIFFERS',
    onLogs((logs) => logs.map((log) => ({ ...log, data: log.data.replace(/[1-9a-f](?=0*$)/, '0') }))),
  ],
  [
    'tells an event of another shape',
    'LOG_DIFFERS',
    onLogs((logs) => logs.map((log) => ({ ...log, topics: log.topics.slice(0, -1) }))),
  ],
  [
    'tells an event without data',
    'LOG_DIFFERS',
    onLogs((logs) => logs.map((log) => ({ ...log, data: '0x' }))),
  ],
  [
    'answers with a page when asked for logs',
    'LOG_DIFFERS',
    onMethod('eth_getLogs', () => '<!doctype html>'),
  ],
  ['hangs when asked for logs', 'UNREACHABLE', onMethod('eth_getLogs', () => undefined)],
  ['answers without end when asked for logs', 'LOG_DIFFERS', onEndless('eth_getLogs')],
  ['refuses to give logs', 'UNREACHABLE', onMethod('eth_getLogs', () => refusal(-32_005))],
  ['tells another revocation anchor', 'ANCHORS_DIFFER', onAnchors((data) => flipped(data))],
  ['tells no anchors', 'UNREACHABLE', onAnchors(() => '0x')],
  ['hangs when asked for anchors', 'UNREACHABLE', onAnchors(() => undefined)],
];

/** Faults in which nothing is told that two could tell alike. */
export const SILENT: ReadonlySet<string> = new Set(['UNREACHABLE', 'ANSWER_INVALID', 'NO_REGISTRY']);

/** White space without end: JSON allows it. */
function endlessly(_method: string, _honest: unknown, response: ServerResponse): undefined {
  const chunk = Buffer.alloc(2 ** 20, 0x20);
  const more = (error?: Error | null): void => {
    if (error === undefined || error === null) response.write(chunk, more);
  };
  response.on('error', () => undefined);
  more();
  return undefined;
}

function onEndless(wanted: string): Answer {
  return (method, honest, response) => (method === wanted ? endlessly(method, honest, response) : honest());
}

export function refusal(code: number): object {
  return { jsonrpc: '2.0', id: 1, error: { code, message: 'limit exceeded' } };
}

export function onMethod(wanted: string, answer: () => unknown): Answer {
  return async (method, honest) => (method === wanted ? answer() : honest());
}

interface Log {
  readonly topics: readonly string[];
  readonly data: string;
}

function onLogs(change: (logs: readonly Log[]) => readonly object[]): Answer {
  return async (method, honest) => {
    if (method !== 'eth_getLogs') return honest();
    const answer = (await honest()) as { result: readonly Log[] };
    return result(change(answer.result));
  };
}

/** The head is two words; the answer that holds anchors is longer. */
function onAnchors(change: (data: string) => string | undefined): Answer {
  return async (method, honest) => {
    if (method !== 'eth_call') return honest();
    const answer = (await honest()) as { result: string };
    if (answer.result.length <= 2 + 4 * 64) return answer;
    const changed = change(answer.result);
    return changed === undefined ? undefined : result(changed);
  };
}

/** One digit of the first root is another. */
function flipped(data: string): string {
  const at = data.length - 6 * 64 + 5;
  return `${data.slice(0, at)}${data[at] === '0' ? '1' : '0'}${data.slice(at + 1)}`;
}
