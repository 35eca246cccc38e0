import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Built with the published package, each in the folder of its name. */
const BUILT = fileURLToPath(new URL('../pages/', import.meta.url));
/** In a checkout, what builds them. */
const BUILDER = fileURLToPath(new URL('../.ci/pages.mjs', import.meta.url));

/**
 * The folder of a page: of the package, or built now in a checkout, which says so on standard error; undefined if it
 * cannot be built, which says why.
 */
export async function builtPage(name: 'scanner' | 'wallet'): Promise<string | undefined> {
  const built = `${BUILT}${name}`;
  if (existsSync(built)) return built;
  if (!existsSync(BUILDER)) return undefined;
  try {
    const building = promisify(execFile)(process.execPath, [BUILDER, name], { timeout: BUILD_LIMIT_MS });
    building.child.stderr?.pipe(process.stderr, { end: false });
    return (await building).stdout.trim();
  } catch {
    process.stderr.write(`The ${name} page could not be built; everything else is served all the same.\n`);
    return undefined;
  }
}

/** A second or two on a quiet machine. */
const BUILD_LIMIT_MS = 120_000;
