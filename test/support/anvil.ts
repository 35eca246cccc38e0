import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { LocalChain } from '../../cli/chain.ts';

/** Ends the program in `$0` when the other end of standard input is gone: whatever ended the tests, SIGKILL too. */
const UNTIL_INPUT_ENDS = '"$0" "$@" & program=$!; cat > /dev/null; kill "$program"; wait "$program"';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Where npm put anvil for this machine; undefined if it has none for it. */
const binary = findAnvil();

/** For `skip` of a test that needs anvil. */
export const withoutAnvil = binary === undefined ? 'npm has no anvil for this machine' : false;

function findAnvil(): string | undefined {
  const name = `@foundry-rs/anvil-${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  try {
    const found = createRequire(import.meta.url).resolve(`${name}/package.json`);
    // What starts it is a shell.
    return process.platform === 'win32' ? undefined : join(dirname(found), 'bin', 'anvil');
  } catch {
    return undefined;
  }
}

/** Start anvil on 127.0.0.1 and a free port, with the newest fork's limit on the gas of one transaction. */
export async function startAnvil({
  chainId = 31337,
}: { readonly chainId?: number } = {}): Promise<LocalChain> {
  if (binary === undefined) throw new Error(String(withoutAnvil));
  const network = ['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId)];
  const child = spawn('sh', ['-c', UNTIL_INPUT_ENDS, binary, ...network, '--enable-tx-gas-limit'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let told = '';
  for await (const part of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    told += String(part);
    if (/Listening on [\d.]+:\d+/.test(told)) break;
  }
  child.stdout.resume();
  child.unref();
  const [, port] = /Listening on [\d.]+:(\d+)/.exec(told) ?? [];
  if (port === undefined) throw new Error(`anvil did not start: ${told}`);
  return {
    rpcUrl: `http://127.0.0.1:${port}`,
    chainId,
    async stop() {
      const ended = once(child, 'exit');
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
