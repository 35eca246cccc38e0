import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Runs something with all threads of this process held to one core, where the system can do that (Linux).
 *
 * What verifies in another thread (WebCrypto does) is measured with its hops between cores else, which take a third of
 * its time on some days and nothing on others.
 */
export async function onOneCore<T>(run: () => Promise<T>): Promise<T> {
  const cores = allowedCores();
  const held = cores !== undefined && hold(/\d+$/.exec(cores)?.[0] ?? cores);
  console.log(
    held ? 'All threads on one core.' : 'Threads on any core: what verifies in other threads varies.',
  );
  try {
    return await run();
  } finally {
    if (held) hold(cores);
  }
}

/** As the system lists them: 0-3,7. */
function allowedCores(): string | undefined {
  try {
    return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function hold(cores: string): boolean {
  try {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(process.pid)], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
