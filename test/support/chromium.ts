import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
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
];

/** The path of this machine's Chromium; undefined if it has none. */
export function findChromium(): string | undefined {
  return NAMES.map(findProgram).find((path) => path !== undefined);
}

function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
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

const certutil = findProgram('certutil');

/** For `skip`: why a test that adds to Chromium's certificates does not run, or false. */
export const withoutCertutil =
  certutil === undefined &&
  'No certutil on the PATH: install Debian’s package libnss3-tools to run this test.';

/** A browser without a past, and every address that anything in it asked for. */
export interface FreshBrowser {
  readonly context: BrowserContext;
  readonly requested: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * @param options names that lead to this machine, as all others lead nowhere; a home folder, whose certificates
 *   (.pki/nssdb) it trusts; a film (YUV4MPEG2) that its camera sees again and again; and how many of its screen's dots
 *   make one pixel of a page
 */
export async function openChromium(
  options: {
    readonly hosts?: readonly string[];
    readonly home?: string;
    readonly film?: string;
    readonly dots?: number;
  } = {},
): Promise<FreshBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-chromium-'));
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium here.');
  const hosts = (options.hosts ?? []).map((host) => `MAP ${host} 127.0.0.1`);
  const rules = [...hosts, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'];
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    deviceScaleFactor: options.dots ?? 1,
    args: [...FLAGS, ...cameraFlags(options.film), `--host-resolver-rules=${rules.join(', ')}`],
    ...(options.home === undefined ? {} : { env: { ...process.env, HOME: options.home } }),
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

/** Without a film a camera that is not there. */
function cameraFlags(film: string | undefined): readonly string[] {
  return film === undefined
    ? []
    : [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ];
}

/** Make a home folder for a Chromium that trusts servers by that CA (a PEM file), or by none of ours. */
export async function prepareHome(home: string, ca: string | undefined): Promise<void> {
  if (certutil === undefined) throw new Error('There is no certutil here.');
  const database = join(home, '.pki', 'nssdb');
  await mkdir(database, { recursive: true });
  const run = promisify(execFile);
  await run(certutil, ['-d', `sql:${database}`, '-N', '--empty-password']);
  if (ca === undefined) return;
  await run(certutil, ['-d', `sql:${database}`, '-A', '-n', 'pratique', '-t', 'C,,', '-i', ca]);
}
