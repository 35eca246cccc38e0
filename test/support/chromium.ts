import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Quiet, without a network of its own, and able to run as root, as CI does. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** The path of this machine's Chromium; undefined if it has none. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** For `skip`: why a test that needs Chromium does not run, or false. */
export const withoutChromium =
  findChromium() === undefined &&
  'No Chromium on the PATH: install Debian’s package chromium to run this test.';

/** A browser without a past, and every address that anything in it asked for. */
export interface FreshBrowser {
  readonly context: BrowserContext;
  readonly requested: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openChromium(): Promise<FreshBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-chromium-'));
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium here.');
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    args: FLAGS,
  });
  const requested: string[] = [];
  context.on('request', (request) => requested.push(request.url()));
  return {
    context,
    requested,
    close: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
