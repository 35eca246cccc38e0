import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

/*
 * anvil, started by `startAnvil` only. It would outlive whoever started it; this process between the two ends it as soon
 * as the channel to the parent closes.
 */
const { port, chainId, hardfork } = JSON.parse(process.argv[2] ?? '{}') as {
  port?: number;
  chainId: number;
  hardfork?: string;
};
const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
const binary = `@foundry-rs/anvil-${process.platform}-${architecture}/bin/anvil`;
const args = ['--host', '127.0.0.1', '--port', String(port ?? 0), '--chain-id', String(chainId)];
if (hardfork !== undefined) args.push('--hardfork', hardfork);

const anvil = spawn(createRequire(import.meta.url).resolve(binary), args, {
  stdio: ['ignore', 'pipe', 'ignore'],
});
process.on('disconnect', () => {
  anvil.kill('SIGKILL');
  process.exit(0);
});
anvil.on('exit', () => process.exit(1));

for await (const line of createInterface(anvil.stdout)) {
  const [, listening] = /^Listening on 127\.0\.0\.1:(\d+)$/.exec(line) ?? [];
  if (listening !== undefined) process.send?.({ port: Number(listening) });
}
