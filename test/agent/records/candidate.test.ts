import assert from 'node:assert/strict';
import { test } from 'node:test';

import { candidateOf, patientOf, zipOf } from '../../../agent/records/candidate.ts';
import type { Contact } from '../../../agent/records/record-source.ts';
import { registryRecord } from './people.ts';

const contacts = (...telecom: readonly object[]): readonly Contact[] =>
  candidateOf('NY', registryRecord(1, { telecom })).contacts;
const phone = (value: string, more = {}): object => ({ system: 'phone', value, ...more });

test('a ZIP code is its five digits, with or without the four behind', () => {
  for (const zip of ['10001', ' 10001 ', '10001-1234', '100011234', '10001 1234'])
    assert.equal(zipOf(zip), '10001');
  for (const none of ['1000', '100011', '10001-12', 'A0001', '１0001', '', 10_001, null, '10001\n10002']) {
    assert.equal(zipOf(none), undefined);
  }
});

test('a mobile phone comes before e-mail and that before a home phone; old and others’ are left out', () => {
  assert.deepEqual(
    contacts(
      phone('212-555-0001', { use: 'home' }),
      { system: 'email', value: ' Zoe@Mail.example.org ' },
      phone('tel:+44 20 7946 0000', { use: 'mobile' }),
      phone('(212) 555.0002', { use: 'mobile', period: { end: '2020-01-01' } }),
      phone('2125550003', { use: 'work' }),
      phone('1 212 555 0004', { use: 'old' }),
      { system: 'fax', value: '2125550005' },
    ).map(({ value }) => value),
    ['+442079460000', 'zoe@mail.example.org', '+12125550001'],
  );
});

test('what is no number and no single plain address is no contact', () => {
  const email = (value: unknown): object => ({ system: 'email', value });
  assert.deepEqual(
    contacts(
      phone('911'),
      phone('+0123456789'),
      phone('2125550001x7'),
      phone(''),
      { system: 'phone' },
      email('a@b'),
      email('a@x.org,b@x.org'),
      email('a@x.org\r\nBcc: b@x.org'),
      email('"a b"@x.org'),
      email(7),
      email('a@-x.org'),
    ),
    [],
  );
});

test('of the Patient nothing stands in the bundle but names and birth date', () => {
  const { bundle } = candidateOf('NY', registryRecord(1, { gender: 'female', photo: [{}], contact: [{}] }));
  assert.deepEqual(Object.keys(patientOf(bundle)), ['resourceType', 'name', 'birthDate']);
});
