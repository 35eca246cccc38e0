import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { LocalChain } from '../../cli/chain.ts';

/** Ends the program in `$0` when the other end of standard input is gone: whatever ended the tests, SIGKILL too. */
const UNTIL_INPUT_ENDS = '"$0" "$@" & program=$!; cat > /dev/null; kill "$program"; wait "$program"';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Where npm put anvil for this machine; undefined if it has none for it. */
export const anvilBinary = findAnvil();

function findAnvil(): string | undefined {
  const name = `@foundry-rs/anvil-${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  try {
    const found = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(found), 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch {
    return undefined;
  }
}

/**
 * Start anvil on 127.0.0.1 and a free port, under the rules of the newest fork and its limit on the gas of one
 * transaction; `options` are more of its own.
 */
export async function startAnvil(options: readonly string[] = []): Promise<LocalChain> {
  if (anvilBinary === undefined) throw new Error('There is no anvil for this machine.');
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--hardfork',
    'osaka',
    '--enable-tx-gas-limit',
    ...options,
  ];
  const child = spawn('sh', ['-c', UNTIL_INPUT_ENDS, anvilBinary, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let told = '';
  for await (const part of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    told += String(part);
    if (/Listening on [\d.]+:\d+/.test(told)) break;
  }
  child.stdout.resume();
  const [, port = ''] = /Listening on [\d.]+:(\d+)/.exec(told) ?? [];
  if (port === '') throw new Error(`anvil did not start: ${told}`);
  return {
    rpcUrl: `http://127.0.0.1:${port}`,
    chainId: 31337,
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
