import { Interface, type LogDescription } from 'ethers';
import { issuerRegistryAbi } from './abi.ts';
import { invalidAnswer } from './json-rpc.ts';
import {
  assertDeployed,
  readChainId,
  readHead,
  readLatestBlock,
  readLogs,
  type ReaderOptions,
  type RegistryReading,
} from './log-reader.ts';
import { decodeJurisdiction, decodeKid, ISSUER_STATUS, REVOCATION, wordOf } from './registry-encoding.ts';

export type HistoryEvent = Extract<
  Extract<(typeof issuerRegistryAbi)[number], { type: 'event' }>,
  { inputs: readonly [{ name: 'seq' }, ...unknown[]] }
>['name'];

/** One event of the log in words: who, what, when. */
export interface HistoryEntry {
  readonly seq: number;
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  readonly by: string;
  readonly event: HistoryEvent;
  /** The other parameters by name: kids and coordinates in base64url, states as words. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface RegistryHistory extends RegistryReading {
  readonly entries: readonly HistoryEntry[];
}

const registryInterface = new Interface(issuerRegistryAbi);

/** How a parameter reads, by its name; numbers, truth values and texts as they are otherwise. */
const READINGS: Readonly<Record<string, (value: string) => string>> = {
  jurisdiction: decodeJurisdiction,
  kid: decodeKid,
  x: decodeKid,
  y: decodeKid,
  status: (value) => wordOf(ISSUER_STATUS, Number(value)),
  revocation: (value) => wordOf(REVOCATION, Number(value)),
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

function entryOf(log: {
  readonly topics: string[];
  readonly data: string;
  readonly block: number;
}): HistoryEntry {
  const parsed = parse(log);
  const details: Record<string, string | number | boolean> = {};
  for (const [index, { name }] of parsed.fragment.inputs.entries()) {
    const value: unknown = parsed.args[index];
    if (name === 'seq' || name === 'by' || name === 'time') continue;
    if (READINGS[name] !== undefined) details[name] = READINGS[name](String(value));
    else if (typeof value === 'boolean') details[name] = value;
    else details[name] = typeof value === 'bigint' ? Number(value) : String(value);
  }
  return {
    seq: Number(parsed.args['seq']),
    block: log.block,
    time: Number(parsed.args['time']),
    by: String(parsed.args['by']),
    event: parsed.name as HistoryEvent,
    details,
  };
}

function parse(log: { readonly topics: string[]; readonly data: string }): LogDescription {
  try {
    return registryInterface.parseLog(log) ?? invalidAnswer('a log event of the registry');
  } catch {
    return invalidAnswer('a log event of the registry');
  }
}
