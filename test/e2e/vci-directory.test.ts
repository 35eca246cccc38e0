import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readVciSnapshot, ridsOf } from '../../verifier/node/vci-directory.ts';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { parseJson } from '../../credential/json.ts';
import { type Clients, startClients } from '../contracts/clients.ts';
import { lyingNode } from '../contracts/rpc-stub.ts';
import { startAnvil } from '../support/anvil.ts';
import { run } from '../support/cli.ts';
import { dataDir } from '../support/data.ts';
import { RegistryCli } from '../support/registry-cli.ts';

const NEW_YORK = {
  iss: 'https://ekeys.ny.gov/epass/doh/dvc/2021',
  kid: '9ENs36Gsu-GmkWIyIH9XCozU9BFhLeaXvwrT3B97Wok',
};
const skip = dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false;

describe('the directory of SMART Health Card issuers, on a chain', { skip }, () => {
  const directory = join(dataDir ?? '', 'vci-directory');
  const at = (file: string): string => join(directory, file);
  const signed = ['--signature', at('vci_snapshot.sig'), '--certificate', at('vci_snapshot.crt')];
  let clients: Clients;
  let cli: RegistryCli;
  let folder: string;
  let accreditor: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-vci-'));
    clients = await startClients(startAnvil);
    cli = new RegistryCli(clients.chain.rpcUrl, clients.address);
    accreditor = await clients.accreditor.sender();
    await cli.json('jurisdiction', 'open', 'VCI', '--name', 'VCI directory', '--accreditor', accreditor);
  });
  after(async () => {
    await clients.stop();
    await rm(folder, { recursive: true });
  });

  const importing = (snapshot: string, ...more: readonly string[]): readonly string[] => [
    'import-vci',
    snapshot,
    '--jurisdiction',
    'VCI',
    '--account',
    '1',
    '--notes',
    join(folder, 'notes.json'),
    '--out',
    join(folder, 'mirror'),
    ...more,
  ];

  test('a snapshot whose signature does not hold is refused before anything is written', async () => {
    const altered = join(folder, 'altered.json');
    const bytes = await readFile(at('vci_snapshot.json'));
    await writeFile(altered, Buffer.concat([bytes, Buffer.from('\n')]));
    const refused = { status: 65, code: 'SNAPSHOT_SIGNATURE_INVALID' };
    await cli.refused(refused, ...importing(altered, ...signed));
    const swapped = ['--signature', at('vci_snapshot.crt'), '--certificate', at('vci_snapshot.crt')];
    await cli.refused(refused, ...importing(at('vci_snapshot.json'), ...swapped));
    const nobody = ['--signature', at('vci_snapshot.sig'), '--certificate', at('vci_snapshot.sig')];
    await cli.refused(refused, ...importing(at('vci_snapshot.json'), ...nobody));
    assert.equal((await cli.json('head'))['size'], 1);
  });

  test('an import that breaks off is taken up where it stood, and nothing is doubled', async () => {
    let left = 5;
    const node = await lyingNode(async (method, honest, response) => {
      if (method === 'eth_sendTransaction' && left-- <= 0) return void response.destroy();
      return honest();
    }, clients.chain.rpcUrl);
    try {
      const broken = new RegistryCli(node.rpcUrl, clients.address);
      await broken.refused(
        { status: 69, code: 'CHAIN_UNAVAILABLE' },
        ...importing(at('vci_snapshot.json'), ...signed),
      );
    } finally {
      await node.stop();
    }
    const listed = Number((await cli.json('head'))['size']) - 1;
    assert.ok(listed > 0 && listed < 651 + 961, `${listed} events`);

    const report = await cli.json(...importing(at('vci_snapshot.json'), ...signed));
    const written = report['written'] as Record<string, number>;
    assert.equal(listed + Number(written['issuers']) + Number(written['keys']), 651 + 961);
    assert.equal(written['anchored'], 6);
    assert.equal((report['signer'] as { subject: string }).subject, 'CN=vci.org');
    assert.deepEqual(
      (report['oddities'] as { code: string }[]).map(({ code }) => code),
      ['KEYS_MISSING'],
    );

    const unsigned = { status: 65, code: 'SNAPSHOT_UNSIGNED' };
    await cli.refused(unsigned, ...importing(at('vci_snapshot.json')));
    const again = await cli.json(...importing(at('vci_snapshot.json'), '--unsigned'));
    assert.deepEqual(new Set(Object.values(again['written'] as object)), new Set([0]));
    assert.equal((await cli.json('head'))['size'], 1 + 651 + 961);
  });

  test('a venue that syncs finds the key of New York under its iss, and no key under another', async () => {
    const held = await synced();
    assert.equal(held.document.issuers.length, 651);
    assert.equal(held.document.keys.length, 961);
    const entries = held.entriesOf(NEW_YORK.kid);
    assert.deepEqual(
      entries.map(({ issuer, key }) => [issuer.iss, issuer.name, key.state, key.proven]),
      [[NEW_YORK.iss, 'State of New York', 'active', false]],
    );
    const isTrusted = async (iss: string): Promise<unknown> =>
      (await cli.run('trusted', iss, NEW_YORK.kid)).status;
    assert.deepEqual(
      [
        await isTrusted(NEW_YORK.iss),
        await isTrusted(`${NEW_YORK.iss}/`),
        await isTrusted('https://a.example'),
      ],
      [0, 1, 1],
    );
  });

  test('every (iss, kid) of the directory is trusted, also the kids that many issuers share', async () => {
    const snapshot = parseJson(await readFile(at('vci_snapshot.json'), 'utf8')) as {
      issuerInfo: { issuer: { iss: string }; keys: { kid: string }[] }[];
    };
    const known = await synced();
    for (const { issuer, keys } of snapshot.issuerInfo) {
      for (const { kid } of keys) {
        const held = known.entriesOf(kid).filter((entry) => entry.issuer.iss === issuer.iss);
        assert.equal(held.length, 1, `${issuer.iss} ${kid}`);
      }
    }
    const shared = Map.groupBy(known.document.keys, ({ kid }) => kid);
    assert.equal([...shared.values()].filter(({ length }) => length > 1).length, 46);
    assert.equal(Math.max(...[...shared.values()].map(({ length }) => length)), 161);
  });

  test('the mirrored lists are held, with the entries that Québec and others published', async () => {
    const { document } = await synced();
    assert.equal(document.lists.length, 6);
    const sizes = document.lists.map((list) => (list.kind === 'rids' ? list.rids.length : -1));
    assert.deepEqual(
      sizes.toSorted((one, other) => one - other),
      [0, 0, 0, 17, 555, 771],
    );
  });

  test('exported as a snapshot, it reads back as the same directory; as a bundle, it answers for its exporter', async () => {
    await synced();
    const store = ['--store', join(folder, 'venue')];
    const snapshot = join(folder, 'export.json');
    await trust('export', snapshot, '--as', 'vci-snapshot', ...store);
    const [exported, original] = await Promise.all(
      [snapshot, at('vci_snapshot.json')].map(async (path) =>
        readVciSnapshot(parseJson(await readFile(path, 'utf8'))),
      ),
    );
    const plain = (read: typeof exported): unknown =>
      read?.issuers.map(({ iss, name, keys }) => [
        iss,
        name,
        keys.map(({ kid, x, y, revocable, crls }) => [kid, x, y, revocable, ridsOf(crls)?.toSorted()]),
      ]);
    assert.deepEqual(plain(exported), plain(original));

    const documents = join(folder, 'dids.json');
    await trust('export', documents, '--as', 'did-documents', ...store);
    const dids = parseJson(await readFile(documents, 'utf8')) as { id: string; assertionMethod: string[] }[];
    assert.equal(dids.length, 651);
    const newYork = dids.find(({ id }) => id === 'did:web:ekeys.ny.gov:epass:doh:dvc:2021');
    assert.deepEqual(newYork?.assertionMethod, [`${newYork?.id}#${NEW_YORK.kid}`]);

    const bundle = join(folder, 'venue.bundle');
    const { exporter } = await trust('export', bundle, ...store);
    const loaded = await loadTrust({ bundle, exporter: String(exporter) });
    assert.ok(typeof loaded !== 'string' && loaded.anchored);
    const unpinned = await loadTrust({ bundle });
    assert.ok(typeof unpinned !== 'string' && !unpinned.anchored);
    assert.equal(loaded.entriesOf(NEW_YORK.kid).length, 1);
  });

  async function trust(...words: readonly string[]): Promise<Record<string, unknown>> {
    const { status, stdout, stderr } = await run('pratique', ['trust', ...words, '--json']);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async function synced(): Promise<Trust> {
    const store = join(folder, 'venue');
    const open = await openTrustStore(store);
    try {
      const mirror = join(folder, 'mirror');
      const files = (await readdir(mirror, { recursive: true })).filter((name) => name.endsWith('.json'));
      const lists = await Promise.all(
        files.map(async (name) => ({ name, bytes: await readFile(join(mirror, name)) })),
      );
      const chain = { rpcUrls: [clients.chain.rpcUrl], confirmations: 0 };
      const registry = clients.address;
      const report = await syncTrust({ chain, registry, store: open, lists, now: Date.now() / 1000 });
      assert.deepEqual(report.refused, []);
    } finally {
      await open.close();
    }
    const loaded = await loadTrust({ store });
    if (typeof loaded === 'string') throw new Error(`trust is ${loaded}`);
    return loaded;
  }
});
