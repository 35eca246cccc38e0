import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { configParts } from '../../cli/issuer/service/config-parts.ts';
import { readServiceConfig } from '../../cli/issuer/service/service-config.ts';
import { findPatient, patientSources } from '../../agent/records/find-patient.ts';
import { loadRecords } from '../../agent/records/load-records.ts';
import { makeIssuer, NOW, temporaryFolder } from '../agent/issuer-fixture.ts';
import { registryRecord } from '../agent/records/people.ts';
import { registryServer } from '../agent/records/registry-server.ts';

const loaded = { kind: 'loaded', name: 'New York' };
const fhir = { kind: 'fhir', name: 'New Jersey', base: 'https://nj.example.org/fhir' };
const smtp = { host: 'mail.example.org', port: 587, from: 'codes@health.example.org' };
const config = { sources: [loaded], smtp };

test('a configuration that is wrong is refused with the member that is, before anything is opened', () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{}, /\(sources: /],
    [[], /expected object/],
    [{ ...config, sources: [] }, /\(sources: /],
    [{ ...config, sources: [loaded, loaded] }, /\(sources: two sources have one name/],
    [{ ...config, sources: [loaded, { ...fhir, base: 7 }] }, /\(sources\.1\.base: /],
    [{ ...config, sources: [{ ...loaded, kind: 'sql' }] }, /\(sources\.0\.kind: /],
    [
      { ...config, sources: [{ ...fhir, authorization: { kind: 'bearer', token: 'x' } }] },
      /sources\.0\.authorization/,
    ],
    [{ ...config, smtp: { ...smtp, port: 0 } }, /\(smtp\.port: /],
    [{ ...config, smtp: { ...smtp, user: { name: 'x', password: 'canary' } } }, /\(smtp\.user/],
    [{ ...config, more: 1 }, /more/],
    [{ sources: [{ ...loaded, identifierSystem: 7 }], smtp }, /sources\.0\.identifierSystem: /],
    [{ sources: [{ ...loaded, publicBase: 'https://x.example' }], smtp }, /sources\.0/],
  ];
  for (const [json, said] of wrong) {
    assert.throws(
      () => readServiceConfig(json),
      (error: { readonly code: string; readonly message: string }) => {
        assert.equal(error.code, 'CONFIG_INVALID');
        assert.match(error.message, said);
        return !error.message.includes('canary');
      },
      JSON.stringify(json),
    );
  }
});

test('what it names is read from beside it, and what cannot be used is said by its part', async (t) => {
  const { issuer } = await makeIssuer(t);
  const folder = await temporaryFolder(t);
  const path = join(folder, 'service.json');
  const parts = async (json: unknown) => {
    await writeFile(path, typeof json === 'string' ? json : JSON.stringify(json));
    return configParts(path, issuer.service);
  };
  await writeFile(join(folder, 'secret'), 'x'.repeat(32));
  await writeFile(join(folder, 'short'), 'canary');
  await writeFile(join(folder, 'empty'), '\n');
  const sms = { url: 'https://sms.example.org/send', secretFile: 'secret' };
  const { sources, senders } = await parts({
    sources: [loaded, { ...fhir, authorization: { kind: 'bearer', tokenFile: 'secret' } }],
    smtp,
    sms,
  });
  assert.deepEqual(
    [sources.map(({ name }) => name), senders.map(({ kind }) => kind)],
    [
      ['New York', 'New Jersey'],
      ['email', 'phone'],
    ],
  );
  const smart = {
    kind: 'smart',
    tokenUrl: 'https://nj.example.org/token',
    clientId: 'c',
    keyFile: 'short',
    kid: 'k',
    alg: 'ES384',
    scope: 's',
  };
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ['{', /not JSON/],
    ['{"sources":[],"sources":[]}', /names a member twice/],
    [{ ...config, sources: [{ ...loaded, name: 'a/b' }] }, /sources\.0: .*name of a source/],
    [{ ...config, sources: [{ ...fhir, base: 'http://nj.example.org/fhir' }] }, /sources\.0: /],
    [{ ...config, sources: [{ ...fhir, authorization: smart }] }, /sources\.0: .*no private key/],
    [{ ...config, sources: [{ ...fhir, publicBase: 'http://x.example' }] }, /sources\.0: /],
    [{ sources: [loaded], sms: { ...sms, secretFile: 'nothing' } }, /sms: .*cannot be read/],
    [{ sources: [loaded], sms: { ...sms, secretFile: 'empty' } }, /sms: .*empty/],
    [{ sources: [loaded], sms: { ...sms, secretFile: 'short' } }, /sms: .*24 bytes/],
    [{ ...config, smtp: { ...smtp, security: 'none-on-this-machine' } }, /smtp: .*TLS/],
  ];
  for (const [json, said] of wrong) {
    await assert.rejects(
      parts(json),
      (error: { readonly code: string; readonly message: string }) => {
        assert.equal(error.code, 'CONFIG_INVALID');
        assert.match(error.message, said);
        return !error.message.includes('canary');
      },
      JSON.stringify(json),
    );
  }
  await assert.rejects(configParts(join(folder, 'nothing.json'), issuer.service), {
    code: 'INPUT_UNREADABLE',
  });
});

test('patients are known by the identifiers that it says, and linked where it says that clients find them', async (t) => {
  const { issuer } = await makeIssuer(t);
  const folder = await temporaryFolder(t);
  const system = 'https://ny.example.org/mrn';
  const ours = registryRecord(1, { identifier: [{ system, value: 'N-1' }] });
  const path = join(folder, 'records.ndjson');
  await writeFile(path, JSON.stringify(ours));
  const file = await open(path);
  await loadRecords(issuer.service, { file, format: 'ndjson', source: 'New York', now: NOW + 7 * 86_400 });
  await file.close();
  const { base } = await registryServer(t, [registryRecord(2)]);
  const originOf = async (id: string, more: readonly [object, object]): Promise<unknown> => {
    const [ny, nj] = more;
    const sources = [
      { ...loaded, ...ny },
      { ...fhir, base, ...nj },
    ];
    await writeFile(join(folder, 'service.json'), JSON.stringify({ sources }));
    const parts = await configParts(join(folder, 'service.json'), issuer.service);
    assert.deepEqual(parts.senders, []);
    const found = await findPatient(patientSources(parts.sources), id, 20_000);
    return found === undefined ? 'nobody' : (found.origins[0]?.hosted ?? 'not linked');
  };
  const publicBase = 'https://fhir.nj.example.org/r4';
  assert.equal(await originOf('N-1', [{}, {}]), 'nobody');
  assert.equal(await originOf('N-1', [{ identifierSystem: system }, { publicBase }]), 'not linked');
  assert.equal(await originOf('p-0002', [{}, {}]), 'not linked');
  assert.equal(await originOf('p-0002', [{}, { publicBase }]), `${publicBase}/Patient/p-0002`);
});
