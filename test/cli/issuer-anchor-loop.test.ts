import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sampleBundle } from '../agent/issuer-fixture.ts';
import { lyingNode } from '../contracts/rpc-stub.ts';
import { startAnvil } from '../support/anvil.ts';
import { type Ended, run } from '../support/cli.ts';
import { now } from '../support/federation.ts';
import { type AnchoringFixture, startAnchoring } from './anchoring-fixture.ts';

const PRATIQUE = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

type Printed = Readonly<Record<string, unknown>>;

let fixture: AnchoringFixture;
let node: Awaited<ReturnType<typeof lyingNode>>;
let isDead = false;
before(async () => {
  fixture = await startAnchoring(startAnvil);
  node = await lyingNode(async (_, honest, response) => {
    if (!isDead) return honest();
    response.destroy();
    return undefined;
  }, fixture.clients.chain.rpcUrl);
});
after(async () => {
  await node.stop();
  await fixture.stop();
});

function options(...args: string[]): string[] {
  const { dir, secret } = fixture;
  return ['--dir', dir, '--passphrase-file', secret, ...args];
}

/** Of what reaches the chain. */
function chain(...args: string[]): string[] {
  return options('--out', fixture.out, '--account', '2', '--rpc', node.rpcUrl, ...args);
}

async function issuer(name: string, ...args: string[]): Promise<Ended> {
  return run('pratique', ['issuer', name, ...args], { cwd: fixture.folder });
}

async function shown(): Promise<Printed> {
  const { status, stdout, stderr } = await issuer('show', ...options('--json'));
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Printed;
}

/** A card that is good, by its rid. */
async function issued(): Promise<string> {
  return fixture.open(async (open) => {
    const { rid } = await open.issuePlus(sampleBundle('immunization'), { now: now() });
    return rid;
  });
}

describe('pratique issuer anchor --every', () => {
  let loop: ChildProcess;
  const events: Printed[] = [];
  after(() => loop.kill('SIGKILL'));

  /** The next event of a kind that has not been waited for yet. */
  async function next(event: string): Promise<Printed> {
    for (let i = 0; i < 400; i++) {
      const at = events.findIndex((each) => each['event'] === event);
      if (at !== -1) return events.splice(at, 1)[0] ?? {};
      await sleep(50);
    }
    return assert.fail(`no ${event} in ${JSON.stringify(events)}`);
  }

  test('it anchors, and other commands get in while it waits', async () => {
    loop = spawn(process.execPath, [PRATIQUE, 'issuer', 'anchor', ...chain('--every', '1s', '--json')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: loop.stdout ?? assert.fail() }).on('line', (line) => {
      events.push(JSON.parse(line) as Printed);
    });
    await next('started');
    assert.equal((await next('anchored'))['counter'], 1);
    const { status, stderr } = await issuer('revoke', ...options(await issued()));
    assert.equal(status, 0, stderr);
    const { counter, revoked } = await next('anchored');
    assert.deepEqual([counter, revoked], [2, 1]);
    await fixture.assertSound(2);
  });

  test('a node that is gone is an alarm that stays until it is back', async () => {
    const rid = await issued();
    isDead = true;
    assert.equal((await next('failed'))['code'], 'CHAIN_UNAVAILABLE');
    const revoked = await issuer('revoke', ...chain(rid, '--now'));
    assert.equal(revoked.status, 69, revoked.stderr);
    assert.match(revoked.stdout, new RegExp(`Card ${rid} is revoked .*\n.*ALARM: .*CHAIN_UNAVAILABLE`));
    const { anchoring } = await shown();
    assert.equal((anchoring as { failing?: { code: string } }).failing?.code, 'CHAIN_UNAVAILABLE');
    const { stdout } = await issuer('show', ...options());
    assert.match(
      stdout,
      /ALARM: nothing reached the chain since \d{4}-.* \(CHAIN_UNAVAILABLE; tried \d+ times\)/,
    );
    const single = await issuer('anchor', ...chain());
    assert.equal(single.status, 69);
    assert.match(single.stderr, /ALARM: nothing reached the chain since/);

    isDead = false;
    await next('recovered');
    const later = await next('anchored');
    assert.deepEqual([later['counter'], later['revoked']], [3, 2]);
    await fixture.assertSound(3);
    const standing = (await shown())['anchoring'] as { failing?: object; reachedAt?: number };
    assert.equal(standing.failing, undefined);
    assert.ok((standing.reachedAt ?? 0) > 0);
  });

  test('a folder that another command holds is waited for, and no alarm', async () => {
    await fixture.open(async () => next('busy'));
  });

  test('told to stop, it finishes what is under way, ends well and says so', async () => {
    const { client, rpc } = fixture;
    const { status, stderr } = await issuer('revoke', ...options(await issued()));
    assert.equal(status, 0, stderr);
    await rpc('evm_setAutomine', false);
    const waits = async (): Promise<boolean> =>
      (await rpc('eth_getTransactionCount', await client.sender(), 'pending')) !==
      (await rpc('eth_getTransactionCount', await client.sender(), 'latest'));
    for (let i = 0; i < 100 && !(await waits()); i++) await sleep(50);
    const ended = once(loop, 'exit');
    loop.kill('SIGTERM');
    await sleep(300);
    assert.equal(loop.exitCode, null);
    await rpc('evm_setAutomine', true);
    await rpc('evm_mine');
    assert.deepEqual(await ended, [0, null]);
    assert.equal((await next('anchored'))['counter'], 4);
    await next('stopped');
    await fixture.assertSound(4);
    const others = events.filter(({ event }) => event !== 'failed' && event !== 'busy');
    assert.deepEqual(others, [], 'an event is told once');
  });

  test('it takes nothing that contradicts it, and no length of time that makes no sense', async () => {
    for (const wrong of [
      ['--every', '25h'],
      ['--every', '0'],
      ['--every', 'now'],
      ['--every', '1h', '--if-changed'],
      ['--every', '1h', '--instructions', 'x'],
    ]) {
      assert.equal((await issuer('anchor', ...chain(...wrong))).status, 64, wrong.join(' '));
    }
    // No time mends this.
    const nowhere = ['--dir', join(fixture.folder, 'nowhere')];
    assert.equal((await issuer('anchor', ...chain('--every', '1h', ...nowhere))).status, 65);
  });
});

describe('pratique issuer revoke --now', () => {
  test('the chain and the files have it when the command ends', async () => {
    const rid = await issued();
    const { status, stdout, stderr } = await issuer('revoke', ...chain(rid, '--now', '--json'));
    assert.equal(status, 0, stderr);
    const { rid: told, anchor } = JSON.parse(stdout) as {
      rid: string;
      anchor: { landed: boolean; lists: Printed[] };
    };
    assert.deepEqual([told, anchor.landed, anchor.lists[0]?.['counter']], [rid, true, 5]);
    await fixture.assertSound(5);
  });

  test('a card that is unknown is refused, and nothing is anchored', async () => {
    const { status, stderr } = await issuer('revoke', ...chain('AAAAAA', '--now'));
    assert.equal(status, 65);
    assert.match(stderr, /CARD_UNKNOWN/);
    await fixture.assertSound(5);
  });
});
