import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { rm } from 'node:fs/promises';

/*
 * The server of a cluster, started by `startPostgres` only. It would outlive whoever started it; this process between the
 * two ends it, and takes its folder away, as soon as the channel to the parent closes.
 */
const { binary, args, user, folder, log } = JSON.parse(process.argv[2] ?? '{}') as {
  binary: string;
  args: string[];
  user: { uid: number; gid: number } | undefined;
  folder: string;
  log: string;
};
const said = openSync(log, 'a', 0o600);
let server: ChildProcess | undefined;

process.on('message', (asked: 'start' | NodeJS.Signals) => {
  if (asked !== 'start') {
    server?.kill(asked);
    return;
  }
  const started = spawn(binary, args, { ...user, cwd: folder, stdio: ['ignore', said, said] });
  server = started;
  const ended = (): void => {
    if (server === started) server = undefined;
    if (process.connected) process.send?.('ended');
    else void leave();
  };
  started.once('exit', ended);
  started.once('error', ended);
});

process.on('disconnect', () => {
  // Its processes end at once, and nothing of it is needed any more.
  if (server === undefined) void leave();
  else server.kill('SIGQUIT');
});

async function leave(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}
