import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';

import { compactVerify, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';

import { initIssuer, openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { keyPossessionMessage } from '../../contracts/key-possession.ts';
import { openBlock } from '../../credential/list-block.ts';
import { decodeCompactList } from '../../credential/compact-list.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { parseCardPayload } from '../../credential/health-card.ts';
import { BLOCK_BITS, indexFromRid } from '../../credential/status-list.ts';
import { cardFromVc, type VcPayload } from '../../credential/verifiable-credential.ts';
import {
  ISS,
  KDF_COST,
  NOW,
  PASSPHRASE,
  deepFreeze,
  makeIssuer,
  sampleBundle,
  stateTrust,
  temporaryFolder,
} from './issuer-fixture.ts';

/** jose's key for one of the issuer's: an implementation that is not ours. */
async function joseKey(issuer: Issuer, kid: string): ReturnType<typeof importJWK> {
  const { x = '', y = '' } = issuer.keys().find((key) => key.kid === kid) ?? {};
  return importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256');
}

for (const name of ['immunization', 'lab-result'] as const) {
  test(`the sample ${name} becomes one card in three forms, each verified by jose`, async (t) => {
    const { issuer, kid } = await makeIssuer(t);
    const bundle = deepFreeze(sampleBundle(name));
    const card = await issuer.issuePlus(bundle, { now: NOW + 0.7 });
    const key = await joseKey(issuer, kid);

    const { payload, protectedHeader } = await compactVerify(card.jws, key);
    assert.deepEqual(protectedHeader, { zip: 'DEF', alg: 'ES256', kid });
    const read = parseCardPayload(JSON.parse(inflateRawSync(payload).toString('utf8')));
    assert.deepEqual([read.iss, read.nbf, read.rid, read.profile], [ISS, NOW, card.rid, 'pass-plus']);
    assert.equal(indexFromRid(card.rid), card.index);
    assert.equal(card.fitsQr, true);

    const signed = (await compactVerify(card.vc, key)).payload;
    const vc = JSON.parse(Buffer.from(signed).toString('utf8')) as VcPayload;
    assert.deepEqual(cardFromVc(vc), read);
    const vcHeader = { alg: 'ES256', kid: `${issuer.did}#${kid}`, typ: 'vc+jwt', cty: 'vc' };
    assert.deepEqual(decodeProtectedHeader(card.vc), vcHeader);

    const legacy = await jwtVerify(card.legacyVc, key, {
      issuer: issuer.did,
      currentDate: new Date(NOW * 1000),
    });
    assert.equal(legacy.payload.nbf, NOW);
    const { credentialSubject, credentialStatus } = legacy.payload['vc'] as Partial<VcPayload>;
    assert.deepEqual(credentialSubject, vc.credentialSubject);
    assert.equal(credentialStatus?.statusListIndex, String(card.index));
    assert.equal(credentialStatus.statusListCredential, `${ISS}/status/${kid}`);
  });
}

test('cards are minimised: no ids, no displays of codes, no narrative, no metadata but the level of assurance', async (t) => {
  const { issuer } = await makeIssuer(t);
  for (const name of ['immunization', 'lab-result'] as const) {
    const { jws } = await issuer.issuePlus(sampleBundle(name), { now: NOW });
    const text = inflateRawSync(Buffer.from(jws.split('.')[1] ?? '', 'base64url')).toString('utf8');
    for (const surplus of [
      'example.org/fhir',
      'versionId',
      'lastUpdated',
      '<div',
      'mRNA',
      'Negative',
      'urn:uuid',
    ]) {
      assert.ok(!text.includes(surplus), `${name} still says ${surplus}`);
    }
  }
});

test('a bundle that may not be signed uses up no index', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const bundle = sampleBundle('lab-result') as { entry: { resource: object }[] };
  const patientless = { ...bundle, entry: bundle.entry.slice(1) };
  await assert.rejects(issuer.issuePlus(patientless, { now: NOW }), { code: 'PATIENT_MISSING' });
  for (const bad of [null, [], {}, { resourceType: 'Bundle' }, 'text']) {
    await assert.rejects(issuer.issuePlus(bad, { now: NOW }), { code: 'BUNDLE_MALFORMED' });
  }
  const large = structuredClone(bundle);
  Object.assign(large.entry.at(-1)?.resource ?? {}, { note: [{ text: 'x'.repeat(300_000) }] });
  await assert.rejects(issuer.issuePlus(large, { now: NOW }), { code: 'CARD_TOO_LARGE' });
  assert.equal(issuer.issuedCount(kid), 0);
});

for (const [what, birthDate, dose] of [
  ['someone born in the future', '2999-01-01', '2999-02-01'],
  ['someone born in another century', '1800-01-01', '2021-05-01'],
  ['a dose in the future', '1984-06-19', '2026-11-25'],
  ['a dose before birth', '2021-05-02', '2021-05-01'],
] as const) {
  test(`nothing is issued for ${what}`, async (t) => {
    const { issuer, kid } = await makeIssuer(t);
    const bundle = sampleBundle('immunization') as { entry: { resource: Record<string, unknown> }[] };
    for (const { resource } of bundle.entry) {
      if (resource['resourceType'] === 'Patient') resource['birthDate'] = birthDate;
      if (resource['resourceType'] === 'Immunization') resource['occurrenceDateTime'] = dose;
    }
    await assert.rejects(issuer.issuePlus(bundle, { now: NOW }), { code: 'DATE_IMPLAUSIBLE' });
    assert.equal(issuer.issuedCount(kid), 0);
  });
}

test('a card too long for one QR code is issued and says so', async (t) => {
  const { issuer } = await makeIssuer(t);
  const bundle = sampleBundle('immunization') as { entry: { resource: Record<string, unknown> }[] };
  const [patient, dose] = bundle.entry;
  const doses = Array.from({ length: 12 }, (_, at) => ({
    fullUrl: `urn:dose:${at}`,
    resource: { ...dose?.resource, id: `d${at}`, lotNumber: `${Math.sin(at)}${Math.cos(at)}` },
  }));
  const card = await issuer.issuePlus({ ...bundle, entry: [patient, ...doses] }, { now: NOW });
  assert.ok(card.jws.length > 1195);
  assert.equal(card.fitsQr, false);
});

test('a Pass carries the stated claims and its end', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const claims = deepFreeze({
    holder: undefined,
    name: { family: 'Ferreira-Okonkwo', given: ['Marisol'] },
    birthDate: '1984-06-19',
    passType: 'vaccination' as const,
    exp: NOW + 86_400,
  });
  const card = await issuer.issuePass(claims, { now: NOW });
  const { payload } = await compactVerify(card.jws, await joseKey(issuer, kid));
  const { exp, ...rest } = claims;
  assert.deepEqual(parseCardPayload(JSON.parse(inflateRawSync(payload).toString('utf8'))), {
    profile: 'pass',
    iss: ISS,
    nbf: NOW,
    exp,
    rid: card.rid,
    ...rest,
  });
  assert.equal(card.profile, 'pass');
  await assert.rejects(issuer.issuePass({ ...claims, birthDate: 'long ago' }, { now: NOW }), {
    code: 'MALFORMED',
  });
  assert.equal(issuer.issuedCount(kid), 1);
});

test('nothing of a person is in the store', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.issuePlus(sampleBundle('immunization'), { now: NOW });
  await issuer.close();
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (const word of ['Ferreira', 'Marisol', '1984-06-19', 'PRQ2201', 'fhirBundle', 'eyJ']) {
      assert.equal(bytes.indexOf(word), -1, `${entry.name} holds ${word}`);
    }
  }
});

test('without a key, or before its list is anchored, nothing is issued', async (t) => {
  const dir = join(await temporaryFolder(t), 'issuer');
  const issuer = await initIssuer({ dir, passphrase: PASSPHRASE, iss: ISS, name: 'I', kdfCost: KDF_COST });
  t.after(() => issuer.close());
  const issue = (): Promise<unknown> => issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
  await assert.rejects(issue(), { code: 'NO_SIGNING_KEY' });
  const { kid } = await issuer.createSigningKey();
  await assert.rejects(issue(), { code: 'NOT_ANCHORED' });
  await issuer.anchored(kid, issuer.statusList(kid));
  await assert.rejects(issue(), { code: 'KEY_NOT_VALID' }, 'the registry does not know the key');
  await stateTrust(issuer);
  await issue();
});

test('nothing is signed with a key that the registry holds as compromised, also after opening again', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await stateTrust(issuer, [kid]);
  const issue = (from: Issuer): Promise<unknown> => from.issuePlus(sampleBundle('lab-result'), { now: NOW });
  await assert.rejects(issue(issuer), { code: 'KEY_NOT_VALID' });
  await issuer.close();
  const again = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => again.close());
  await assert.rejects(issue(again), { code: 'KEY_NOT_VALID' });
  const { didDocument } = await again.agent.resolveDid({ didUrl: again.did });
  assert.deepEqual(didDocument?.assertionMethod, []);
});

test('an issuer that is held, or whose jurisdiction is suspended, signs nothing until that is lifted', async (t) => {
  const { issuer } = await makeIssuer(t);
  const issue = (): Promise<unknown> => issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
  for (const stopped of [{ held: true }, { suspended: true }]) {
    await stateTrust(issuer, [], stopped);
    await assert.rejects(issue(), { code: 'KEY_NOT_VALID' });
    await stateTrust(issuer);
    await issue();
  }
});

test('outside of its accreditation an issuer signs nothing, whatever its keys may do', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const issueAt = async (now: number): Promise<unknown> =>
    issuer.issuePlus(sampleBundle('lab-result'), { now });
  await stateTrust(issuer, [], { accreditedFrom: NOW, accreditedUntil: NOW + 100 });
  await assert.rejects(issueAt(NOW - 1), { code: 'NOT_ACCREDITED' });
  await assert.rejects(issueAt(NOW + 100), { code: 'NOT_ACCREDITED' });
  await stateTrust(issuer, [], { statusBase: 'https://elsewhere.example' });
  await assert.rejects(issueAt(NOW), { code: 'IDENTITY_DIFFERS' });
  assert.equal(issuer.issuedCount(kid), 0);
  await stateTrust(issuer, [], { accreditedFrom: NOW, accreditedUntil: NOW + 100 });
  await issueAt(NOW);
  await issueAt(NOW + 99);
});

test('by the window and the kind of revocation that the registry has of a key, nothing else is signed', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const issueAt = async (now: number): Promise<unknown> =>
    issuer.issuePlus(sampleBundle('lab-result'), { now });
  await stateTrust(issuer, [], { keys: { validFrom: NOW, validUntil: NOW + 100 } });
  await assert.rejects(issueAt(NOW - 1), { code: 'KEY_NOT_VALID' });
  await assert.rejects(issueAt(NOW + 100), { code: 'KEY_NOT_VALID' });
  await stateTrust(issuer, [], { keys: { revocation: 'none' } });
  await assert.rejects(issueAt(NOW), { code: 'KEY_NOT_VALID' });
  assert.equal(issuer.issuedCount(kid), 0);
});

test('nothing is issued while the chain holds a list that this store cannot make', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { length } = issuer.statusList(kid);
  const root = `0x${'11'.repeat(32)}`;
  assert.equal((await issuer.anchored(kid, { counter: 2, length, revoked: 1, root })).reproducible, false);
  await assert.rejects(issuer.issuePlus(sampleBundle('lab-result'), { now: NOW }), {
    code: 'ANCHOR_MISMATCH',
  });
  assert.throws(() => issuer.statusList(kid), { code: 'REVOCATIONS_MISSING' });
  await issuer.restoration.disown(kid);
  await issuer.anchored(kid, issuer.statusList(kid));
  await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
});

test('a card is signed only by a key whose window holds the moment, the newest of them first', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const issueAt = async (now: number, wanted?: string): Promise<string> =>
    (
      await issuer.issuePlus(sampleBundle('lab-result'), {
        now,
        ...(wanted === undefined ? {} : { kid: wanted }),
      })
    ).kid;
  await issuer.recordKeyWindow(kid, { validFrom: NOW, validUntil: NOW + 100 });
  assert.equal(await issueAt(NOW), kid);
  await assert.rejects(issueAt(NOW - 1), { code: 'KEY_NOT_VALID' });
  await assert.rejects(issueAt(NOW + 100), { code: 'KEY_NOT_VALID' });

  const newer = (await issuer.createSigningKey()).kid;
  await stateTrust(issuer);
  assert.equal(await issueAt(NOW), kid, 'not anchored yet');
  await issuer.anchored(newer, issuer.statusList(newer));
  await issuer.recordKeyWindow(newer, { validFrom: NOW + 50, validUntil: 0 });
  assert.deepEqual([await issueAt(NOW + 49), await issueAt(NOW + 50)].toSorted(), [kid, newer].toSorted());
  assert.equal(await issueAt(NOW + 60, kid), kid);
  await assert.rejects(issueAt(NOW, 'A'.repeat(43)), { code: 'KEY_UNKNOWN' });
});

test('a key proves its possession over the registry’s message, and signs no other', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const [key] = issuer.keys();
  const terms = {
    chainId: 31337,
    registry: `0x${'12'.repeat(20)}`,
    issuerId: 3,
    kid,
    validFrom: NOW,
    validUntil: NOW + 9,
  };
  const message = keyPossessionMessage(terms);
  const signature = await issuer.provePossession(kid, message);
  assert.equal(signature.length, 64);
  assert.equal(importEs256Key({ x: key?.x ?? '', y: key?.y ?? '' })(message, signature), true);

  const other = keyPossessionMessage({ ...terms, kid: 'A'.repeat(43) });
  const burn = Uint8Array.from(message);
  burn[8 * 32 + 9] = 0x78;
  const jws = Buffer.from('eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2hlYWx0aC5leGFtcGxlLm9yZyJ9');
  for (const refused of [other, burn, jws, message.subarray(1), new Uint8Array()]) {
    await assert.rejects(issuer.provePossession(kid, refused), { code: 'OPERATION_UNSUPPORTED' });
  }
  await assert.rejects(issuer.provePossession('A'.repeat(43), other), { code: 'KEY_UNKNOWN' });
});

test('a revocation is in the list at once, and in what is published once it is anchored', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const out = await temporaryFolder(t);
  const { id, index } = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
  await issuer.revoke(id);
  assert.equal(issuer.statusList(kid).list.get(index), true);

  const published = async (): Promise<{ revoked: boolean; counter: number }> => {
    const [path = ''] = await issuer.publishStatus(kid, out);
    assert.equal(path, join(out, 'status', `${kid}.list`));
    const { counter, list } = decodeCompactList(await readFile(path), { maxBits: BLOCK_BITS });
    return { revoked: list.get(index), counter };
  };
  assert.deepEqual(await published(), { revoked: false, counter: 1 });
  await issuer.anchored(kid, issuer.statusList(kid));
  assert.deepEqual(await published(), { revoked: true, counter: 2 });
  const { list, counter } = decodeCompactList(await readFile(join(out, 'status', `${kid}.list`)), {
    maxBits: BLOCK_BITS,
  });
  const block = openBlock(await readFile(join(out, 'blocks', kid, '0')), {
    kid,
    counter,
    length: list.length,
    root: list.root(),
  });
  assert.equal(block.get(index), true);
  const forms = ['', '.1-2.delta', '.json', '.list', '.statuslist.jwt'];
  assert.deepEqual(
    (await readdir(join(out, 'status'))).toSorted(),
    forms.map((form) => `${kid}${form}`),
  );
});

test('an issuer opened again has its keys, cards, registry and anchors', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  const binding = {
    chainId: 31337,
    registry: `0x${'12'.repeat(20)}`,
    issuerId: 3,
    rpcUrl: 'http://127.0.0.1:8545',
  };
  await issuer.bindRegistry(binding);
  await issuer.recordKeyWindow(kid, { validFrom: NOW, validUntil: NOW + 100 });
  const { id, rid } = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
  const before = { identity: issuer.identity, keys: issuer.keys(), anchor: issuer.anchorOf(kid) };
  await issuer.close();

  const again = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  t.after(() => again.close());
  assert.deepEqual({ identity: again.identity, keys: again.keys(), anchor: again.anchorOf(kid) }, before);
  assert.deepEqual(again.registry, binding);
  assert.equal((await again.revoke(rid)).id, id);
  assert.notEqual((await again.issuePlus(sampleBundle('lab-result'), { now: NOW })).rid, rid);
  assert.deepEqual(
    await again.agent.didManagerFind({}),
    await again.agent.didManagerFind({ provider: 'did:web' }),
  );
});

test('an issuer that could not be registered is not made', async (t) => {
  const dir = join(await temporaryFolder(t), 'issuer');
  const init = (change: object): Promise<Issuer> =>
    initIssuer({ dir, passphrase: PASSPHRASE, iss: ISS, name: 'I', kdfCost: KDF_COST, ...change });
  await assert.rejects(init({ iss: 'http://health.example.org' }), { code: 'MALFORMED' });
  await assert.rejects(init({ iss: `${ISS}/` }), { code: 'MALFORMED' });
  await assert.rejects(init({ statusBase: 'ftp://x' }), { code: 'MALFORMED' });
  await assert.rejects(init({ name: '' }), { code: 'ISSUER_INVALID' });
  await assert.rejects(init({ name: 'n'.repeat(201) }), { code: 'ISSUER_INVALID' });
  await assert.rejects(init({ passphrase: 'short' }), { code: 'PASSPHRASE_TOO_SHORT' });
  await assert.rejects(openIssuer({ dir, passphrase: PASSPHRASE }), { code: 'STORE_MISSING' });
});

test('a store that has lost the list of a key does not open', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.close();
  const { IssuerStore } = await import('../../agent/issuer-store.ts');
  const store = await IssuerStore.open(dir, PASSPHRASE);
  await store.commit([store.table('lists').del(kid)]);
  await store.close();
  await assert.rejects(openIssuer({ dir, passphrase: PASSPHRASE }), { code: 'STORE_DAMAGED' });
});
