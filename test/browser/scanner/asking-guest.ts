import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { didJwkFromKey } from '../../../credential/did-jwk.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { holderRequests } from '../../../verifier/node/holder-requests.ts';
import type { HolderRequests } from '../../../verifier/node/holder-requests.ts';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import { answerRequest } from '../../../wallet/asking/answer-request.ts';
import type { RequestAnswer } from '../../../wallet/asking/answer-request.ts';
import { readRequest } from '../../../wallet/asking/read-request.ts';
import type { ReadRequest } from '../../../wallet/asking/read-request.ts';
import type { KeptPass } from '../../../wallet/passes/kept-pass.ts';
import { holderKey, holderOf } from '../../support/asking.ts';
import { DAY, mintPass, newKey } from '../../support/cards.ts';
import { LISTED, NOW } from './door.ts';

/** What a node asks, with a clock that a test moves ahead. */
export interface AskingNode {
  readonly requests: HolderRequests;
  readonly clock: { ahead: number };
}

/** A node that asks for a Pass. */
export function askingNode(purpose = 'Entry to the concert'): AskingNode {
  const clock = { ahead: 0 };
  const requests = holderRequests({
    key: newKey(),
    purpose,
    profiles: ['pass'],
    clock: () => Date.now() / 1000 + clock.ahead,
  });
  return { requests, clock };
}

/** A Pass of the guest's, bound to their wallet. */
export function guestsPass(rid = 'rid-1'): KeptPass {
  const text = mintPass(LISTED, { holder: didJwkFromKey(holderKey), rid, nbf: NOW - DAY, exp: NOW + DAY });
  return { id: rid, text, scheme: 'pratique', addedAt: NOW, facts: null };
}

/** Read a request as a wallet does. */
export async function readAs(text: string): Promise<ReadRequest> {
  const trust = { trust: 'missing', now: Date.now() / 1000, allowUnanchored: false } as const;
  const read = await readRequest(text, trust, importEs256Key);
  if (typeof read === 'string') assert.fail(read);
  return read;
}

/** What the wallet of that key answers. */
export async function answerOf(
  { request }: ReadRequest,
  { key = holderKey, pass = guestsPass() } = {},
): Promise<RequestAnswer> {
  return answerRequest(request, { pass, queryId: 'pass' }, holderOf(key), Date.now() / 1000);
}

/** Have the scanner ask, and read its screen as a telephone's camera does. */
export async function askedOn(page: Page): Promise<ReadRequest> {
  await page.locator('.ask-button').click();
  return shownOn(page);
}

/** The question that stands on the screen. */
export async function shownOn(page: Page): Promise<ReadRequest> {
  await page.locator('.ask-code').waitFor();
  const [text = ''] = await readPicture(await page.screenshot());
  return readAs(text);
}
