import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { type Clients, issuerOf, NODES, poorKeystore, startClients } from '../contracts/clients.ts';
import { word } from '../contracts/ledger.ts';
import { newKey } from '../support/cards.ts';
import { RegistryCli } from '../support/registry-cli.ts';

for (const { node, start } of NODES) {
  describe(`an issuer without ether, on ${node}`, () => {
    let clients: Clients;
    let folder: string;
    let cli: RegistryCli;
    let issuer: string;
    /** Options of the account without ether. */
    let poor: readonly string[];
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratique-relay-'));
      clients = await startClients(start);
      cli = new RegistryCli(clients.chain.rpcUrl, clients.address);
      const { governor, accreditor } = clients;
      await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
      const { address, keystore } = await poorKeystore(folder);
      const secret = join(folder, 'secret');
      await writeFile(secret, keystore.passphrase);
      poor = ['--keystore', keystore.path, '--keystore-passphrase-file', secret];
      issuer = String((await accreditor.registerIssuer(issuerOf(address))).issuerId);
    });
    after(async () => {
      await clients.stop();
      await rm(folder, { recursive: true });
    });

    const relay = ['relay', '--account', '3'];
    const anchor = (file: string, ...more: readonly string[]): string[] => {
      const put = ['anchor', 'put', issuer, 'name:audit', '--root', word('root'), '--length', '9'];
      return [...put, '--revoked', '0', '--instruction', join(folder, file), ...poor, ...more];
    };

    test('signs for a key and an anchor, and somebody else sends both', async () => {
      const { kid, x, y, sign } = newKey();
      const terms = [issuer, '--x', x, '--y', y, '--from', '2026-01-01', '--until', '2027-01-01'];
      const { message } = await cli.json('key', 'message', ...terms);
      const signature = encodeBase64url(sign(decodeBase64url(String(message))));
      const [keyFile, anchorFile] = [join(folder, 'key.json'), join(folder, 'first.json')];
      const register = ['key', 'register', ...terms, '--signature', signature];
      await cli.refused({ status: 65, code: 'ACCOUNT_UNAVAILABLE' }, ...register, ...poor);
      const signed = await cli.json(...register, '--instruction', keyFile, ...poor);
      assert.partialDeepStrictEqual(signed, { file: keyFile, nonce: 0 });
      const later = await cli.json(...anchor('first.json', '--after', '1', '--deadline', '2040-01-01'));
      assert.partialDeepStrictEqual(later, { nonce: 1, deadline: 2_208_988_800 });

      const { relayed } = await cli.json(...relay, anchorFile, keyFile);
      const [first, second] = relayed as { what: string; block: number }[];
      assert.ok(first?.what.includes('A key of issuer') && second?.what.includes('is anchored for'));
      assert.equal((await cli.json('key', 'show', issuer, kid))['state'], 'active');
      assert.equal((await cli.json('anchor', 'show', issuer, 'name:audit'))['counter'], 1);
      assert.match(await cli.text('log'), new RegExp(`${String(signed['signer'])} registered key ${kid}`));
    });

    test('and what cannot be sent is refused by its own code, naming the file', async () => {
      const file = join(folder, 'second.json');
      await cli.json(...anchor('second.json'));
      const text = await readFile(file, 'utf8');
      const json = JSON.parse(text) as Record<string, unknown>;
      const wrong: [unknown, string, string?][] = [
        [{ ...json, chainId: 1 }, 'WRONG_CHAIN'],
        [{ ...json, registry: `0x${'11'.repeat(20)}` }, 'WRONG_REGISTRY'],
        [{ ...json, nonce: 0 }, 'INSTRUCTION_USED', 'InvalidAccountNonce'],
        [{ ...json, nonce: 99 }, 'INSTRUCTION_EARLY', 'InvalidAccountNonce'],
        [{ ...json, deadline: 1 }, 'INSTRUCTION_EXPIRED', 'InstructionExpired'],
        [{ ...json, deadline: 1_999_999_999 }, 'INSTRUCTION_FORGED', 'InstructionNotSigned'],
        [{ ...json, format: 'pratique/instruction/9' }, 'INSTRUCTION_MALFORMED'],
        ['signed', 'INSTRUCTION_MALFORMED'],
      ];
      const spoiled = join(folder, 'spoiled.json');
      for (const [content, code, refusal] of wrong) {
        await writeFile(spoiled, JSON.stringify(content));
        const expected = { status: 65, code, ...(refusal === undefined ? {} : { refusal }) };
        const message = await cli.refused(expected, ...relay, spoiled);
        assert.ok(message.startsWith(`${spoiled}: `), message);
      }
      await writeFile(spoiled, text.slice(0, -20));
      await cli.refused({ status: 65, code: 'FILE_UNREADABLE' }, ...relay, file, spoiled);
      const { counter } = await cli.json('anchor', 'show', issuer, 'name:audit');
      assert.equal(counter, 1, 'no file is sent before all are read');

      const used = { status: 65, code: 'INSTRUCTION_USED', refusal: 'InvalidAccountNonce' } as const;
      const message = await cli.refused(used, ...relay, file, file);
      assert.ok(message.endsWith('1 before it was relayed.'), message);
      assert.equal((await cli.json('anchor', 'show', issuer, 'name:audit'))['counter'], 2);
    });

    test('and a file that is there is not written over', async () => {
      const path = join(folder, 'kept.json');
      await writeFile(path, 'kept');
      await cli.refused({ status: 65, code: 'FILE_EXISTS' }, ...anchor('kept.json'));
      await cli.refused({ status: 65, code: 'FILE_EXISTS' }, ...anchor('none/kept.json'));
      assert.equal(await readFile(path, 'utf8'), 'kept');
    });
  });
}
