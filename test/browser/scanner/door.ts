import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { create } from 'qrcode/lib/core/qrcode.js';
import { builtPage } from '../../../cli/built-page.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { signBundle } from '../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { serve } from '../../../verifier/node/http/serve.ts';
import type { RunningServer } from '../../../verifier/node/http/serve.ts';
import type { TrustReport, Venue } from '../../../verifier/node/venue.ts';
import type { RawLog } from '../../../verifier/pipeline/registry-log.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import type { ChainSource, TrustDocument } from '../../../verifier/pipeline/trust-document.ts';
import { indexTrust } from '../../../verifier/pipeline/trust.ts';
import { DEFAULT_POLICY } from '../../../verifier/pipeline/venue-policy.ts';
import { anchoredRids, DAY, healthCard, mintCard, newKey, trustDocument } from '../../support/cards.ts';
import { openChromium } from '../../support/chromium.ts';
import type { FreshBrowser } from '../../support/chromium.ts';
import type { Picture } from '../../support/pictures.ts';
import { CHAIN, keyListed, opened, registered, registryLog } from '../../verifier/registry-events.ts';
import { writeFilm } from './camera-film.ts';
import type { Scene } from './camera-film.ts';

/** This test's moment, Unix seconds: the browser's clock is the machine's. */
export const NOW = Math.floor(Date.now() / 1000);

/** Revokes by a list of rids, which the venue holds. */
export const LISTED = newKey();
/** Revokes by a list that the venue does not hold. */
export const UNLISTED = newKey();
/** Nobody lists it. */
export const STRANGER = newKey();

export const EVENTS = [opened(), registered(), keyListed(LISTED, 2), keyListed(UNLISTED, 2)] as const;
export const LOG: readonly RawLog[] = registryLog(...EVENTS);

/** The card of a person who does not exist, issued yesterday. */
export function cardOf(
  name: { readonly given: string; readonly family: string },
  { key = LISTED, exp, rid = 'rid-1' }: { key?: typeof LISTED; exp?: number; rid?: string } = {},
): string {
  const { fhirBundle } = healthCard();
  const [patient, ...others] = fhirBundle.entry;
  const named = {
    fullUrl: 'resource:0',
    resource: {
      ...patient?.resource,
      resourceType: 'Patient',
      name: [{ family: name.family, given: [name.given] }],
    },
  };
  return mintCard(key, {
    nbf: NOW - DAY,
    exp,
    rid,
    fhirBundle: { ...fhirBundle, entry: [named, ...others] },
  });
}

/** The QR code of a text as a picture, with its quiet zone, so many pixels a module. */
export function codeOf(text: string, scale: number): Picture {
  const [, scheme = '', digits] = /^(shc:\/(?:\d+\/\d+\/)?)?(.*)$/s.exec(text) ?? [];
  const segments =
    scheme === ''
      ? [{ mode: 'byte' as const, data: new TextEncoder().encode(text) }]
      : [
          { mode: 'byte' as const, data: new TextEncoder().encode(scheme) },
          { mode: 'numeric' as const, data: digits ?? '' },
        ];
  const { modules } = create(segments, { errorCorrectionLevel: 'L' });
  const side = modules.size + 8;
  const at = (x: number, y: number): number => {
    const [column, row] = [Math.floor(x / scale) - 4, Math.floor(y / scale) - 4];
    const isInside = column >= 0 && row >= 0 && column < modules.size && row < modules.size;
    return isInside && modules.get(row, column) !== 0 ? 20 : 235;
  };
  return { width: side * scale, height: side * scale, at };
}

/** The QR code of a card. */
export function cardCode(jws: string, scale: number): Picture {
  return codeOf(encodeCardUri(jws, 'shc'), scale);
}

/** What a venue knows, with what a test says otherwise. */
export interface Knowledge {
  readonly logs?: readonly RawLog[];
  readonly document?: Partial<TrustDocument>;
  readonly block?: number;
  /** Seconds before now. */
  readonly age?: number;
  readonly anchored?: boolean;
  readonly allowUnanchored?: boolean;
  readonly rules?: string;
  /** What the source says instead of where the log leads. */
  readonly head?: string;
}

/** A venue that knows this. */
export function venueOf({
  logs = LOG,
  document: more = {},
  block = 10,
  age = 60,
  anchored = true,
  allowUnanchored = false,
  rules = 'none',
  head: said,
}: Knowledge = {}): Venue {
  const { head, size, trust: who } = replayLog(logs, CHAIN);
  const { data, anchor } = anchoredRids(LISTED, ['rid-revoked']);
  const takenAt = NOW - age;
  const source: ChainSource = {
    kind: 'chain',
    ...CHAIN,
    head: said ?? head,
    size,
    block: { number: block, hash: `0x${'ee'.repeat(32)}`, time: takenAt - 10 },
  };
  const document = trustDocument({
    source,
    takenAt,
    ...who,
    anchors: [{ ...anchor, time: takenAt - 100 }],
    lists: [data],
    ...more,
  });
  const trust = indexTrust(document, { anchored, importKey: importEs256Key });
  const bundle = signBundle(document, oneTimeExporterKey());
  const clock = (): number => Date.now() / 1000;
  const report = (): TrustReport => ({
    state: 'held',
    anchored,
    imported: false,
    exporter: null,
    source: document.source,
    takenAt,
    ageSeconds: Math.floor(clock() - takenAt),
    blockAgeSeconds: null,
    freshness: 'fresh',
    online: true,
    lastAttempt: null,
    faults: [],
    lists: [
      { iss: 'https://issuer.example', kid: LISTED.kid, state: 'current', anchoredAt: null, fault: null },
    ],
    rules: [],
    successor: null,
  });
  return {
    trust: () => trust,
    terms: ({ at, event, rules: asked = 'none' }) => ({
      now: clock(),
      at,
      event,
      allowUnanchored,
      rules: rules === 'none' ? asked : rules,
      policy: DEFAULT_POLICY,
    }),
    report,
    bundle: async () => Promise.resolve(bundle),
    log: () => (document.source.kind === 'chain' ? { source: document.source, logs } : undefined),
  };
}

declare global {
  // In the page: tell the test.
  var complain: (text: string) => void;
}

/** A scanner before a node of its own, in a browser of its own. */
export interface Door {
  readonly page: Page;
  readonly url: string;
  readonly browser: FreshBrowser;
  /** Whatever the page complained of: errors, breaches of its policy, dialogs. */
  readonly complaints: readonly string[];
  /** Have the node know something else from now on. */
  readonly know: (knowledge: Knowledge) => void;
  readonly stopNode: () => Promise<void>;
  readonly startNode: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Open a door, with a film for its camera, and wait until the page is kept and holds trust data. */
export async function openDoor({
  film,
  rate = 10,
  knowledge,
  language = 'en',
  pages: given,
  secure,
}: {
  readonly film?: readonly Scene[];
  /** Frames a second. */
  readonly rate?: number;
  readonly knowledge?: Knowledge;
  readonly language?: string;
  /** A name for the node, its certificate, and a home folder of a browser that trusts it. */
  readonly secure?: {
    readonly name: string;
    readonly certificate: { readonly key: string; readonly cert: string };
    readonly home: string;
  };
  /** Folder of the built pages, instead of those of this checkout. */
  readonly pages?: string;
} = {}): Promise<Door> {
  const pages = given ?? (await builtPage('scanner'));
  assert.ok(pages, 'the scanner page can be built');
  const folder = await mkdtemp(join(tmpdir(), 'pratique-door-'));
  const path = join(folder, 'film.y4m');
  if (film !== undefined) await writeFilm(path, film, { rate });
  let venue = venueOf(knowledge);
  const live: Venue = {
    trust: () => venue.trust(),
    terms: (asked) => venue.terms(asked),
    report: () => venue.report(),
    bundle: async () => venue.bundle(),
    log: () => venue.log(),
  };
  const listenAt = async (port: number): Promise<RunningServer> =>
    serve(live, {
      port,
      threads: 0,
      pages: async () => Promise.resolve(pages),
      ...(secure === undefined ? {} : { tls: secure.certificate, hosts: [secure.name] }),
    });
  let node = await listenAt(0);
  const { port } = new URL(node.url);
  const url = secure === undefined ? node.url : `https://${secure.name}:${port}`;
  const browser = await openChromium({
    ...(film === undefined ? {} : { film: path }),
    ...(secure === undefined ? {} : { home: secure.home, hosts: [secure.name] }),
  });
  const complaints: string[] = [];
  const page = await browser.context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.type()}`);
    void dialog.dismiss();
  });
  page.on('console', (line) => {
    // That the node cannot be reached is no fault of the page's.
    if (line.type() === 'error' && !/ERR_CONNECTION|ERR_FAILED/.test(line.text()))
      complaints.push(line.text());
  });
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript((tag) => {
    if (localStorage.getItem('pratique-scanner-settings') === null) {
      localStorage.setItem('pratique-scanner-settings', JSON.stringify({ language: tag, introduced: true }));
    }
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      globalThis.complain(`policy: ${violatedDirective} ${blockedURI}`);
    });
  }, language);
  await page.goto(url);
  await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return {
    page,
    url,
    browser,
    complaints,
    know: (next) => {
      venue = venueOf(next);
    },
    stopNode: async () => node.stop(),
    startNode: async () => {
      node = await listenAt(Number(port));
    },
    close: async () => {
      await browser.close();
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Type a card as a hand scanner does: into the page, without a field. */
export async function wedge(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** Paste a text into the page: faster than a hand scanner. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, text);
}

/** Ask until it is so, for a minute: a page's own waiting takes a promise for a yes. */
export async function until(what: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('It never came to be so.');
}

/** What a verdict on the screen says. */
export interface Seen {
  readonly kind: string;
  readonly word: string;
  readonly name: string | undefined;
  readonly reason: string | undefined;
}

/** The verdict on the screen, once there is one. */
export async function verdictOn(page: Page, kind = ''): Promise<Seen> {
  const verdict = page.locator(`.verdict${kind === '' ? '' : `-${kind}`}`);
  await verdict.waitFor();
  return verdict.evaluate((shown: HTMLElement) => ({
    kind: shown.dataset['kind'] ?? '',
    word: shown.querySelector('h1')?.textContent ?? '',
    name: shown.querySelector('.subject-name')?.textContent ?? undefined,
    reason: shown.querySelector('.reason')?.textContent ?? undefined,
  }));
}

/** Press the big button, whatever it says. */
export async function pressBig(page: Page): Promise<void> {
  await page.locator('.actions .big').first().click();
}

/** Scan by the camera, one result after the other, until those have come. */
export async function scanUntil(
  page: Page,
  isEnough: (seen: readonly Seen[]) => boolean,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  await pressBig(page);
  while (!isEnough(seen)) {
    seen.push(await verdictOn(page));
    // The next may stand there before anyone could see that this one went; and a green one may go by itself.
    const shown = await page.locator('.verdict').elementHandle();
    await page.evaluate(() => document.querySelector<HTMLElement>('.actions .primary')?.click());
    await shown.waitForElementState('hidden');
  }
  return seen;
}
