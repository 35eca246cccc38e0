import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import pg from 'pg';
import { restoreBackup } from '../../../agent/backup/restore-backup.ts';
import { openIssuer } from '../../../agent/issuer-folder.ts';
import { IssuerStore } from '../../../agent/issuer-store.ts';
import { Connections } from '../../../agent/postgres/connections.ts';
import { migrate } from '../../../agent/postgres/migrations.ts';
import { joinStore } from '../../../agent/store-making.ts';
import { run } from '../../support/cli.ts';
import { withoutPostgres } from '../../support/postgres.ts';
import { KDF_COST, NOW, PASSPHRASE, sampleBundle, temporaryFolder } from '../issuer-fixture.ts';
import { newDatabase, ownPostgres } from '../store/places.ts';
import { makeAgents, openAgent } from './agents.ts';

async function asOwner(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  return client;
}

async function connections(t: TestContext, url: string): Promise<Connections> {
  const made = new Connections(url);
  t.after(() => made.close());
  return made;
}

describe('a PostgreSQL that holds an issuer', { skip: withoutPostgres }, () => {
  test('its schema is made once, however many come at once', async (t) => {
    const url = await newDatabase();
    const all = await connections(t, url);
    await Promise.all(Array.from({ length: 6 }, async () => migrate(all)));
    const { rows } = await (
      await asOwner(t, url)
    ).query<{ n: number }>('SELECT n FROM pratique.migrations ORDER BY n');
    assert.deepEqual(
      rows.map(({ n }) => n),
      rows.map((_, at) => at + 1),
    );
  });

  test('a schema that is newer than this program is refused in words, and left alone', async (t) => {
    const { dirs, database } = await makeAgents(t);
    const owner = await asOwner(t, database);
    await owner.query("INSERT INTO pratique.migrations (n, name) VALUES (1000, 'of tomorrow')");
    await assert.rejects(IssuerStore.open(dirs[0], PASSPHRASE), {
      code: 'DATABASE_UNSUITABLE',
      message: /has schema 1000, and this program knows \d+: use the newer program/,
    });
  });

  test('a database that acknowledges what it may lose is refused', async (t) => {
    const { dirs, database } = await makeAgents(t);
    const admin = await (await ownPostgres()).asAdmin();
    t.after(() => admin.end());
    const name = pg.escapeIdentifier(new URL(database).pathname.slice(1));
    await admin.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await assert.rejects(IssuerStore.open(dirs[0], PASSPHRASE), {
      code: 'DATABASE_UNSUITABLE',
      message: /synchronous_commit is off/,
    });
    await admin.query(`ALTER DATABASE ${name} RESET synchronous_commit`);
    await (await IssuerStore.open(dirs[0], PASSPHRASE)).close();
  });

  test('an empty database has no issuer to join, and one that came to nothing leaves it to the next', async (t) => {
    const [folder, database] = [await temporaryFolder(t), await newDatabase()];
    const dir = join(folder, 'issuer');
    await assert.rejects(joinStore(dir, PASSPHRASE, database), { code: 'STORE_MISSING' });
    const failing = (): never => {
      throw new RangeError('not this time');
    };
    await assert.rejects(IssuerStore.create(dir, PASSPHRASE, failing, KDF_COST, { database }));
    await assert.rejects(joinStore(dir, PASSPHRASE, database), { code: 'STORE_MISSING' });
    assert.deepEqual(await readdir(folder), []);
    await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, { database });
    await assert.rejects(joinStore(join(folder, 'second'), 'not the passphrase', database), {
      code: 'WRONG_PASSPHRASE',
    });
    await joinStore(join(folder, 'second'), PASSPHRASE, database);
  });

  test('of two that make an issuer in one database at once, one does', async (t) => {
    const [folder, database] = [await temporaryFolder(t), await newDatabase()];
    const made = await Promise.allSettled(
      ['a', 'b'].map(async (name) =>
        IssuerStore.create(join(folder, name), PASSPHRASE, () => [], KDF_COST, { database }),
      ),
    );
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
    const [only = ''] = (await readdir(folder)).filter((name) => !name.startsWith('.'));
    await (await IssuerStore.open(join(folder, only), PASSPHRASE)).close();
  });

  test('the folder holds the envelope, the URL without password and the witness, and nothing else', async (t) => {
    const { dirs, database } = await makeAgents(t);
    for (const dir of dirs) {
      assert.deepEqual((await readdir(dir)).toSorted(), ['audit-witness', 'database.json', 'envelope.json']);
      const file = JSON.parse(await readFile(join(dir, 'database.json'), 'utf8')) as { url: string };
      assert.equal(file.url, database);
    }
    await writeFile(join(dirs[0], 'database.json'), '{"version":1}');
    await assert.rejects(IssuerStore.open(dirs[0], PASSPHRASE), { code: 'STORE_DAMAGED' });
  });

  test('who administers the database reads neither a key nor a name, and every secret only sealed', async (t) => {
    const { dirs, database } = await makeAgents(t);
    const issuer = await openAgent(t, dirs[0]);
    await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
    const owner = await asOwner(t, database);
    const { rows } = await owner.query<{ value: Buffer }>('SELECT value FROM pratique.records');
    const { rows: envelopes } = await owner.query<{ envelope: string }>(
      'SELECT envelope FROM pratique.store',
    );
    const all = Buffer.concat([...rows.map(({ value }) => value), Buffer.from(JSON.stringify(envelopes))]);
    assert.ok(all.includes('payloadHash'));
    const patient = JSON.stringify(sampleBundle('lab-result'));
    const [, family = ''] = /"family":"([^"]+)"/.exec(patient) ?? [];
    const [, birthDate = ''] = /"birthDate":"([^"]+)"/.exec(patient) ?? [];
    for (const secret of [family, birthDate, 'PRIVATE KEY', '"d":', PASSPHRASE]) {
      assert.notEqual(secret, '');
      assert.ok(!all.includes(secret), secret);
    }
  });

  test('a backup of one place is restored into another, and issues nothing before it is anchored', async (t) => {
    const { dirs, kid } = await makeAgents(t);
    const issuer = await openAgent(t, dirs[0]);
    const card = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
    const backup = join(dirs[0], '..', 'backup');
    await issuer.backup(backup);
    const there = [join(dirs[0], '..', 'in a folder'), join(dirs[0], '..', 'in a database')] as const;
    await restoreBackup(backup, there[0], PASSPHRASE);
    const database = await newDatabase();
    await restoreBackup(backup, there[1], PASSPHRASE, database);
    for (const dir of there) {
      const restored = await openAgent(t, dir);
      assert.ok(restored.restoration.isWaiting(kid));
      await assert.rejects(restored.issuePlus(sampleBundle('lab-result'), { now: NOW }));
      assert.equal((await restored.revoke(card.id)).already, false);
    }
    await assert.rejects(restoreBackup(backup, join(dirs[0], '..', 'again'), PASSPHRASE, database), {
      code: 'STORE_EXISTS',
    });
  });

  test('an agent that owns nothing works with the grants that the guide says', async (t) => {
    const { dirs, database } = await makeAgents(t);
    const admin = await (await ownPostgres()).asAdmin(new URL(database).pathname.slice(1));
    t.after(() => admin.end());
    const password = pg.escapeLiteral(process.env['PGPASSWORD'] ?? '');
    await admin.query(`DROP ROLE IF EXISTS agent; CREATE ROLE agent LOGIN PASSWORD ${password}`);
    const guide = await readFile(new URL('../../../docs/postgres.md', import.meta.url), 'utf8');
    const grants = [...guide.matchAll(/^GRANT .* TO agent;$/gm)].map(([line]) => line);
    assert.equal(grants.length, 5);
    const name = pg.escapeIdentifier(new URL(database).pathname.slice(1));
    for (const grant of grants) await admin.query(grant.replace('DATABASE issuer', `DATABASE ${name}`));
    const url = database.replace('issuer@', 'agent@');
    const issuer = await openIssuer({
      dir: dirs[0],
      passphrase: PASSPHRASE,
      database: url,
      clock: () => NOW,
    });
    t.after(() => issuer.close());
    const card = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
    assert.equal((await issuer.revoke(card.id)).already, false);
    const drop = new pg.Client({ connectionString: url });
    await drop.connect();
    t.after(() => drop.end());
    for (const table of ['bulk_plans', 'bulk_chunks']) await drop.query(`DELETE FROM pratique.${table}`);
    await assert.rejects(drop.query('DROP TABLE pratique.records'), { code: '42501' });
  });

  test('the commands make an issuer in a database, join it, and work from either folder', async (t) => {
    const [folder, database] = [await temporaryFolder(t), await newDatabase()];
    const passphraseFile = join(folder, 'passphrase');
    await writeFile(passphraseFile, PASSPHRASE, { mode: 0o600 });
    const pratique = async (command: string, dir: string, ...words: string[]) =>
      run('pratique', [
        'issuer',
        command,
        `--dir=${join(folder, dir)}`,
        `--passphrase-file=${passphraseFile}`,
        '--json',
        ...words,
      ]);
    const names = ['--iss=https://clinic.example.org/shc', '--name=Harbor Clinic'];
    const secret = database.replace('issuer@', 'issuer:s3cret@');
    const refused = await pratique('init', 'first', ...names, `--database=${secret}`);
    assert.equal(refused.status, 65);
    assert.match(refused.stderr, /DATABASE_INVALID/);
    assert.doesNotMatch(refused.stderr + refused.stdout, /s3cret/);
    assert.equal((await pratique('init', 'first', ...names, `--database=${database}`)).status, 0);
    assert.equal((await pratique('join', 'second', `--database=${database}`)).status, 0);
    const made = await pratique('key', 'second');
    assert.equal(made.status, 0, made.stderr);
    const { kid } = JSON.parse(made.stdout) as { kid: string };
    for (const dir of ['first', 'second']) {
      const shown = await pratique('show', dir);
      assert.equal(shown.status, 0);
      assert.ok(shown.stdout.includes(kid));
    }
    const audit = ['issuer', 'audit', 'verify', `--dir=${join(folder, 'first')}`, '--json'];
    const verified = await run('pratique', [...audit, `--passphrase-file=${passphraseFile}`]);
    assert.equal(verified.status, 0, verified.stderr);
  });
});
