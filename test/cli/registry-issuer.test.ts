import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { keyBurnMessage } from '../../contracts/key-burn.ts';
import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { type Clients, issuerOf, NODES, startClients } from '../contracts/clients.ts';
import { FROM, word } from '../contracts/ledger.ts';
import { newKey, type TestKey } from '../support/cards.ts';
import { RegistryCli } from '../support/registry-cli.ts';

const REVERTED = { status: 65, code: 'REVERTED' } as const;
const ISS = 'https://clinic.example';

for (const { node, start } of NODES) {
  describe(`issuers, keys, venues and rules from the terminal, on ${node}`, () => {
    let clients: Clients;
    let folder: string;
    let cli: RegistryCli;
    let [accreditor, controller, stranger] = ['', '', ''];
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratique-registry-'));
      clients = await startClients(start);
      cli = new RegistryCli(clients.chain.rpcUrl, clients.address);
      accreditor = await clients.accreditor.sender();
      controller = await clients.controller.sender();
      stranger = await clients.stranger.sender();
      await cli.json('jurisdiction', 'open', 'US-NY', '--name', 'New York', '--accreditor', accreditor);
      await cli.json('jurisdiction', 'open', 'US-NJ', '--name', 'New Jersey', '--accreditor', stranger);
      const terms = ['--name', 'Clinic', '--jurisdiction', 'US-NY', '--controller', controller, '--pending'];
      const { issuerId } = await cli.json('issuer', 'register', '--iss', ISS, ...terms, ...by(1));
      assert.equal(issuerId, 1);
    });
    after(async () => {
      await clients.stop();
      await rm(folder, { recursive: true });
    });

    const by = (account: number): string[] => ['--account', String(account)];
    const pointOf = ({ x, y }: TestKey): string[] => ['--x', x, '--y', y];
    async function registerKey(key: TestKey): Promise<void> {
      const terms = [...pointOf(key), '--from', '2025-10-09', '--until', '2030-01-01'];
      const { message, kid } = await cli.json('key', 'message', ISS, ...terms);
      assert.equal(kid, key.kid);
      const signature = encodeBase64url(key.sign(decodeBase64url(String(message))));
      const registered = await cli.json('key', 'register', ISS, ...terms, '--signature', signature, ...by(2));
      assert.equal(registered['kid'], key.kid);
    }

    /** Listed for somebody, and ended by whoever has it. */
    async function burn(key: TestKey): Promise<void> {
      const { accreditor: client, stranger: anybody, address: registry } = clients;
      const { issuerId } = await client.registerIssuer(issuerOf(null));
      const { x, y } = key;
      await client.listKeys([{ issuerId, x, y, validUntil: 0, revocation: 'none' }]);
      const { chainId } = anybody;
      const signature = key.sign(keyBurnMessage({ chainId, registry, x, y }));
      await anybody.burnKey({ issuerId, x, y, signature });
    }

    test('an issuer is activated, stated anew in part, suspended with a reason and shown', async () => {
      await cli.json('issuer', 'status', ISS, 'active', ...by(1));
      await cli.json('issuer', 'update', ISS, '--from', '2025-01-01', '--attestations', '9', ...by(1));
      await cli.json('issuer', 'update', ISS, '--name', 'The Clinic', ...by(1));
      await cli.json('issuer', 'status', '1', 'suspended', '--reason', 'fraud', ...by(1));
      await cli.json('issuer', 'hold', ISS, '--reason', '900');
      const shown = await cli.json('issuer', 'show', '1');
      assert.partialDeepStrictEqual(shown, {
        issuerId: 1,
        did: 'did:web:clinic.example',
        iss: ISS,
        name: 'The Clinic',
        statusBase: '',
        jurisdiction: 'US-NY',
        controller,
        operator: null,
        status: 'suspended',
        held: true,
        accreditedFrom: 1_735_689_600,
        attested: ['print-and-digital-access', 'completeness-policy'],
        jurisdictionSuspended: false,
        nextController: null,
        offer: null,
      });
      const text = await cli.text('issuer', 'show', ISS);
      for (const words of ['The Clinic', 'suspended in US-NY since 20', '3, fraud', 'held since 20', '900']) {
        assert.ok(text.includes(words), `${words} in ${text}`);
      }
      await cli.json('issuer', 'release', ISS);
      await cli.json('issuer', 'status', ISS, 'active', ...by(1));
      await cli.misused('issuer', 'status', ISS, 'pending', ...by(1));
      assert.equal((await cli.json('issuer', 'show', '99'))['status'], 'none');
      await cli.refused(REVERTED, 'issuer', 'show', 'https://nobody.example');
    });

    test('a key is proven by a signature made elsewhere, shown, retired, given up and burned', async () => {
      const key = newKey();
      await registerKey(key);
      const shown = await cli.json('key', 'show', ISS, key.kid);
      assert.partialDeepStrictEqual(shown, { state: 'active', revocation: 'bits', burned: false });
      const trusted = ['trusted', ISS, key.kid];
      assert.deepEqual(await cli.json(...trusted, '--at', '2026-01-01'), {
        iss: ISS,
        kid: key.kid,
        at: 1_767_225_600,
        trusted: true,
      });
      const early = await cli.run(...trusted, '--at', '2024-12-31');
      assert.equal(early.status, 1);
      assert.match(early.stdout, /^Not trusted: /);
      await cli.json('key', 'retire', ISS, key.kid, ...by(2));
      await cli.json('key', 'compromise', ISS, key.kid, ...by(1));
      const again = ['key', 'retire', ISS, key.kid, ...by(2)];
      const message = await cli.refused({ ...REVERTED, refusal: 'KeyIsCompromised' }, ...again);
      assert.ok(message.includes(accreditor), message);
      assert.equal((await cli.run(...trusted)).status, 1);

      const { message: last } = await cli.json('key', 'burn-message', ...pointOf(key));
      const signature = encodeBase64url(key.sign(decodeBase64url(String(last))));
      await cli.json('key', 'burn', ISS, ...pointOf(key), '--signature', signature, ...by(3));
      assert.equal((await cli.json('key', 'show', ISS, key.kid))['burned'], true);
      const burning = ['key', 'burn', ISS, ...pointOf(key), '--signature'];
      await cli.refused({ status: 65, code: 'ARGUMENT_INVALID' }, ...burning, 'AAAA');
      await cli.refused({ status: 65, code: 'MALFORMED' }, ...burning, 'not base64');
    });

    test('a kid that begins with a hyphen is a kid, and what is neither kid nor option is refused', async () => {
      const kid = `-${newKey().kid.slice(1)}`;
      const dashed = await cli.json('key', 'show', ISS, kid);
      assert.deepEqual([dashed['kid'], dashed['state']], [kid, 'none']);
      const put = ['anchor', 'put', ISS, kid, '--root', word('root'), '--length', '1', '--revoked', '0'];
      assert.equal((await cli.json(...put, ...by(2)))['counter'], 1);
      assert.equal((await cli.run('trusted', ISS, kid)).status, 1);
      await cli.misused('key', 'show', ISS, '--jsn');
      await cli.misused('key', 'show', ISS, kid, '--jsn');
      await cli.misused('key', 'show', '--all', kid);
      await cli.misused('key', 'show', ISS, kid.slice(1));
      await cli.misused('anchor', 'show', ISS, 'audit');
    });

    test('a list is anchored with the next counter, by an operator, and renewed', async () => {
      const { kid } = newKey();
      await cli.json('issuer', 'operator', ISS, stranger, ...by(2));
      const put = ['anchor', 'put', ISS, kid, '--root', word('root'), '--length', '10', '--revoked', '2'];
      assert.equal((await cli.json(...put, ...by(3)))['counter'], 1);
      assert.equal((await cli.json(...put, ...by(2)))['counter'], 2);
      await cli.json('anchor', 'renew', ISS, kid, ...by(1));
      const shown = await cli.json('anchor', 'show', ISS, kid);
      assert.partialDeepStrictEqual(shown, { root: word('root'), counter: 2, revoked: 2, final: false });
      await cli.json(...put, '--counter', '9', '--final', ...by(2));
      await cli.refused({ ...REVERTED, refusal: 'AnchorIsFinal' }, ...put, ...by(2));
      await cli.json('issuer', 'operator', ISS, 'none', ...by(2));
      await cli.refused({ ...REVERTED, refusal: 'NotController' }, ...put, ...by(3));
      assert.match(await cli.text('anchor', 'show', ISS, 'name:nothing'), /anchored nothing/);
    });

    test('control and jurisdiction change hands in two steps, and what is pending is shown', async () => {
      await cli.json('issuer', 'status-base', ISS, 'https://clinic.example/status', ...by(2));
      await cli.json('issuer', 'propose-controller', ISS, stranger, ...by(2));
      await cli.json('issuer', 'offer', ISS, 'US-NJ', ...by(1));
      const pending = await cli.json('issuer', 'show', ISS);
      assert.partialDeepStrictEqual(pending, {
        statusBase: 'https://clinic.example/status',
        nextController: { account: stranger, fromAbove: false },
        offer: { jurisdiction: 'US-NJ', byGovernor: false },
      });
      const text = await cli.text('issuer', 'show', ISS);
      assert.ok(text.includes(`next controller: ${stranger} may accept from 20`), text);
      assert.ok(
        text.includes('offered by its accreditor to US-NJ, whose accreditor may accept from 20'),
        text,
      );
      await cli.json('issuer', 'accept-controller', ISS, ...by(3));
      assert.equal((await cli.json('issuer', 'accept', ISS, ...by(3)))['jurisdiction'], 'US-NJ');
      await cli.json('issuer', 'propose-controller', ISS, controller, ...by(3));
      await cli.json('issuer', 'propose-controller', ISS, 'none', ...by(3));
      await cli.json('issuer', 'status-base', ISS, 'none', ...by(3));
      await cli.json('issuer', 'offer', ISS, 'US-NY', ...by(3));
      await cli.json('issuer', 'offer', ISS, 'none', ...by(3));
      await cli.refused({ ...REVERTED, refusal: 'NotOffered' }, 'issuer', 'accept', ISS, ...by(1));
      const shown = await cli.json('issuer', 'show', ISS);
      assert.partialDeepStrictEqual(shown, { controller: stranger, nextController: null, offer: null });
    });

    test('a venue is registered, renamed, suspended with a reason and shown by its DID', async () => {
      const did = 'did:web:arena.example';
      const terms = ['--jurisdiction', 'US-NY', '--did', did, '--name', 'Arena'];
      const { venueId } = await cli.json('venue', 'register', ...terms, ...by(1));
      await cli.json('venue', 'rename', String(venueId), 'The Arena', ...by(1));
      const status = ['venue', 'status', String(venueId), 'suspended', '--reason', 'legal-order'];
      await cli.json(...status, ...by(1));
      const shown = await cli.json('venue', 'show', did, '--jurisdiction', 'US-NY');
      assert.deepEqual(shown, {
        venueId,
        did,
        name: 'The Arena',
        jurisdiction: 'US-NY',
        status: 'suspended',
      });
      assert.match(await cli.text('venue', 'show', String(venueId)), /since 20.*7, legal-order/);
      await cli.misused('venue', 'show', did);
      await cli.misused('venue', 'status', '1', 'none');
      await cli.refused(REVERTED, 'venue', 'show', did, '--jurisdiction', 'US-NJ');
      await cli.refused(REVERTED, 'venue', 'show', '99');
    });

    test('rules are published by their digest or their file, in rising versions, and ended', async () => {
      const set = ['US-NY', 'VENUE-ENTRY'];
      const file = join(folder, 'rules.json');
      await writeFile(file, '{}');
      assert.match(await cli.text('rules', 'show', ...set), /has published no rules/);
      await cli.json('rules', 'publish', ...set, '--digest', word('rules'), '--rule-version', '5', ...by(1));
      const uri = 'https://health.example/rules.json';
      const next = ['--file', file, '--uri', uri, '--from', String(FROM)];
      const published = await cli.json('rules', 'publish', ...set, ...next, ...by(1));
      const digest = '0x44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
      assert.partialDeepStrictEqual(published, { version: 6, digest });
      const shown = await cli.json('rules', 'show', ...set);
      assert.partialDeepStrictEqual(shown, { version: 6, validFrom: FROM, digest, uri, ended: false });
      await cli.json('rules', 'end', ...set, ...by(1));
      assert.partialDeepStrictEqual(await cli.json('rules', 'show', ...set), { version: 7, ended: true });
      assert.match(await cli.text('rules', 'show', ...set), /version 7.*: ended/);
      await cli.misused('rules', 'publish', ...set, ...by(1));
      await cli.misused('rules', 'publish', ...set, '--file', file, '--digest', digest, ...by(1));
      const missing = ['rules', 'publish', ...set, '--file', join(folder, 'none'), ...by(1)];
      await cli.refused({ status: 65, code: 'FILE_UNREADABLE' }, ...missing);
    });

    test('many issuers are registered from a file, those not there yet, or none if one is refused', async () => {
      const file = join(folder, 'clinics.json');
      const clinics = [1, 2, 3].map((i) => ({
        iss: `https://clinic-${i}.example`,
        name: `Clinic ${i}`,
        statusBase: `https://clinic-${i}.example`,
      }));
      const list = ['issuer', 'list', file, '--jurisdiction', 'US-NY', '--until', '2030-01-01', ...by(1)];
      const { size } = await cli.json('head');
      const wrong: [unknown, { status: number; code: string; refusal?: string }][] = [
        [
          [...clinics, { iss: 'http://plain.example', name: 'Plain' }],
          { ...REVERTED, refusal: 'InvalidIss' },
        ],
        [[...clinics, clinics[0]], { status: 65, code: 'ARGUMENT_INVALID' }],
        [{ issuers: clinics }, { status: 65, code: 'MALFORMED' }],
        [[], { status: 65, code: 'MALFORMED' }],
        [[{ iss: 'https://x.example' }], { status: 65, code: 'MALFORMED' }],
        [[null], { status: 65, code: 'MALFORMED' }],
        [[{ ...clinics[0], controller: 5 }], { status: 65, code: 'MALFORMED' }],
        [[{ ...clinics[0], statusBase: 5 }], { status: 65, code: 'MALFORMED' }],
      ];
      for (const [json, expected] of wrong) {
        await writeFile(file, JSON.stringify(json));
        await cli.refused(expected, ...list);
      }
      assert.equal((await cli.json('head'))['size'], size);
      await writeFile(file, JSON.stringify(clinics));
      const { issuerIds, transactions, skipped } = await cli.json(...list);
      assert.deepEqual([(issuerIds as number[]).length, (transactions as object[]).length], [3, 1]);
      assert.deepEqual(skipped, []);
      const [first] = issuerIds as number[];
      const fourth = { iss: 'https://clinic-4.example', name: 'Clinic 4' };
      await writeFile(file, JSON.stringify([clinics[0], fourth]));
      const again = await cli.json(...list);
      assert.deepEqual(again['skipped'], [{ position: 1, iss: clinics[0]?.iss, issuerId: first }]);
      assert.equal((again['issuerIds'] as number[]).length, 1);
      const shown = await cli.json('issuer', 'show', 'https://clinic-2.example');
      assert.partialDeepStrictEqual(shown, { name: 'Clinic 2', status: 'active', controller: null });
    });

    test('the fit keys of a published set are listed, the others passed over', async () => {
      const iss = 'https://published.example';
      await cli.json('issuer', 'register', '--iss', iss, '--name', 'P', '--jurisdiction', 'US-NY', ...by(1));
      const [fit, second, leaking, burned] = [newKey(), newKey(), newKey(), newKey()];
      await burn(burned);
      const jwk = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' };
      const path = join(folder, 'jwks.json');
      const keys = [
        { ...jwk, kid: fit.kid, x: fit.x, y: fit.y, crlVersion: '1' },
        { ...jwk, kid: leaking.kid, x: leaking.x, y: leaking.y, d: 'secret' },
        { ...jwk, kid: second.kid, x: second.x, y: second.y, note: 'unknown members are fine' },
        { kty: 'RSA' },
        { ...jwk, kid: fit.kid, x: fit.x, y: fit.y },
        offCurve(jwk),
        { ...jwk, kid: burned.kid, x: burned.x, y: burned.y },
      ];
      await writeFile(path, JSON.stringify({ keys }));
      const { listed, skipped } = await cli.json('list-keys', iss, path, ...by(1));
      assert.deepEqual(listed, [{ kid: fit.kid }, { kid: second.kid }]);
      assert.deepEqual(
        (skipped as { position: number }[]).map(({ position }) => position),
        [2, 4, 5, 6, 7],
      );
      const methods = await Promise.all(
        [fit, second].map(async ({ kid }) => (await cli.json('key', 'show', iss, kid))['revocation']),
      );
      assert.deepEqual(methods, ['rids', 'none']);
      await cli.json('key', 'revocation', iss, second.kid, 'rids', ...by(1));
      assert.deepEqual((await cli.json('list-keys', iss, path, ...by(1)))['listed'], []);

      await cli.refused(REVERTED, 'list-keys', 'https://nobody.example', path, ...by(1));
      const none = ['list-keys', iss, join(folder, 'none.json'), ...by(1)];
      await cli.refused({ status: 65, code: 'FILE_UNREADABLE' }, ...none);
      await writeFile(path, '[]');
      await cli.refused({ status: 65, code: 'MALFORMED' }, 'list-keys', iss, path, ...by(1));
    });

    test('the log tells all of it in sentences', async () => {
      const text = await cli.text('log');
      for (const words of [
        'registered issuer 1, Clinic, did:web:clinic.example, pending in US-NY',
        'made issuer 1 suspended, reason 3, fraud',
        'put a hold on issuer 1, reason 900',
        'lifted the hold of issuer 1',
        'stated anew of issuer 1: The Clinic',
        `let ${stranger} anchor for issuer 1`,
        'let nobody anchor for issuer 1',
        'moved the status data of issuer 1 to https://clinic.example/status',
        'moved the status data of issuer 1 to nowhere',
        `${stranger} took over as controller of issuer 1`,
        `${stranger} took issuer 1 over into US-NJ`,
        'possession proven',
        'burned key',
        'registered venue 1, Arena, did:web:arena.example, in US-NY',
        'renamed venue 1 to The Arena',
        'made venue 1 suspended, reason 7, legal-order',
        'published rules VENUE-ENTRY of US-NY, version 6',
        'ended rules VENUE-ENTRY of US-NY by version 7',
        'revocable by rids',
      ]) {
        assert.ok(text.includes(words), words);
      }
    });
  });
}

/** A key whose coordinates are no point, under the thumbprint of what it says. */
function offCurve(jwk: object): object {
  const { x } = newKey();
  const y = newKey().y;
  return { ...jwk, kid: thumbprint({ x, y }), x, y };
}
