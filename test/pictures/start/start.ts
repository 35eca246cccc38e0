import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AnsiUp } from 'ansi_up';
import { openChromium } from '../../support/chromium.ts';
import type { Studio } from '../take.ts';

const LOOP = fileURLToPath(new URL('loop-process.ts', import.meta.url));
const LIMIT_MS = 120_000;

/** A terminal, dark as most are; the rows of a QR code's half blocks have to touch. */
const STYLE = `
  body { margin: 0; background: #0f172a; color: #f1f5f9; font: 13px/15px 'DejaVu Sans Mono', monospace; }
  pre { margin: 0; padding: 20px; font: inherit; white-space: pre; display: inline-block; }
  .ansi-green-fg { color: #4ade80; }
  .ansi-red-fg { color: #f87171; }
  .ansi-yellow-fg { color: #fbbf24; }
  .ansi-cyan-fg { color: #22d3ee; }
`;

/** What `npm start` prints, as it prints it now, in its colours. */
export async function takeStart(studio: Studio): Promise<void> {
  const printed = await printedByStart();
  const browser = await openChromium();
  try {
    const page = await browser.context.newPage();
    await page.setContent(`<style>${STYLE}</style><pre>${htmlOf(printed)}</pre>`);
    const { width, height } = (await page.locator('pre').boundingBox()) ?? { width: 1, height: 1 };
    await page.setViewportSize({ width: Math.ceil(width), height: Math.ceil(height) });
    await studio.take('start', page, { colours: 16 });
  } finally {
    await browser.close();
  }
}

async function printedByStart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-pictures-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [LOOP], {
      cwd: folder,
      timeout: LIMIT_MS,
    });
    // Said only where a machine is slow.
    return stdout.replaceAll(/^ {2}… .*\n/gm, '').replaceAll(`${await realpath(folder)}/`, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function htmlOf(printed: string): string {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  return ansi.ansi_to_html(printed);
}
