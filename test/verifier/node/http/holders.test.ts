import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import {
  boundPass,
  holderKey,
  holderOf,
  presentationOf,
  readWell,
  trustWith,
  verifier,
} from '../../../support/asking.ts';
import { newKey, NOW } from '../../../support/cards.ts';
import { answerRequest } from '../../../../wallet/asking/answer-request.ts';
import type { RequestAnswer } from '../../../../wallet/asking/answer-request.ts';
import { sendAnswer } from '../../../../wallet/asking/send-answer.ts';
import { post, served, venueWith } from './venues.ts';

interface Asked {
  readonly url: string;
  readonly id: string;
  readonly answer: (by?: typeof holderKey) => Promise<RequestAnswer>;
  readonly responseUri: string;
}

/** A node that asked a holder something. */
async function asked(t: TestContext): Promise<Asked> {
  const { requests } = verifier();
  const url = await served(t, venueWith(trustWith()), { requests });
  const response = await post(`${url}/requests`, {});
  assert.equal(response.status, 200);
  const { id, request } = (await response.json()) as { id: string; request: string };
  const read = await readWell(request);
  const { responseUri } = read.request;
  const offer = { pass: await boundPass(), queryId: 'pass' };
  return {
    url,
    id,
    responseUri,
    answer: (by = holderKey) => answerRequest(read.request, offer, holderOf(by), NOW),
  };
}

async function state({ url, id }: Pick<Asked, 'url' | 'id'>): Promise<Record<string, unknown>> {
  return (await (await fetch(`${url}/requests/${id}`)).json()) as Record<string, unknown>;
}

const OPEN = { state: 'open', answer: null, presentation: null };

const codesOf = (body: unknown): unknown => (body as { codes?: unknown }).codes;

describe('a node that asks holders', () => {
  test('makes a request whose answer comes back to it, and tells who made it what came', async (t) => {
    const node = await asked(t);
    assert.equal(node.responseUri, `${node.url}/presentations`);
    assert.deepEqual(await state(node), OPEN);
    const given = await node.answer();
    assert.equal(await sendAnswer(node, given, fetch), 'taken');
    const { state: now, answer, presentation } = await state(node);
    assert.equal(now, 'answered');
    assert.deepEqual(codesOf(answer), ['VALID']);
    assert.equal(presentation, presentationOf(given));
  });

  test('tells the holder that it was taken, and nothing of its decision', async (t) => {
    const node = await asked(t);
    const { form } = await node.answer();
    const response = await fetch(node.responseUri, { method: 'POST', body: form });
    assert.deepEqual(await response.json(), {});
  });

  test('takes the code that a wallet showed, once', async (t) => {
    const node = await asked(t);
    const { code } = await node.answer();
    const judged = async (): Promise<unknown> =>
      codesOf(await (await post(node.responseUri, { answer: code })).json());
    assert.deepEqual(await judged(), ['VALID']);
    assert.deepEqual(await judged(), ['HOLDER_NOT_PROVEN']);
  });

  test('refuses an answer that another than the holder signed, and still waits', async (t) => {
    const node = await asked(t);
    assert.equal(await sendAnswer(node, await node.answer(newKey()), fetch), 'refused');
    assert.deepEqual(await state(node), OPEN);
    assert.equal(await sendAnswer(node, await node.answer(), fetch), 'taken');
  });

  test('refuses the same answer a second time', async (t) => {
    const node = await asked(t);
    const answer = await node.answer();
    assert.equal(await sendAnswer(node, answer, fetch), 'taken');
    assert.equal(await sendAnswer(node, answer, fetch), 'refused');
  });

  test('takes answers from pages of other origins, and nothing else from them', async (t) => {
    const node = await asked(t);
    const headers = { Origin: 'https://wallet.example' };
    const { form } = await node.answer();
    const taken = await fetch(node.responseUri, { method: 'POST', body: form, headers });
    assert.equal(taken.status, 200);
    assert.equal(taken.headers.get('access-control-allow-origin'), '*');
    assert.equal(taken.headers.get('cross-origin-resource-policy'), 'cross-origin');
    const refused = await fetch(node.responseUri, { method: 'POST', body: form, headers });
    assert.equal(refused.status, 400);
    assert.equal(refused.headers.get('access-control-allow-origin'), '*');
    for (const path of ['/requests', '/verify']) {
      const response = await post(`${node.url}${path}`, {}, headers);
      assert.equal(response.status, 403);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
    }
  });

  for (const [what, body] of [
    ['no presentation', 'vp_token=%7B%7D'],
    ['two', `vp_token=${encodeURIComponent('{"a":["x"],"b":["y"]}')}`],
    ['the token twice', 'vp_token=%7B%7D&vp_token=%7B%7D'],
    ['no token', 'state=1'],
  ] as const) {
    test(`an answer with ${what} is BODY_INVALID`, async (t) => {
      const { responseUri } = await asked(t);
      const response = await fetch(responseUri, { method: 'POST', body: new URLSearchParams(body) });
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { code: string }).code, 'BODY_INVALID');
    });
  }

  test('tells its scanners what it asks, and one that asks nobody tells that', async (t) => {
    const { requests } = verifier();
    const asks = async (url: string): Promise<unknown> =>
      ((await (await fetch(`${url}/venue`)).json()) as { asks: unknown }).asks;
    assert.deepEqual(await asks(await served(t, venueWith(trustWith()), { requests })), {
      purpose: 'Entry to the concert',
      profiles: ['pass'],
    });
    assert.equal(await asks(await served(t)), null);
  });

  test('judges an answer by the rules and the event of whoever asked', async (t) => {
    const { requests } = verifier();
    const { terms, ...venue } = venueWith(trustWith());
    const choices: unknown[] = [];
    const noted: typeof terms = (choice) => {
      choices.push(choice);
      return terms({});
    };
    const url = await served(t, { ...venue, terms: noted }, { requests });
    const chosen = { rules: 'US-NY/EVENT-72H', event: NOW + 3600 };
    const { request } = (await (await post(`${url}/requests`, chosen)).json()) as { request: string };
    const read = await readWell(request);
    const answer = await answerRequest(
      read.request,
      { pass: await boundPass(), queryId: 'pass' },
      holderOf(),
      NOW,
    );
    assert.equal(await sendAnswer(read.request, answer, fetch), 'taken');
    assert.deepEqual(choices, [chosen]);
  });

  test('knows no request that nobody made', async (t) => {
    const { url } = await asked(t);
    const response = await fetch(`${url}/requests/AAAAAAAAAAAAAAAAAAAAAA`);
    assert.equal(response.status, 404);
    assert.equal(((await response.json()) as { code: string }).code, 'REQUEST_UNKNOWN');
  });

  test('says nothing in the code that the answer could be asked for with', async (t) => {
    const { requests } = verifier();
    const url = await served(t, venueWith(trustWith()), { requests });
    const { id, request } = (await (await post(`${url}/requests`, {})).json()) as {
      id: string;
      request: string;
    };
    const { request: read } = await readWell(request);
    assert.equal((await fetch(`${url}/requests/${read.nonce}`)).status, 404);
    const [, payload = ''] = request.split('request=')[1]?.split('.') ?? [];
    assert.ok(!Buffer.from(payload, 'base64url').toString().includes(id));
  });

  test('forgets a request after five minutes, and the oldest when there are too many', async () => {
    const arena = verifier();
    const first = arena.requests.open({ responseUri: 'https://venue.example/' });
    arena.clock.now += 301;
    assert.equal(arena.requests.stateOf(first.id), undefined);
    const second = arena.requests.open({ responseUri: 'https://venue.example/' });
    assert.deepEqual(arena.requests.stateOf(second.id), { state: 'open' });
    for (let more = 0; more < 1000; more++) arena.requests.open({ responseUri: 'https://venue.example/' });
    assert.equal(arena.requests.stateOf(second.id), undefined);
  });
});

test('who answered is forgotten when the time is over, though nobody asks any more', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const arena = verifier();
  const { id } = arena.requests.open({ responseUri: 'https://venue.example/' });
  arena.clock.now += 301;
  t.mock.timers.tick(301_000);
  // Even to a clock that was set back.
  arena.clock.now = NOW;
  assert.equal(arena.requests.stateOf(id), undefined);
});

test('a node that asks nobody has none of these addresses', async (t) => {
  const url = await served(t);
  for (const path of ['/requests', '/presentations'])
    assert.equal((await post(`${url}${path}`, {})).status, 404);
});
