import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Why faults cannot be injected into system calls here; false if they can. */
export const NO_STRACE: string | false = (() => {
  if (process.platform !== 'linux') return 'strace is of Linux';
  if (spawnSync('strace', ['-V']).error !== undefined) return 'strace is not installed';
  // Some machines let it trace what it started, and nothing else.
  const attach = 'sleep 0.2 & strace -qq -e trace=none -p $!';
  const { status, stderr } = spawnSync('sh', ['-c', attach], { encoding: 'utf8' });
  return status === 0
    ? false
    : `this machine does not let strace trace: ${stderr.trim().split('\n')[0] ?? ''}`;
})();

/** Traces a process with all its threads, whatever they do to its system calls; the answer lets go of it again. */
export async function attachStrace(pid: number, words: readonly string[]): Promise<() => Promise<void>> {
  const strace = spawn('strace', ['-f', '-p', String(pid), '-o', '/dev/null', ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(strace, 'exit');
  let told = '';
  await new Promise<void>((attached, failed) => {
    // Read to the end: it dies of a pipe that nobody reads.
    strace.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      if (told.includes('attached')) attached();
    });
    strace.once('exit', () => failed(new Error(`strace did not attach: ${told}`)));
  });
  return async () => {
    strace.kill('SIGINT');
    await exited;
  };
}
