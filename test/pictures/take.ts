import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { shrunk } from './shrunk.ts';

/** How many dots of a picture make one pixel of a page. */
export const DOTS = 2;

/** A telephone, upright. */
export const PHONE = { width: 360, height: 720 };

/** How a picture is taken: of all of the page, however high; in so many colours. */
export interface Taking {
  readonly fullPage?: boolean;
  readonly colours?: number;
}

/** Keeps a picture of what a page shows now under that name, which is without its ending. */
export interface Studio {
  readonly take: (name: string, page: Page, taking?: Taking) => Promise<void>;
  /** Keeps a picture that was made elsewhere. */
  readonly keep: (name: string, png: Uint8Array, colours?: number) => Promise<void>;
}

/** What was taken in a folder, in order. */
export function studioIn(folder: string, taken: string[]): Studio {
  const keep: Studio['keep'] = async (name, png, colours) => {
    const file = `${name}.png`;
    const small = shrunk(png, colours);
    await writeFile(join(folder, file), small);
    taken.push(file);
    process.stdout.write(`  ${file} ${Math.ceil(small.length / 1000)} kB\n`);
  };
  return {
    keep,
    take: async (name, page, { fullPage = false, colours } = {}) => {
      const size = page.viewportSize();
      // A window as high as the page, so that what sticks to its edge does not stand in the middle.
      if (fullPage && size !== null) {
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ ...size, height: Math.max(size.height, height) });
      }
      // Nothing in the midst of moving, and no caret that blinks.
      const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      if (fullPage && size !== null) await page.setViewportSize(size);
      await keep(name, png, colours);
    },
  };
}
