import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChain } from '../../cli/chain.ts';

/** A block of commands in a guide, with what it says that they print. */
export interface Block {
  readonly commands: string;
  readonly prints: string;
}

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

/** A line that no command prints, between what the blocks print. */
const BETWEEN = '@@ next block @@';

/**
 * What a guide takes for granted: `pratique`, whose node is where it is looked for unless `--rpc` says otherwise, and that
 * time goes by.
 */
const PRELUDE = `
sleep() {
  "$NODE" -e 'fetch(process.argv[1], {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "evm_increaseTime", params: [Number(process.argv[2])] }),
  })' "$RPC" "$1"
}
pratique() {
  case "$1 $2" in
    'registry account') [ "$3" = new ] && set -- "$@" || set -- "$@" --rpc "$RPC" ;;
    'registry '*) set -- "$@" --rpc "$RPC" ;;
  esac
  # In the background, $! is then its own.
  [ "$BASHPID" = "$$" ] || exec "$NODE" "$PROGRAM" "$@"
  "$NODE" "$PROGRAM" "$@"
}`;

/** The blocks of a guide: each fence of `sh`, with the fence of `text` behind it. */
export function blocksOf(markdown: string): Block[] {
  const fences = markdown.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```)?/gms);
  return Array.from(fences, ([, commands = '', prints = '']) => ({ commands, prints }));
}

/** Run all blocks in one shell, in a folder of its own; what each of them printed. */
export async function runBlocks(
  blocks: readonly Block[],
  at: { readonly rpcUrl: string; readonly cwd: string },
): Promise<string[]> {
  const script = blocks
    .map(({ commands }) => commands.replaceAll('http://127.0.0.1:8545', '$RPC'))
    .join(`echo '${BETWEEN}'\n`);
  const child = spawn('bash', ['-c', `exec 2>&1\n${PRELUDE}\n${script}`], {
    cwd: at.cwd,
    env: { ...process.env, NO_COLOR: '1', NODE: process.execPath, PROGRAM, RPC: at.rpcUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  // How long something takes is no part of what it says.
  return printed.replaceAll(/^.*: \d+ s so far\n/gm, '').split(`${BETWEEN}\n`);
}

/** Run a guide of `docs/` for an issuer of New York, in a folder and on a chain of its own. */
export async function runIssuerGuide(
  name: string,
  cwd: string,
): Promise<{ readonly blocks: readonly Block[]; readonly printed: readonly string[] }> {
  const blocks = blocksOf(await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8'));
  const values = new URL('../../verifier/rules/US-NY/COVID-19.json', import.meta.url);
  await copyFile(values, join(cwd, 'values.json'));
  const chain = await startChain();
  try {
    return { blocks, printed: await runBlocks(blocks, { rpcUrl: chain.rpcUrl, cwd }) };
  } finally {
    await chain.stop();
  }
}
