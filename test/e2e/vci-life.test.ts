import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startChain } from '../../cli/chain.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { type Clients, startClients } from '../contracts/clients.ts';
import { decide, mintCard, newKey } from '../support/cards.ts';
import type { TestKey } from '../support/cards.ts';
import { startAnvil } from '../support/anvil.ts';
import { RegistryCli } from '../support/registry-cli.ts';

const DAY = 86_400;
const NOW = Math.floor(Date.now() / 1000);
const ISS = 'https://kept.example';
/** Characters that turn the text around them, or are nothing to see. */
const HOSTILE = 'Clinic \u202Eevil\u202C\u0007\nRow';

const jwkOf = ({ kid, x, y }: TestKey): object => ({
  kty: 'EC',
  crv: 'P-256',
  alg: 'ES256',
  use: 'sig',
  kid,
  x,
  y,
});
interface Entry {
  readonly iss: string;
  readonly name?: string;
  readonly keys: readonly TestKey[];
}
const snapshotOf = (time: number, entries: readonly Entry[]): string =>
  JSON.stringify({
    time: new Date(time * 1000).toISOString(),
    issuerInfo: entries.map(({ iss, name = 'A clinic', keys }) => ({
      issuer: { iss, name },
      keys: keys.map(jwkOf),
    })),
  });

for (const [node, start] of [
  ["Hardhat's node", startChain],
  ['anvil', startAnvil],
] as const) {
  describe(`a directory over time, on ${node}`, () => {
    const [kept, vanishing, shared] = [newKey(), newKey(), newKey()];
    let clients: Clients;
    let cli: RegistryCli;
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratique-vci-life-'));
      clients = await startClients(start);
      cli = new RegistryCli(clients.chain.rpcUrl, clients.address);
      const accreditor = await clients.accreditor.sender();
      await cli.json('jurisdiction', 'open', 'VCI', '--name', 'VCI directory', '--accreditor', accreditor);
    });
    after(async () => {
      await clients.stop();
      await rm(folder, { recursive: true });
    });

    const importing = (path: string): readonly string[] => {
      const own = ['--jurisdiction', 'VCI', '--account', '1', '--notes', join(folder, 'notes.json')];
      return ['import-vci', path, ...own];
    };
    const importAt = async (time: number, entries: readonly Entry[]): Promise<Record<string, unknown>> => {
      const path = join(folder, `${time}.json`);
      await writeFile(path, snapshotOf(time, entries));
      return cli.json(...importing(path));
    };
    const sizeOf = async (): Promise<unknown> => (await cli.json('head'))['size'];
    const synced = async (): Promise<Trust> => {
      const store = await openTrustStore(join(folder, 'venue'));
      try {
        const chain = { rpcUrls: [clients.chain.rpcUrl], confirmations: 0 };
        await syncTrust({ chain, registry: clients.address, store, lists: [], now: Date.now() / 1000 });
        const document = store.document();
        assert.ok(document);
        return indexTrust(document, { anchored: true, importKey: importEs256Key });
      } finally {
        await store.close();
      }
    };
    const codesOf = async (key: TestKey, iss: string, nbf: number): Promise<readonly string[]> => {
      // Judged a moment after the chain's newest block.
      const now = Date.now() / 1000 + 120;
      return (await decide(mintCard(key, { iss, nbf, rid: undefined }), await synced(), { now })).codes;
    };

    test('what is no directory is refused, and the log stays as it was', async () => {
      const size = await sizeOf();
      const large = join(folder, 'large.json');
      const file = await open(large, 'w');
      await file.truncate(100 * 1024 * 1024);
      await file.close();
      await cli.refused({ status: 65, code: 'FILE_UNREADABLE' }, ...importing(large));
      for (const [content, code] of [
        ['[]', 'DOCUMENT_MALFORMED'],
        ['{"issuerInfo":7}', 'DOCUMENT_MALFORMED'],
        ['{"issuerInfo":[', 'FILE_UNREADABLE'],
        ['{"issuerInfo":[],"issuerInfo":[]}', 'FILE_UNREADABLE'],
      ] as const) {
        const path = join(folder, 'wrong.json');
        await writeFile(path, content);
        await cli.refused({ status: 65, code }, ...importing(path));
      }
      assert.equal(await sizeOf(), size);
    });

    test('issuers that stand twice and names that would deceive come in once and clean, each said by name', async () => {
      const report = await importAt(NOW - 60 * DAY, [
        { iss: ISS, keys: [kept, shared, vanishing] },
        { iss: ISS, name: 'The same again', keys: [newKey()] },
        { iss: 'https://hostile.example', name: HOSTILE, keys: [shared] },
        { iss: 'http://not-https.example', keys: [newKey()] },
      ]);
      const { issuers, keys } = report['written'] as Record<string, number>;
      assert.deepEqual([issuers, keys], [2, 4]);
      const oddities = report['oddities'] as { code: string }[];
      assert.deepEqual(oddities.map(({ code }) => code).toSorted(), [
        'ISSUER_DUPLICATE',
        'ISSUER_REFUSED',
        'NAME_CLEANED',
      ]);
      const names = (await synced()).document.issuers.map(({ name }) => name);
      assert.deepEqual(names[0], 'A clinic');
      assert.doesNotMatch(names[1] ?? '', /[\p{Cc}\p{Cf}]/u);
    });

    test('a key is trusted under the issuers that list it, and under no other', async () => {
      assert.deepEqual(await codesOf(shared, ISS, NOW - 90 * DAY), ['VALID']);
      assert.deepEqual(await codesOf(shared, 'https://hostile.example', NOW - 90 * DAY), ['VALID']);
      assert.deepEqual(await codesOf(shared, 'https://nobody.example', NOW - 90 * DAY), ['ISSUER_UNKNOWN']);
      assert.deepEqual(await codesOf(kept, 'https://hostile.example', NOW - 90 * DAY), ['ISSUER_UNKNOWN']);
    });

    test('what vanishes from the directory is retired after the grace: old cards stay good, new ones are not', async () => {
      const later = [
        { iss: ISS, name: 'A renamed clinic', keys: [kept, shared] },
        { iss: 'https://hostile.example', name: HOSTILE, keys: [shared] },
      ];
      const missed = await importAt(NOW - 40 * DAY, later);
      assert.deepEqual(
        (missed['heldBack'] as { code: string; kid: string }[]).map(({ code, kid }) => [code, kid]),
        [['KEY_MISSING', vanishing.kid]],
      );
      const first = missed['written'] as Record<string, number>;
      assert.deepEqual([first['retired'], first['updated'], first['keys']], [0, 1, 0]);
      assert.deepEqual(await codesOf(vanishing, ISS, NOW + 60), ['VALID']);

      const gone = (await importAt(NOW - 5 * DAY, later))['written'] as Record<string, number>;
      assert.deepEqual([gone['retired'], gone['updated'], gone['keys']], [1, 0, 0]);
      assert.deepEqual(await codesOf(vanishing, ISS, NOW - 90 * DAY), ['VALID']);
      assert.deepEqual(await codesOf(vanishing, ISS, NOW + 60), ['KEY_NOT_VALID_AT_ISSUANCE']);
      assert.deepEqual(await codesOf(kept, ISS, NOW + 60), ['VALID']);

      const size = await sizeOf();
      const again = await importAt(NOW - 4 * DAY, later);
      assert.deepEqual(new Set(Object.values(again['written'] as object)), new Set([0]));
      assert.equal(await sizeOf(), size);
    });
  });
}
