import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Interface, ZeroAddress } from 'ethers';
import { callNode } from '../../contracts/json-rpc.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { openHeldTrust } from '../../verifier/node/trust-store.ts';
import { abi, type Ledger, startLedger } from '../contracts/ledger.ts';
import { ISS, mintCard, newKey } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';
import { PERMITTED_ISS } from '../support/iss.ts';

/** Names that the contract takes and that are no text, or a text to mislead with; UTF-8 or what stands for it. */
const NAMES: readonly string[] = [
  'ff80',
  'ff'.repeat(200),
  '41c3', // cut off within a character
  'eda080', // half of a surrogate pair
  'c0af', // an overlong slash
  'f4908080', // beyond U+10FFFF
  'c29b324a', // CSI, which clears a terminal
  'e280ae676e696e6e6143', // right to left
  '20efbbbf', // a byte order mark behind a space
];

/** The contract's functions with texts as bytes: no encoder lets such names through. */
const raw = new Interface([
  'function openJurisdiction(bytes32, bytes, address)',
  'function registerIssuer((bytes, bytes, bytes, bytes32, address, uint64, uint64, uint32, uint8))',
]);

describe('an accreditor who gives issuers names that are no text', () => {
  const key = newKey();
  let ledger: Ledger;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-names-'));
    ledger = await startLedger();
    const code = encodeJurisdiction('HOSTILE');
    await send(ledger.governor, 'openJurisdiction', [code, '0xff80', ledger.accreditor]);
    for (const [i, name] of NAMES.entries()) {
      const iss = `0x${Buffer.from(`https://hostile-${i}.example`).toString('hex')}`;
      const issuer = [iss, `0x${name}`, '0x', code, ZeroAddress, 0, 0, 0, 2];
      await send(ledger.accreditor, 'registerIssuer', [issuer]);
    }
    for (const [iss] of PERMITTED_ISS) await ledger.registerIssuer({ iss }, code);
    const listed = { iss: ISS, controller: ZeroAddress, accreditedFrom: 0 };
    await ledger.listKey(key, await ledger.registerIssuer(listed, code));
    const where = ['--rpc', ledger.rpcUrl, '--registry', ledger.registry, '--confirmations', '0'];
    const synced = await run('pratique', ['trust', 'sync', ...where, '--store', join(folder, 'store')]);
    assert.equal(synced.status, 0, synced.stderr);
  });
  after(async () => {
    await ledger.stop();
    await rm(folder, { recursive: true });
  });

  /** A transaction with a text given as its bytes. */
  async function send(from: string, name: string, args: unknown[]): Promise<void> {
    const selector = abi.getFunction(name)?.selector ?? '';
    const data = selector + raw.encodeFunctionData(name, args).slice(selector.length);
    const hash = await callNode(ledger.rpcUrl, 'eth_sendTransaction', [{ from, to: ledger.registry, data }]);
    assert.equal((await ledger.receipt(hash)).status, '0x1');
  }

  test('stops nobody from verifying by a synced store or by a bundle made of it', async () => {
    const card = mintCard(key, { nbf: Math.floor(Date.now() / 1000) - 60 });
    const store = join(folder, 'store');
    const byStore = await verifyJson(['--store', store, card]);

    const held = await openHeldTrust(store);
    const document = held?.document();
    await held?.close();
    assert.ok(document !== undefined);
    const names = document.issuers.slice(0, NAMES.length).map(({ name }) => name);
    assert.deepEqual(names.slice(0, 3), ['\ufffd\ufffd', '\ufffd'.repeat(200), 'A\ufffd']);
    const exporter = oneTimeExporterKey();
    const bundle = join(folder, 'bundle');
    await writeFile(bundle, signBundle(document, exporter));
    const byBundle = await verifyJson(['--trust', bundle, '--exporter', exporter.kid, card]);

    for (const { decisions } of [byStore, byBundle]) assert.deepEqual(decisions[0]?.codes, ['VALID']);
  });

  test('stops nobody from reading the log, which prints no control and no hidden character', async () => {
    const where = ['--rpc', ledger.rpcUrl, '--registry', ledger.registry];
    const { status, stdout, stderr } = await run('pratique', ['registry', 'log', ...where]);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Bidi_Control}]/u);
    const json = await run('pratique', ['registry', 'log', ...where, '--json']);
    const { entries } = JSON.parse(json.stdout) as { entries: { details: { name?: string } }[] };
    assert.deepEqual([entries[0]?.details.name, entries[1]?.details.name], ['\ufffd\ufffd', '\ufffd\ufffd']);
  });
});
