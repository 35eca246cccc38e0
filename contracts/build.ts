import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { HardhatUserConfig } from 'hardhat/config';
import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCK = `${ROOT}cache/build.lock`;
const LOCK_POLL_MS = 100;

/**
 * A Hardhat environment of this project in which the contracts are compiled, from the cache if nothing changed.
 *
 * `overrides` replaces members of hardhat.config.ts. Hardhat is loaded here and nowhere else outside the chain's own
 * process: it is a development dependency.
 */
export async function builtHardhat(overrides: HardhatUserConfig = {}): Promise<HardhatRuntimeEnvironment> {
  const [{ createHardhatRuntimeEnvironment }, { default: config }] = await Promise.all([
    import('hardhat/hre'),
    import('../hardhat.config.ts'),
  ]);
  const hre = await createHardhatRuntimeEnvironment(
    { ...config, ...overrides, paths: { ...config.paths, ...overrides.paths } },
    { config: `${ROOT}hardhat.config.ts` },
    ROOT,
  );
  await lock();
  try {
    await hre.tasks.getTask('build').run({ quiet: true, noTests: true });
  } finally {
    await rm(LOCK, { force: true });
  }
  return hre;
}

/** Test files run in processes of their own, and Hardhat does not keep two of them from writing one artifact. */
async function lock(): Promise<void> {
  await mkdir(`${ROOT}cache`, { recursive: true });
  for (;;) {
    try {
      await writeFile(LOCK, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(LOCK, 'utf8').catch(() => '0'));
    if (owner > 0 && !isAlive(owner)) await rm(LOCK, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
