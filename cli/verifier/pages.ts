import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Built with the published package. */
const BUILT = fileURLToPath(new URL('../../pages', import.meta.url));
/** In a checkout, what builds them. */
const BUILDER = fileURLToPath(new URL('../../.ci/pages.mjs', import.meta.url));

/**
 * The folder of the scanner page: of the package, or built now in a checkout, which says so on standard error; undefined
 * if it cannot be built, which says why.
 */
export async function scannerPages(): Promise<string | undefined> {
  if (existsSync(BUILT)) return BUILT;
  if (!existsSync(BUILDER)) return undefined;
  try {
    const building = promisify(execFile)(process.execPath, [BUILDER], { timeout: BUILD_LIMIT_MS });
    building.child.stderr?.pipe(process.stderr, { end: false });
    return (await building).stdout.trim();
  } catch {
    process.stderr.write('The scanner page could not be built; decisions are served all the same.\n');
    return undefined;
  }
}

/** A second or two on a quiet machine. */
const BUILD_LIMIT_MS = 120_000;
