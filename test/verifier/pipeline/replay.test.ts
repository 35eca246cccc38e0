import assert from 'node:assert/strict';
import { test } from 'node:test';
import { id } from 'ethers';
import fc from 'fast-check';
import { issuerRegistryAbi } from '../../../contracts/abi.ts';
import { logGenesis, nextHead } from '../../../verifier/pipeline/registry-log.ts';
import type { RawLog } from '../../../verifier/pipeline/registry-log.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import { LOG_EVENTS } from '../../../verifier/pipeline/replay/log-event.ts';
import { newKey } from '../../support/cards.ts';
import {
  anchored,
  CHAIN,
  held,
  keyBurned,
  keyCompromised,
  keyRegistered,
  opened,
  registered,
  registryLog,
  rulesPublished,
  statusChanged,
  suspended,
  venueRegistered,
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
  assert.partialDeepStrictEqual(replay([]), {
    head: logGenesis(CHAIN.chainId, CHAIN.registry),
    size: 0,
    trust: { successor: null, jurisdictions: [], issuers: [], keys: [], venues: [], rules: [] },
  });
});

test('a replay that goes on from another is the replay of both, and leaves the other as it was', () => {
  const logs = registryLog(...base);
  for (let cut = 0; cut <= logs.length; cut++) {
    const first = replay(logs.slice(0, cut));
    const before = structuredClone(first.trust);
    assert.deepEqual(replayLog(logs.slice(cut), CHAIN, first), replay(logs));
    assert.deepEqual(first.trust, before);
  }
});

test('the head moves once for each log event, in order', () => {
  const logs = registryLog(...base);
  assert.equal(replay(logs).size, 3);
  assert.equal(replay(logs).head, logs.reduce(nextHead, logGenesis(CHAIN.chainId, CHAIN.registry)));
});

test('the log is the events whose first parameter is the sequence number, and no other is replayed', () => {
  const events = issuerRegistryAbi.filter((item) => item.type === 'event');
  const logged = events.filter(({ inputs }) => inputs[0].name === 'seq');
  const topics = logged.map(({ name, inputs }) => id(`${name}(${inputs.map(({ type }) => type).join()})`));
  assert.deepEqual([...LOG_EVENTS.keys()].toSorted(), topics.toSorted());
  assert.ok(events.length > logged.length);
});

test('events of other topics are skipped and move nothing', () => {
  const logs = registryLog(...base);
  const foreign: RawLog = { topics: [`0x${'99'.repeat(32)}`], data: '0x1234' };
  const mixed = [foreign, ...logs.slice(0, 1), anchored(key), ...logs.slice(1), { topics: [], data: '0x' }];
  assert.deepEqual(replay(mixed), replay(logs));
});

test('hexadecimal in capitals replays to the same head and the same trust', () => {
  const logs = registryLog(...base, keyBurned(key), rulesPublished());
  const capitals = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;
  const shouted = logs.map(({ topics, data }) => ({ topics: topics.map(capitals), data: capitals(data) }));
  assert.deepEqual(replay(shouted), replay(logs));
});

test('an event with a topic more or less than its kind has is refused', () => {
  const [first] = registryLog(...base);
  const { topics } = changed(first, {});
  for (const wrong of [[...topics, topics[1] ?? ''], topics.slice(0, -1), topics.slice(0, 1)]) {
    assert.throws(() => replay([changed(first, { topics: wrong })]), { code: 'LOG_MALFORMED' });
  }
});

test('a log out of sequence is refused: an event missing, doubled, swapped, or not from 0', () => {
  // Each of these events could follow upon each.
  const [a, b, c, d] = registryLog(opened(), suspended(true), suspended(false), suspended(true));
  assert.ok(a !== undefined && b !== undefined && c !== undefined && d !== undefined);
  for (const wrong of [
    [a, c, d],
    [a, b, d],
    [a, b, b, c],
    [a, c, b],
    [opened()(1)],
    [a, suspended(true)(7)],
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

test('a log that anybody changed is LOG_MALFORMED or leads to another head', () => {
  const events = [...base, held(true), suspended(true), venueRegistered(), rulesPublished()];
  const logs = registryLog(...events, keyCompromised(key), statusChanged(5));
  const { head } = replay(logs);
  const place = fc.nat({ max: logs.length - 1 });
  const bent = fc.tuple(place, fc.nat({ max: 4 }), fc.nat({ max: 2000 }), fc.nat({ max: 14 }));
  fc.assert(
    fc.property(bent, ([at, part, where, by]) => {
      const log = changed(logs[at], {});
      const bend = (hex: string): string => {
        const digit = 2 + (where % (hex.length - 2));
        const other = (Number.parseInt(hex[digit] ?? '0', 16) + 1 + by) % 16;
        return hex.slice(0, digit) + other.toString(16) + hex.slice(digit + 1);
      };
      const topics = log.topics.map((topic, index) => (index === part ? bend(topic) : topic));
      const data = part >= log.topics.length ? bend(log.data) : log.data;
      const told = headOrRefusal(logs.with(at, { topics, data }));
      assert.ok(told === 'LOG_MALFORMED' || told.startsWith('0x'), told);
      assert.notEqual(told, head);
    }),
  );
});
