import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RegistryError } from '../contracts/registry-error.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

/** Hardhat's own chain id, known to every wallet as a local one. */
const LOCAL_CHAIN_ID = 31337;

export interface ChainOptions {
  /** A free one by default. */
  readonly port?: number;
  readonly chainId?: number;
  /** Name of an Ethereum hardfork; Hardhat's newest by default. */
  readonly hardfork?: string;
}

export interface LocalChain {
  readonly rpcUrl: string;
  readonly chainId: number;
  stop(): Promise<void>;
}

/**
 * Start a Hardhat JSON-RPC node on 127.0.0.1 in a process of its own, and return when it answers.
 *
 * It keeps nothing on disk, never outlives this process and never keeps it from ending. Throws RegistryError
 * CHAIN_UNAVAILABLE if it does not come up, as when the port is taken. `script`, the process, is replaced in tests only.
 */
export async function startChain(
  options: ChainOptions = {},
  script = new URL(`./chain-process${extname(import.meta.url)}`, import.meta.url),
): Promise<LocalChain> {
  const chainId = options.chainId ?? LOCAL_CHAIN_ID;
  const child = fork(fileURLToPath(script), [JSON.stringify({ ...options, chainId })], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const port = await listeningPort(child);
  child.unref();
  child.channel?.unref();
  return { rpcUrl: `http://127.0.0.1:${String(port)}`, chainId, stop: () => stop(child) };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const timer = new AbortController();
  const deadline = setTimeout(() => timer.abort(), START_TIMEOUT_MS);
  try {
    const message = await Promise.race([
      once(child, 'message', { signal: timer.signal }).then(([first]: unknown[]) => first),
      once(child, 'exit', { signal: timer.signal }).then(() => undefined),
    ]);
    if (typeof message === 'object' && message !== null && 'port' in message) return Number(message.port);
    throw new Error('the chain process ended');
  } catch {
    child.kill('SIGKILL');
    throw new RegistryError('CHAIN_UNAVAILABLE', 'The local chain did not start.');
  } finally {
    clearTimeout(deadline);
    timer.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const ended = once(child, 'exit');
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(deadline);
}
