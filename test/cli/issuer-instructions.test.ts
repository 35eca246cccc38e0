import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { initIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { anchorStatus, signAnchors } from '../../cli/issuer/anchor.ts';
import { registerSigningKey, signSigningKey } from '../../cli/issuer/register-key.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { parseInstruction, type SignedInstruction } from '../../contracts/signed-instruction.ts';
import { readJsonFile } from '../../cli/trust/json-file.ts';
import { type Clients, issuerOf, poorKeystore, startClients } from '../contracts/clients.ts';
import { startChain } from '../support/chain.ts';
import { now } from '../support/federation.ts';

const ISS = 'https://poor.example';

let clients: Clients;
let folder: string;
let issuer: Issuer;
let poor: RegistryClient;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-poor-issuer-'));
  clients = await startClients(startChain);
  const { governor, accreditor, chain, address: registry } = clients;
  await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
  const { address, keystore } = await poorKeystore(folder);
  poor = await clients.connect(0, { keystore });
  const { issuerId } = await accreditor.registerIssuer(issuerOf(address, { iss: ISS, statusBase: ISS }));
  const dir = join(folder, 'issuer');
  issuer = await initIssuer({ dir, passphrase: 'correct horse', iss: ISS, name: 'Poor', kdfCost: 2 ** 14 });
  await issuer.bindRegistry({ chainId: chain.chainId, registry, issuerId, rpcUrl: chain.rpcUrl });
});
after(async () => {
  await issuer.close();
  await clients.stop();
  await rm(folder, { recursive: true });
});

const read = async (file: string): Promise<SignedInstruction> =>
  parseInstruction((await readJsonFile(file)).json);

test('an issuer whose account has no ether gets its key registered and its lists anchored by others', async () => {
  const { rpcUrl } = clients.chain;
  const file = join(folder, 'key.json');
  const signing = { instruction: file, after: 0 };
  const signed = await signSigningKey(issuer, poor, { now: now() - 60, signing });
  assert.ok((signed.deadline ?? 0) > now());
  assert.equal(issuer.keys()[0]?.window, undefined, 'nothing is recorded before it is on the chain');
  await assert.rejects(signAnchors(issuer, poor, { rpcUrl, folder }), { code: 'NO_SIGNING_KEY' });

  await clients.stranger.relay(await read(file));
  const found = await signSigningKey(issuer, poor, { now: now(), signing });
  assert.deepEqual([found.deadline, found.key.kid], [undefined, signed.key.kid]);
  assert.deepEqual(issuer.keys()[0]?.window, signed.window);

  const out = join(folder, 'instructions');
  const [anchor, ...more] = await signAnchors(issuer, poor, { rpcUrl, folder: out });
  assert.deepEqual([more, anchor?.counter, anchor?.kid], [[], 1, signed.key.kid]);
  assert.deepEqual(await readdir(out), [`anchor-${signed.key.kid}-1.json`]);
  assert.equal(issuer.anchorOf(signed.key.kid), undefined);
  await clients.stranger.relay(await read(anchor?.file ?? ''));

  const [taken] = await anchorStatus(issuer, poor, { rpcUrl, unchanged: 'never' });
  assert.deepEqual([taken?.counter, taken?.block], [1, undefined], 'what landed is taken over, nothing sent');
  assert.deepEqual(await signAnchors(issuer, poor, { rpcUrl, folder: out }), []);
  const { key } = await registerSigningKey(issuer, poor, { now: now(), kid: signed.key.kid });
  assert.equal(key.kid, signed.key.kid);
});

test('several lists are signed in the order in which they have to be relayed', async () => {
  const { rpcUrl } = clients.chain;
  const card = await issuer.issuePlus(await sample(), { now: now() });
  await issuer.revoke(card.id);
  const second = join(folder, 'second.json');
  await signSigningKey(issuer, poor, { now: now() - 60, signing: { instruction: second, after: 0 } });
  await clients.stranger.relay(await read(second));
  await registerSigningKey(issuer, poor, { now: now() });

  const signed = await signAnchors(issuer, poor, { rpcUrl, folder: join(folder, 'both') });
  assert.deepEqual(
    signed.map(({ counter }) => counter),
    [2, 1],
  );
  const [first, last] = [await read(signed[0]?.file ?? ''), await read(signed[1]?.file ?? '')];
  assert.equal(last.nonce, first.nonce + 1);
  await assert.rejects(clients.stranger.relay(last), { code: 'INSTRUCTION_EARLY' });
  await clients.stranger.relay(first);
  await clients.stranger.relay(last);
  const taken = await anchorStatus(issuer, poor, { rpcUrl, unchanged: 'never' });
  assert.deepEqual(
    taken.map(({ counter, revoked, block }) => [counter, revoked, block]),
    [
      [2, 1, undefined],
      [1, 0, undefined],
    ],
  );
});

async function sample(): Promise<unknown> {
  return (await readJsonFile(new URL('../../cli/samples/immunization.json', import.meta.url).pathname)).json;
}
