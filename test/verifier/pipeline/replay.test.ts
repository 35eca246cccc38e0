import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logGenesis, nextHead } from '../../../verifier/pipeline/registry-log.ts';
import type { RawLog } from '../../../verifier/pipeline/registry-log.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import { DID, ISS, newKey, STATUS_BASE } from '../../support/cards.ts';
import {
  anchored,
  CHAIN,
  keyCompromised,
  keyListed,
  keyRegistered,
  keyRetired,
  opened,
  registered,
  registryLog,
  statusChanged,
  suspended,
} from '../registry-events.ts';

const key = newKey();
const base = [opened(), registered(), keyRegistered(key)] as const;

function replay(logs: readonly RawLog[]): ReturnType<typeof replayLog> {
  return replayLog(logs, CHAIN);
}

function changed(log: RawLog | undefined, change: Partial<RawLog>): RawLog {
  assert.ok(log);
  return { ...log, ...change };
}

test('an empty log trusts nobody and has the head of the formula', () => {
  assert.deepEqual(replay([]), {
    head: logGenesis(CHAIN.chainId, CHAIN.registry),
    size: 0,
    jurisdictions: [],
    issuers: [],
    keys: [],
  });
});

test('a jurisdiction, its issuer and its key are projected as they were stated', () => {
  const { size, jurisdictions, issuers, keys } = replay(registryLog(...base));
  assert.equal(size, 3);
  assert.deepEqual(jurisdictions, [{ code: 'US-NO', name: 'State of Nowhere', suspended: false }]);
  assert.deepEqual(issuers, [
    {
      id: 1,
      did: DID,
      iss: ISS,
      name: 'Health department of Nowhere',
      jurisdiction: 'US-NO',
      status: 'active',
      accreditedFrom: 0,
      accreditedUntil: 0,
      retiredAt: 0,
      statusBase: STATUS_BASE,
    },
  ]);
  assert.deepEqual(keys, [
    {
      issuer: 1,
      kid: key.kid,
      x: key.x,
      y: key.y,
      validFrom: 100,
      validUntil: 4_000_000_000,
      state: 'active',
      revocation: 'bits',
      proven: true,
    },
  ]);
});

test('the head moves once for each log event, in order', () => {
  const logs = registryLog(...base);
  assert.equal(replay(logs).head, logs.reduce(nextHead, logGenesis(CHAIN.chainId, CHAIN.registry)));
});

test('a listed key is not proven, valid from 0, and keeps its short coordinates', () => {
  const short = { kid: key.kid, x: key.x, y: Buffer.from([1, 2, 3]).toString('base64url') };
  const { keys } = replay(registryLog(opened(), registered(), keyListed(short, 2, 1, 5000)));
  const [listed] = keys;
  assert.ok(listed);
  assert.equal(listed.y, 'AQID');
  assert.deepEqual(
    [listed.validFrom, listed.validUntil, listed.proven, listed.revocation],
    [0, 5000, false, 'rids'],
  );
});

test('an issuer goes through its states, and the time of its retirement is kept', () => {
  const states = [
    ['pending', 1],
    ['active', 2],
    ['suspended', 3],
    ['retired', 4],
    ['withdrawn', 5],
  ] as const;
  for (const [status, number] of states) {
    const [issuer] = replay(registryLog(...base, statusChanged(number, 2222))).issuers;
    assert.equal(issuer?.status, status);
    assert.equal(issuer.retiredAt, status === 'retired' ? 2222 : 0);
  }
  const [withdrawn] = replay(registryLog(...base, statusChanged(4, 2222), statusChanged(5, 3333))).issuers;
  assert.deepEqual([withdrawn?.status, withdrawn?.retiredAt], ['withdrawn', 2222]);
});

test('a jurisdiction is suspended, and the suspension lifted', () => {
  assert.equal(replay(registryLog(...base, suspended(true))).jurisdictions[0]?.suspended, true);
  assert.equal(
    replay(registryLog(...base, suspended(true), suspended(false))).jurisdictions[0]?.suspended,
    false,
  );
});

test('a retired key ends at its retirement, a compromised one is compromised', () => {
  const [retired] = replay(registryLog(...base, keyRetired(key, 2500))).keys;
  assert.deepEqual([retired?.state, retired?.validUntil], ['retired', 2500]);
  const [stolen] = replay(registryLog(...base, keyRetired(key, 2500), keyCompromised(key))).keys;
  assert.equal(stolen?.state, 'compromised');
});

test('one kid may stand under two issuers, and what happens to one leaves the other', () => {
  const other = registered({ id: 2, iss: `${ISS}/2`, did: `${DID}:2` });
  const { keys } = replay(registryLog(...base, other, keyListed(key, 0, 2), keyCompromised(key, 2)));
  assert.deepEqual(
    keys.map(({ issuer, state }) => [issuer, state]),
    [
      [1, 'active'],
      [2, 'compromised'],
    ],
  );
});

test('events of other topics are skipped and move nothing', () => {
  const logs = registryLog(...base);
  const foreign: RawLog = { topics: [`0x${'99'.repeat(32)}`], data: '0x1234' };
  const mixed = [foreign, ...logs.slice(0, 1), anchored(key), ...logs.slice(1), { topics: [], data: '0x' }];
  assert.deepEqual(replay(mixed), replay(logs));
});

test('hexadecimal in capitals replays to the same head and the same trust', () => {
  const logs = registryLog(...base);
  const capitals = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;
  const shouted = logs.map(({ topics, data }) => ({ topics: topics.map(capitals), data: capitals(data) }));
  assert.deepEqual(replay(shouted), replay(logs));
});

test('a time beyond what a number holds means far away', () => {
  const [issuer] = replay(registryLog(opened(), registered({ until: 2n ** 64n - 1n }))).issuers;
  assert.equal(issuer?.accreditedUntil, Number.MAX_SAFE_INTEGER);
});

test('an event with a topic more or less than its kind has is refused', () => {
  const [first] = registryLog(...base);
  const { topics } = changed(first, {});
  for (const wrong of [[...topics, topics[1] ?? ''], topics.slice(0, -1), topics.slice(0, 1)]) {
    assert.throws(() => replay([changed(first, { topics: wrong })]), { code: 'LOG_MALFORMED' });
  }
});

test('a log out of sequence is refused: an event missing, doubled, swapped, or not from 0', () => {
  const [a, b, c] = registryLog(...base) as [RawLog, RawLog, RawLog];
  for (const wrong of [
    [b, c],
    [a, c],
    [a, a, b, c],
    [a, c, b],
  ]) {
    assert.throws(() => replay(wrong), { code: 'LOG_MALFORMED' });
  }
});

test('truncated data is refused at every length', () => {
  const [first, issuer] = registryLog(...base);
  const { data } = changed(issuer, {});
  for (let length = 2; length < data.length; length += 2) {
    const cut = changed(issuer, { data: data.slice(0, length) });
    // The last word is padding behind a string: cut there, the event reads the same and its head differs.
    if (length > data.length - 64)
      assert.notEqual(headOrRefusal([first, cut]), replay(registryLog(...base.slice(0, 2))).head);
    else assert.equal(headOrRefusal([first, cut]), 'LOG_MALFORMED', `${length} characters`);
  }
});

function headOrRefusal(logs: readonly (RawLog | undefined)[]): string {
  try {
    return replay(logs.filter((log) => log !== undefined)).head;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test('topics and data that are no hexadecimal are refused', () => {
  const [first] = registryLog(...base);
  const { topics } = changed(first, {});
  assert.throws(() => replay([changed(first, { topics: [topics[0] ?? '', '0xzz', topics[2] ?? ''] })]), {
    code: 'LOG_MALFORMED',
  });
  assert.throws(() => replay([changed(first, { data: '0xzz' })]), { code: 'LOG_MALFORMED' });
});

test('a status or a way of revoking that does not exist is refused', () => {
  for (const status of [0, 6, 255]) {
    assert.throws(() => replay(registryLog(...base, statusChanged(status))), { code: 'LOG_MALFORMED' });
  }
  assert.throws(() => replay(registryLog(opened(), registered(), keyListed(key, 3))), {
    code: 'LOG_MALFORMED',
  });
});

test('an event about something the log did not introduce is refused', () => {
  for (const wrong of [
    [suspended(true)],
    [opened(), statusChanged(2)],
    [opened(), keyListed(key)],
    [opened(), registered(), keyRetired(key, 5)],
    [opened(), registered(), keyCompromised(key)],
  ]) {
    assert.throws(() => replay(registryLog(...wrong)), { code: 'LOG_MALFORMED' });
  }
});
