import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import type { BulkReport } from '../../../agent/bulk/run-bulk.ts';
import type { CardRecord } from '../../../agent/card-record.ts';
import { IssuerStore } from '../../../agent/issuer-store.ts';
import { StatusLedger } from '../../../agent/status-ledger.ts';
import { withoutPostgres } from '../../support/postgres.ts';
import { assertWhole, outcomesIn } from '../bulk-fixture.ts';
import { NOW, PASSPHRASE } from '../issuer-fixture.ts';
import { ownPostgres } from '../store/places.ts';
import { sharedFixture, type SharedFixture } from './shared-fixture.ts';

const PROGRAM = fileURLToPath(new URL('../bulk-process.ts', import.meta.url));
const PEOPLE = 3000;
const PATIENCE_MS = 100_000;

interface Agent {
  readonly child: ChildProcess;
  /** How many times it has told how far it is. */
  readonly dots: () => number;
  readonly said: () => string;
  readonly ended: Promise<unknown>;
}

describe('a bulk that agents on one database share', { skip: withoutPostgres }, () => {
  after(async () => (await ownPostgres()).end());

  /** An agent in a process of its own. */
  function start(t: TestContext, { dirs, input, out }: SharedFixture, at: number): Agent {
    const args = [PROGRAM, dirs[at] ?? '', input, out, PASSPHRASE, String(NOW)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (text) => (said += String(text)));
    return {
      child,
      dots: () => said.split('.').length - 1,
      said: () => said,
      ended: once(child, 'exit', { signal: AbortSignal.timeout(PATIENCE_MS) }),
    };
  }

  async function until(what: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!what()) {
      assert.ok(Date.now() < deadline, 'It never came to that.');
      await sleep(10);
    }
  }

  async function assertFinished(agent: Agent): Promise<void> {
    assert.deepEqual(await agent.ended, [0, null], agent.said());
    assert.match(agent.said(), new RegExp(`finished ${PEOPLE}\n$`));
  }

  /** Each line has one outcome, and files and store hold the same cards with the same payloads, each under its own index. */
  async function assertAllThere({ dirs, out }: SharedFixture): Promise<void> {
    const outcomes = await outcomesIn(out);
    assertWhole(outcomes, PEOPLE);
    const store = await IssuerStore.open(dirs[0] ?? '', PASSPHRASE);
    try {
      await store.assertWhole();
      const ledger = await StatusLedger.open(store);
      const known = new Map<string, CardRecord>();
      for await (const card of ledger.cards.where('"batch"', () => true)) {
        assert.ok(!known.has(card.id), 'an index of two cards');
        known.set(card.id, card);
      }
      assert.equal(known.size, outcomes.cards.length);
      for (const { id, jws } of outcomes.cards) {
        const payload = inflateRawSync(Buffer.from(jws.split('.')[1] ?? '', 'base64url'));
        assert.equal(known.get(id)?.payloadHash, store.box.payloadHash(payload));
      }
    } finally {
      await store.close();
    }
  }

  function counted({ lines, cards, reasons }: BulkReport): readonly [number, number] {
    return [lines, cards + Object.values(reasons).reduce((all, some) => all + some, 0)];
  }

  test('two issue it together: each line has one outcome, and both report the whole', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE });
    const agents = [await shared.open(0), await shared.open(1)];
    const reports = await Promise.all(agents.map(async (each) => shared.bulk(each)));
    const [report] = reports;
    assert.ok(report?.finished);
    assert.deepEqual(counted(report), [PEOPLE, PEOPLE]);
    assert.deepEqual(reports[1], report);
    assert.deepEqual(report.shards, [join(shared.out, 'people-0001.ndjson')]);
    for (const each of agents) await each.close();
    await assertAllThere(shared);
    const again = await shared.open(1);
    assert.deepEqual(await shared.bulk(again), report, 'it is over, and only told again');
  });

  test('one that is killed is followed by the other: nobody is issued twice, and nobody missing', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE });
    const [killed, other] = [start(t, shared, 0), start(t, shared, 1)];
    await until(() => killed.dots() > 5);
    killed.child.kill('SIGKILL');
    await assertFinished(other);
    await assertAllThere(shared);
  });

  test('one that stands still and goes on when all is done ends like the other, and doubles nothing', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE });
    const [stopped, other] = [start(t, shared, 0), start(t, shared, 1)];
    await until(() => stopped.dots() > 5);
    stopped.child.kill('SIGSTOP');
    await assertFinished(other);
    stopped.child.kill('SIGCONT');
    await assertFinished(stopped);
    await assertAllThere(shared);
  });

  test('while the database is away it is waited for', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE });
    const agents = [start(t, shared, 0), start(t, shared, 1)];
    await until(() => agents.every(({ dots }) => dots() > 3));
    const postgres = await ownPostgres();
    await postgres.crash();
    await postgres.start();
    for (const agent of agents) await assertFinished(agent);
    await assertAllThere(shared);
  });

  test('told to stop one says how far all are; the same order goes on', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE });
    const agent = await shared.open(0);
    const stop = new AbortController();
    const told = ({ lines }: { readonly lines: number }): void => {
      if (lines > 300) stop.abort();
    };
    const stopped = await shared.bulk(agent, { signal: stop.signal, told });
    assert.equal(stopped.finished, false);
    const [lines, outcomes] = counted(stopped);
    assert.ok(lines > 300 && lines < PEOPLE && outcomes === lines);
    const report = await shared.bulk(await shared.open(1));
    assert.deepEqual([report.finished, ...counted(report)], [true, PEOPLE, PEOPLE]);
    await agent.close();
    await assertAllThere(shared);
  });

  test('agents with folders of their own say what is elsewhere, until the parts lie together', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE });
    const agents = [await shared.open(0), await shared.open(1)];
    const outs = [shared.out, join(shared.folder, 'other')] as const;
    const reports = await Promise.all(
      agents.map(async (each, at) => shared.bulk(each, { out: outs[at] ?? '' })),
    );
    for (const report of reports) {
      assert.deepEqual([report.finished, ...counted(report)], [true, PEOPLE, PEOPLE]);
      assert.ok((report.elsewhere ?? 0) > 0);
      assert.deepEqual(report.shards, []);
    }
    await cp(join(outs[1], 'people.parts'), join(outs[0], 'people.parts'), { recursive: true });
    const [first] = agents;
    assert.ok(first);
    assert.equal((await shared.bulk(first)).elsewhere, undefined);
    await agents[0]?.close();
    await assertAllThere(shared);
    assert.deepEqual((await readdir(shared.out)).toSorted(), ['people-0001.ndjson', 'people-refused.ndjson']);
  });

  test('an agent whose file is another one in its middle issues nothing of it', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE });
    const stop = new AbortController();
    await shared.bulk(await shared.open(0), { signal: stop.signal, told: () => stop.abort() });
    const file = await open(shared.input, 'r+');
    const { size } = await file.stat();
    assert.ok(size > 2 * 2 ** 20, 'the ends are compared before');
    const middle = await file.read(Buffer.alloc(4000), 0, 4000, Math.floor(size / 2));
    const at = middle.buffer.indexOf('"birthDate":"19') + '"birthDate":"19'.length;
    await file.write(
      Buffer.from(middle.buffer[at] === 0x39 ? '8' : '9'),
      0,
      1,
      middle.bytesRead === 0 ? 0 : Math.floor(size / 2) + at,
    );
    await file.close();
    await assert.rejects(shared.bulk(await shared.open(1)), { code: 'BULK_CHANGED' });
  });

  test('without room on the chain each says how much is wanted, and goes on once it is there', async (t) => {
    const shared = await sharedFixture(t, { people: PEOPLE, room: 0 });
    const [one, two] = [await shared.open(0), await shared.open(1)];
    // All but a thousand of the 131,072 indices.
    const [input, lines] = [join(shared.folder, 'blank.ndjson'), 130_072];
    await writeFile(input, '\n'.repeat(lines));
    await shared.bulk(one, { input, linesPerChunk: lines, out: join(shared.folder, 'blank') });
    for (const each of [one, two]) {
      await assert.rejects(shared.bulk(each), { code: 'NOT_ANCHORED', message: /--room \d+/ });
    }
    await one.anchored(shared.kid, one.statusList(shared.kid, 10_000));
    const report = await shared.bulk(two);
    assert.deepEqual([report.finished, ...counted(report)], [true, PEOPLE, PEOPLE]);
  });
});
