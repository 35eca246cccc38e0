import type { Page } from 'playwright-core';
import upng from 'upng-js';
import { renderTextPath } from '../../../credential/qr.ts';
import type { Picture } from '../../support/pictures.ts';

/** What a camera of the tests sees. */
const LENS = { width: 640, height: 480 };

/** A code printed on a card that somebody holds a little askew over a table. */
export async function printedCard(page: Page, text: string, name: string): Promise<Picture> {
  return seen(
    page,
    `body { background: linear-gradient(160deg, #8d7a66, #6b5a4a); }
     .card { width: 300px; height: 400px; background: #f4f1ea; color: #222; transform: rotate(-3deg);
       box-shadow: 0 14px 30px #0008; border-radius: 6px; font: 18px sans-serif; text-align: center; }
     svg { width: 240px; height: 240px; } p { margin: 8px; } .card, .glass { display: grid; place-items: center; }`,
    `<div class="card"><div>${svgOf(text)}<p>${name}</p></div></div>`,
  );
}

/** A code on a phone's screen, under a lamp that shines in it. */
export async function phoneScreen(page: Page, text: string, name: string): Promise<Picture> {
  return seen(
    page,
    `body { background: linear-gradient(120deg, #5b6470, #39404a); }
     .phone { width: 310px; height: 460px; background: #10141a; border-radius: 34px; transform: rotate(2deg); padding: 14px 8px; }
     .glass { height: 432px; background: #fdfdfd; border-radius: 26px; font: 18px sans-serif; text-align: center;
       position: relative; overflow: hidden; }
     .glass::after { content: ''; position: absolute; inset: 0;
       background: radial-gradient(circle at 72% 30%, #fff8 0, #fff0 30%); }
     svg { width: 240px; height: 240px; } p { margin: 8px; } .card, .glass { display: grid; place-items: center; }`,
    `<div class="phone"><div class="glass"><div>${svgOf(text)}<p>${name}</p></div></div></div>`,
  );
}

/** Any picture, as large as the camera's, so that a page's own screenshot can be held before it. */
export async function heldBefore(page: Page, png: Uint8Array): Promise<Picture> {
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return seen(
    page,
    'body { background: #39404a; } img { height: 470px; }',
    `<img alt="" src="${source}" />`,
    async () => page.locator('img').evaluate(async (image: HTMLImageElement) => image.decode()),
  );
}

async function seen(
  page: Page,
  style: string,
  body: string,
  ready: () => Promise<unknown> = async () => Promise.resolve(),
): Promise<Picture> {
  await page.setViewportSize(LENS);
  const middle = 'body { margin: 0; height: 100vh; display: grid; place-items: center; overflow: hidden; }';
  await page.setContent(`<style>${middle}${style}</style>${body}`);
  await ready();
  return pictureOf(await page.screenshot());
}

/** A PNG by the brightness of its pixels (ITU-R BT.601). */
function pictureOf(png: Uint8Array): Picture {
  const decoded = upng.decode(new Uint8Array(png).buffer);
  const { width, height } = decoded;
  const pixels = new Uint8Array(upng.toRGBA8(decoded)[0] ?? new ArrayBuffer());
  const sample = (place: number): number => pixels[place] ?? 0;
  return {
    width,
    height,
    at: (x, y) => {
      const place = 4 * (y * width + x);
      return Math.round(0.299 * sample(place) + 0.587 * sample(place + 1) + 0.114 * sample(place + 2));
    },
  };
}

function svgOf(text: string): string {
  const { size, path } = renderTextPath(text);
  return (
    `<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`
  );
}
