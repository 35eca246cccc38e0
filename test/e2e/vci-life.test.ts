import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startChain } from '../../cli/chain.ts';
import { keyBurnMessage } from '../../contracts/key-burn.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { type Clients, startClients } from '../contracts/clients.ts';
import { lyingNode } from '../contracts/rpc-stub.ts';
import { decide, mintCard, newKey } from '../support/cards.ts';
import type { TestKey } from '../support/cards.ts';
import { startAnvil } from '../support/anvil.ts';
import { RegistryCli } from '../support/registry-cli.ts';

const DAY = 86_400;
const NOW = Math.floor(Date.now() / 1000);
/** As much as the clocks of a directory and of ours may differ, about: after whatever the chain has by then. */
const AHEAD = NOW + 500;
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
    const later = [
      { iss: ISS, name: 'A renamed clinic', keys: [kept, shared] },
      { iss: 'https://hostile.example', name: HOSTILE, keys: [shared] },
    ];
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
    const writtenAt = async (time: number, entries: readonly Entry[]): Promise<string> => {
      const path = join(folder, `${time}.json`);
      await writeFile(path, snapshotOf(time, entries));
      return path;
    };
    const importAt = async (
      time: number,
      entries: readonly Entry[],
      ...more: readonly string[]
    ): Promise<Record<string, unknown>> => cli.json(...importing(await writtenAt(time, entries)), ...more);
    const burn = async ({ x, y, sign }: TestKey, issuerId: number): Promise<void> => {
      const { stranger, address: registry } = clients;
      const signature = sign(keyBurnMessage({ chainId: stranger.chainId, registry, x, y }));
      await stranger.burnKey({ issuerId, x, y, signature });
    };
    const linesOf = (left: unknown): unknown[] =>
      (left as { code: string; iss: string; kid: string }[]).map(({ code, iss, kid }) => [code, iss, kid]);
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
      const sentence = await cli.refused({ status: 65, code: 'FILE_UNREADABLE' }, ...importing(large));
      assert.match(sentence, / is larger than 64 MB\.$/);
      for (const [content, code] of [
        ['[]', 'DOCUMENT_MALFORMED'],
        ['{"issuerInfo":7}', 'DOCUMENT_MALFORMED'],
        ['{"issuerInfo":[', 'DOCUMENT_MALFORMED'],
        ['{"issuerInfo":[],"issuerInfo":[]}', 'DOCUMENT_MALFORMED'],
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
      const missed = await importAt(NOW - 40 * DAY, later);
      assert.deepEqual(linesOf(missed['heldBack']), [['KEY_MISSING', ISS, vanishing.kid]]);
      const first = missed['written'] as Record<string, number>;
      assert.deepEqual([first['retired'], first['updated'], first['keys']], [0, 1, 0]);
      assert.deepEqual(await codesOf(vanishing, ISS, NOW + 60), ['VALID']);

      // Missing for 35 days in the directory, and listed here for less: the grace counts from then.
      const kept5 = (await importAt(NOW - 5 * DAY, later))['written'] as Record<string, number>;
      assert.equal(kept5['retired'], 0);
      const gone = (await importAt(AHEAD, later, '--grace-days', '0'))['written'] as Record<string, number>;
      assert.deepEqual([gone['retired'], gone['updated'], gone['keys']], [1, 0, 0]);
      assert.deepEqual(await codesOf(vanishing, ISS, NOW - 90 * DAY), ['VALID']);
      assert.deepEqual(await codesOf(vanishing, ISS, NOW + 60), ['KEY_NOT_VALID_AT_ISSUANCE']);
      assert.deepEqual(await codesOf(kept, ISS, NOW + 60), ['VALID']);

      const size = await sizeOf();
      const again = await importAt(AHEAD, later, '--grace-days', '0');
      assert.deepEqual(new Set(Object.values(again['written'] as object)), new Set([0]));
      assert.equal(await sizeOf(), size);
    });

    test('an older snapshot is refused: what the directory dropped does not come back', async () => {
      const [size, notes] = [await sizeOf(), await readFile(join(folder, 'notes.json'), 'utf8')];
      const dropped = [...later, { iss: 'https://dropped.example', keys: [newKey()] }];
      const old = await writtenAt(NOW - 4 * 365 * DAY, dropped);
      for (const command of [importing(old), ['mirror', old, '--notes', join(folder, 'notes.json')]]) {
        const sentence = await cli.refused({ status: 65, code: 'SNAPSHOT_OLDER' }, ...command);
        assert.match(sentence, /--older/);
      }
      const ahead = await writtenAt(NOW + 3600, dropped);
      await cli.refused({ status: 65, code: 'SNAPSHOT_FROM_THE_FUTURE' }, ...importing(ahead), '--older');
      assert.deepEqual([await sizeOf(), await readFile(join(folder, 'notes.json'), 'utf8')], [size, notes]);

      // Asked for, it lists what it has, and ends nothing.
      const older = await importAt(
        NOW - 3 * 365 * DAY,
        [{ iss: ISS, name: 'A renamed clinic', keys: [] }],
        '--older',
      );
      assert.deepEqual(new Set(Object.values(older['written'] as object)), new Set([0]));
      assert.equal(await readFile(join(folder, 'notes.json'), 'utf8'), notes);
    });

    test('with the notes lost, an old snapshot brings nothing back and has nothing retired, and it is said why', async () => {
      const [size, notes] = [await sizeOf(), await readFile(join(folder, 'notes.json'), 'utf8')];
      await rm(join(folder, 'notes.json'));
      const dropped = { iss: 'https://dropped.example', keys: [newKey()] };
      const old = await writtenAt(NOW - 4 * 365 * DAY, [...later, dropped]);
      const sentence = await cli.refused({ status: 65, code: 'SNAPSHOT_AGE_UNKNOWN' }, ...importing(old));
      assert.match(sentence, /is not known/);
      assert.equal(await sizeOf(), size);

      const fewer = [{ iss: ISS, name: 'A renamed clinic', keys: [kept] }];
      const blind = await importAt(NOW - 4 * 365 * DAY, fewer);
      assert.match(String(blind['unknown']), /is not known.* nothing was taken for missing/);
      const next = await importAt(NOW - 5 * DAY, fewer);
      assert.deepEqual(
        linesOf(next['heldBack']).map((line) => (line as string[])[0]),
        ['KEY_MISSING', 'KEY_MISSING'],
      );
      assert.equal(await sizeOf(), size);
      await writeFile(join(folder, 'notes.json'), notes);
    });

    test('a burned key that the directory lists is left by name, and everything else is listed', async () => {
      const fresh = newKey();
      await burn(shared, 1);
      const report = await importAt(AHEAD, [...later, { iss: 'https://new.example', keys: [shared, fresh] }]);
      assert.deepEqual(linesOf(report['heldBack']), [
        ['KEY_BURNED', ISS, shared.kid],
        ['KEY_BURNED', 'https://hostile.example', shared.kid],
        ['KEY_BURNED', 'https://new.example', shared.kid],
      ]);
      const { issuers, keys } = report['written'] as Record<string, number>;
      assert.deepEqual([issuers, keys, report['refused']], [1, 1, []]);
      assert.deepEqual(await codesOf(fresh, 'https://new.example', NOW), ['VALID']);
    });

    test('what the contract refuses is left with its reason, all else is done, and the status says so', async () => {
      const fresh = [newKey(), newKey(), newKey(), newKey()] as const;
      const entries = [
        { iss: ISS, name: 'Renamed once more', keys: [kept, ...fresh] },
        { iss: 'https://last.example', keys: [fresh[0], newKey()] },
      ];
      const path = await writtenAt(AHEAD, [...later.slice(1), ...entries]);
      let isBurned = false;
      // Somebody burns a key after the log was read and before the keys are listed.
      const proxy = await lyingNode(async (method, honest) => {
        if (method === 'eth_estimateGas' && !isBurned) {
          isBurned = true;
          await clients.accreditor.listKeys([{ ...keyTerms(fresh[0]), issuerId: 2 }]);
          await burn(fresh[0], 2);
        }
        return honest();
      }, clients.chain.rpcUrl);
      try {
        const racing = new RegistryCli(proxy.rpcUrl, clients.address);
        const { status, stdout, stderr } = await racing.run(...importing(path), '--json');
        const report = JSON.parse(stdout) as Record<string, unknown>;
        const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
        assert.deepEqual([status, error['code'], error['refusal']], [65, 'REVERTED', 'KeyIsBurned']);
        assert.match(String(error['message']), /^The registry refused 2 things .* is done.*\.$/);
        assert.deepEqual(linesOf(report['refused']), [
          ['KeyIsBurned', ISS, fresh[0].kid],
          ['KeyIsBurned', 'https://last.example', fresh[0].kid],
        ]);
        const { issuers, updated, keys } = report['written'] as Record<string, number>;
        assert.deepEqual([issuers, updated, keys], [1, 1, 4]);
      } finally {
        await proxy.stop();
      }
      const text = await cli.text(...importing(path));
      assert.match(
        text,
        /left: 3 burned by their own signature: no issuer can use them \(KEY_BURNED\)\n {4}https/,
      );
      assert.match(text, /\b0 issuers listed, 0 renamed; 0 keys listed/);
    });
  });
}

function keyTerms({ x, y }: TestKey): { x: string; y: string; revocation: 'none'; validUntil: number } {
  return { x, y, revocation: 'none', validUntil: 0 };
}
