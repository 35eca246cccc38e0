import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DecidedRules, UnmetRule } from '../../verifier/pipeline/decision.ts';
import { DAY } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';
import type { Ended, PrintedDecision } from '../support/cli.ts';
import { now, startFederation } from '../support/federation.ts';
import type { Federation } from '../support/federation.ts';
import { changedText, doses, negativePcr, shippedText } from '../support/published-rules.ts';

type Decided = PrintedDecision & {
  readonly rules: DecidedRules | null;
  readonly unmet: readonly UnmetRule[];
};

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));
const shippedPath = (name: string): string =>
  fileURLToPath(new URL(`../../verifier/rules/${name}.json`, import.meta.url));

/*
 * A jurisdiction publishes New York's rules as they come with the program, a venue synchronises and holds cards against
 * them, the jurisdiction tightens a window and then ends them. Each test goes on from the one before.
 */
describe('the acceptance rules of a jurisdiction, from its terminal to the door', () => {
  let federation: Federation;
  let [card, incomplete, tested] = ['', '', ''];
  let chain: readonly string[];
  before(async () => {
    federation = await startFederation();
    chain = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
    const dateOf = (daysAgo: number): string =>
      new Date((now() - daysAgo * DAY) * 1000).toISOString().slice(0, 10);
    const { north } = federation;
    const issue = async ({ fhirBundle }: ReturnType<typeof doses>): Promise<string> =>
      (await north.issuer.issuePlus(fhirBundle, { now: now() })).jws;
    card = await issue(doses(dateOf(130), dateOf(100)));
    incomplete = await issue(doses(dateOf(100)));
    tested = await issue(negativePcr(now() - 2 * DAY));
    await north.anchor();
    await federation.sync();
  });
  after(() => federation.stop());

  const pratique = async (...args: readonly string[]): Promise<Ended> =>
    run('pratique', args, { cwd: federation.folder });
  const store = ['--store', 'venue'];
  const sync = async (...args: readonly string[]): Promise<Ended> =>
    pratique('trust', 'sync', ...chain, ...store, ...args);
  const publish = async (id: string, file: string, ...args: readonly string[]): Promise<void> => {
    const command = ['registry', 'rules', 'publish', 'US-NY', id, '--file', file, '--account', '1'];
    const { status, stderr } = await pratique(...command, ...chain, ...args);
    assert.equal(status, 0, stderr);
  };
  const verify = async (
    jws: string,
    ...args: readonly string[]
  ): Promise<readonly [number | null, Decided]> => {
    const { status, decisions } = await verifyJson([...store, '--rules', 'ENTRY', ...args, jws], {
      cwd: federation.folder,
    });
    return [status, decisions[0] as Decided];
  };
  const verdict = async (jws: string, ...args: readonly string[]): Promise<readonly unknown[]> => {
    const [status, { codes, rules }] = await verify(jws, ...args);
    return [status, codes.join(), rules?.fault ?? null];
  };

  test('that it has not published are nobody’s rules, though they come with the program', async () => {
    assert.deepEqual(await verdict(card), [2, 'RULES_UNAVAILABLE', 'NOT_PUBLISHED']);
  });

  test('a node that is started with rules it cannot use yet says why, and serves', async () => {
    const args = [PROGRAM, 'verifier', 'serve', '--port', '0', ...store, '--rules', 'ENTRY', '--json'];
    const child = spawn(process.execPath, args, {
      cwd: federation.folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, rules } = JSON.parse(line) as { url: string; rules: DecidedRules };
    assert.deepEqual(rules, { set: 'ENTRY', version: null, fault: 'NOT_PUBLISHED' });
    const answer = await fetch(`${url}/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ credential: card, rules: 'none' }),
    });
    assert.deepEqual(((await answer.json()) as Decided).codes, ['RULES_UNAVAILABLE']);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  test('decide once they are published by their digests and the venue is in step', async () => {
    await publish('COVID-19', shippedPath('US-NY/COVID-19'));
    await publish('ENTRY', shippedPath('US-NY/ENTRY'));
    assert.deepEqual(await verdict(card), [2, 'RULES_UNAVAILABLE', 'NOT_PUBLISHED'], 'not before');
    const { status, stdout } = await sync();
    assert.equal(status, 0);
    assert.match(stdout, /rules {6}2 of 2 published documents are here/);
    const [accepted, decision] = await verify(card);
    assert.deepEqual([accepted, decision.outcome, decision.codes], [0, 'accepted', ['VALID']]);
    assert.deepEqual(decision.rules, { set: 'US-NY/ENTRY', version: '1.0.0', fault: null });
    const [refused, { unmet }] = await verify(incomplete);
    assert.deepEqual([refused, unmet[0]?.rule], [1, 'VR-US-NY-0002']);
  });

  test('an altered copy is refused by name, and changes nothing', async () => {
    const altered = join(federation.folder, 'altered.json');
    await writeFile(altered, shippedText('US-NY/ENTRY').replace('"VR-US-NY-0002", ', ''));
    const { status, stdout, stderr } = await sync('--rule-file', altered);
    assert.equal(status, 65);
    assert.match(stderr, /^RULE_FILES_REFUSED/m);
    assert.match(stdout, /altered\.json: NOT_PUBLISHED/);
    assert.deepEqual(await verdict(card), [0, 'VALID', null]);
    assert.deepEqual(await verdict(incomplete), [1, 'RULES_NOT_MET', null]);
  });

  test('go with the bundle to a venue that has no network, which decides alike', async () => {
    const bundle = join(federation.folder, 'rules.bundle');
    const exported = await pratique('trust', 'export', bundle, ...store, '--json');
    const { exporter } = JSON.parse(exported.stdout) as { exporter: string };
    const imported = ['trust', 'import', bundle, '--exporter', exporter, '--store', 'gate'];
    assert.equal((await pratique(...imported)).status, 0);
    for (const jws of [card, incomplete]) {
      const here = await verifyJson([...store, '--rules', 'ENTRY', jws], { cwd: federation.folder });
      const there = await verifyJson(['--store', 'gate', '--rules', 'ENTRY', jws], {
        cwd: federation.folder,
      });
      assert.deepEqual([there.status, there.decisions[0]?.codes], [here.status, here.decisions[0]?.codes]);
    }
  });

  test('a value set with a shorter window rejects what the old one accepted, and not as of then', async () => {
    const file = join(federation.folder, 'shorter.json');
    const shorter = changedText(shippedText('US-NY/COVID-19'), (json) => {
      json.version = '1.1.0';
      json.numbers['pcrDays'] = 1;
    });
    await writeFile(file, shorter);
    assert.deepEqual(await verdict(tested), [0, 'VALID', null]);
    const from = now();
    await publish('COVID-19', file, '--from', String(from), '--previous', shippedPath('US-NY/COVID-19'));
    assert.equal((await sync()).status, 0);
    assert.deepEqual(
      await verdict(tested),
      [2, 'RULES_UNAVAILABLE', 'VALUE_SET_UNAVAILABLE'],
      'what is in force is not here: the old one does not go on',
    );
    assert.equal((await sync('--rule-file', file)).status, 0);
    const [status, { codes, unmet }] = await verify(tested);
    assert.deepEqual([status, codes, unmet[0]?.rule], [1, ['RULES_NOT_MET'], 'TR-US-NY-0003']);
    assert.deepEqual(await verdict(card), [0, 'VALID', null], 'who is vaccinated is not concerned');
    assert.deepEqual(await verdict(tested, '--at', String(from - 1)), [0, 'VALID', null]);
  });

  test('that it ended decide nothing any more, and still about the past', async () => {
    const from = now();
    const command = ['registry', 'rules', 'end', 'US-NY', 'ENTRY', '--account', '1', '--from', String(from)];
    assert.equal((await pratique(...command, ...chain)).status, 0);
    assert.equal((await sync()).status, 0);
    assert.deepEqual(await verdict(card), [2, 'RULES_UNAVAILABLE', 'ENDED']);
    const past = await verdict(incomplete, '--at', String(from - 1));
    assert.deepEqual(past, [1, 'RULES_NOT_MET', null]);
    assert.match((await pratique('trust', 'show', ...store)).stdout, /ENTRY ended with version 10000000001/);
  });
});
