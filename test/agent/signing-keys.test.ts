import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { IssuerAgent } from '../../agent/agent.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { keySetOf, writeKeySet } from '../../agent/key-set.ts';
import { keyAge, type SigningKey } from '../../agent/signing-keys.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { parseIssuerJwk } from '../../credential/jwk.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle, stateTrust, temporaryFolder } from './issuer-fixture.ts';

const DAY = 86_400;
const WINDOW = { validFrom: NOW, validUntil: NOW + 100 * DAY };

test('a key is due for a successor once nine tenths of its window are over', () => {
  const key: SigningKey = { kid: 'k', x: 'x', y: 'y', createdAt: NOW, window: WINDOW };
  const ages = [-1, 0, 90 * DAY - 1, 90 * DAY, 100 * DAY - 1, 100 * DAY].map((after) =>
    keyAge(key, NOW + after),
  );
  assert.deepEqual(ages, ['early', 'fresh', 'fresh', 'due', 'due', 'over']);
  const { window: _window, ...unregistered } = key;
  assert.equal(keyAge(unregistered, NOW), 'not-registered');
  for (const validUntil of [0, NOW + 3660 * DAY]) {
    const long = { ...key, window: { ...WINDOW, validUntil } };
    const yearly = [329, 330, 366, 3000].map((days) => keyAge(long, NOW + days * DAY));
    assert.deepEqual(yearly, ['fresh', 'due', 'due', 'due'], 'yearly at least');
  }
  assert.equal(keyAge({ ...key, ended: { state: 'retired', at: NOW } }, NOW), 'ended');
});

test('a retired key signs no more and stays in the key set; a compromised one leaves it', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  const second = await issuer.createSigningKey();
  for (const each of [kid, second.kid]) await issuer.recordKeyWindow(each, WINDOW);
  await stateTrust(issuer);
  await issuer.anchored(second.kid, issuer.statusList(second.kid));
  const published = (): readonly string[] => {
    const { keys } = keySetOf(issuer.keys(), (each) => issuer.anchorOf(each)?.counter);
    return keys.map((key) => {
      assert.equal(parseIssuerJwk(key).crlVersion, 1);
      return key.kid;
    });
  };
  assert.deepEqual(published().toSorted(), [kid, second.kid].toSorted());

  await issuer.signingKeys.recordEnd(kid, 'retired', NOW);
  const issue = issuer.issuePlus(sampleBundle('lab-result'), { now: NOW, kid });
  await assert.rejects(issue, { code: 'KEY_NOT_VALID' });
  assert.equal((await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW })).kid, second.kid);
  assert.equal(published().length, 2);

  await issuer.signingKeys.recordEnd(kid, 'retired', NOW + DAY);
  assert.equal(issuer.signingKeys.get(kid).ended?.at, NOW, 'it ended when it did');

  await issuer.signingKeys.recordEnd(second.kid, 'compromised', NOW);
  await issuer.signingKeys.recordEnd(second.kid, 'retired', NOW);
  assert.deepEqual(published(), [kid]);
  await issuer.close();
  const again = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => again.close());
  const endings = new Map(again.keys().map((key) => [key.kid, key.ended?.state]));
  assert.deepEqual([endings.get(kid), endings.get(second.kid)], ['retired', 'compromised']);
});

test('a key that was never registered is in no key set', async (t) => {
  const { issuer } = await makeIssuer(t);
  assert.deepEqual(
    keySetOf(issuer.keys(), () => undefined),
    { keys: [] },
  );
  const folder = await temporaryFolder(t);
  const file = await writeKeySet(
    folder,
    keySetOf(issuer.keys(), () => undefined),
  );
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { keys: [] });
  await assert.rejects(writeKeySet(file, { keys: [] }), { code: 'OUTPUT_UNWRITABLE' });
});

test('the private part of a key is thrown away only once it signs no more, and its list is signed by another', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.recordKeyWindow(kid, WINDOW);
  const out = await temporaryFolder(t);
  await assert.rejects(issuer.signingKeys.destroy(issuer.agent, kid, NOW), { code: 'KEY_IN_USE' });
  await issuer.signingKeys.recordEnd(kid, 'retired', NOW);
  await issuer.signingKeys.destroy(issuer.agent, kid, NOW);
  await issuer.signingKeys.destroy(issuer.agent, kid, NOW + 1);
  await assert.rejects(issuer.publishStatus(kid, out), { code: 'KEY_NOT_VALID' });
  const second = await issuer.createSigningKey();
  const files = await issuer.publishStatus(kid, out);
  const vc = await readFile(files.find((file) => file.endsWith(`status/${kid}`)) ?? '', 'utf8');
  const header = JSON.parse(Buffer.from(vc.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
  assert.equal(header.kid, `${issuer.did}#${second.kid}`);
  await issuer.close();
  const again = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => again.close());
  assert.equal(again.keys().find((key) => key.kid === kid)?.destroyedAt, NOW);
  await assert.rejects(again.provePossession(kid, new Uint8Array()), { name: 'IssuerError' });
});

test('a key whose destruction failed half-way is destroyed when that is asked for again', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  await issuer.signingKeys.recordEnd(kid, 'retired', NOW);
  const refusing = Object.assign(Object.create(issuer.agent) as IssuerAgent, {
    keyManagerDelete: () => Promise.reject(new IssuerError('STORE_UNAVAILABLE', 'The disk is full.')),
  });
  await assert.rejects(issuer.signingKeys.destroy(refusing, kid, NOW), { code: 'STORE_UNAVAILABLE' });
  await issuer.agent.keyManagerGet({ kid });
  await issuer.signingKeys.destroy(issuer.agent, kid, NOW + 1);
  await assert.rejects(issuer.agent.keyManagerGet({ kid }), { code: 'KEY_UNKNOWN' });
  assert.equal(issuer.signingKeys.get(kid).destroyedAt, NOW);
});
