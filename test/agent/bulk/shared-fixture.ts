import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { BulkOrder, BulkReport } from '../../../agent/bulk/run-bulk.ts';
import { initIssuer, openIssuer } from '../../../agent/issuer-folder.ts';
import type { Issuer } from '../../../agent/issuer.ts';
import { joinStore } from '../../../agent/store-making.ts';
import { bulkOf, peopleLines } from '../bulk-fixture.ts';
import { ISS, KDF_COST, NOW, PASSPHRASE, stateTrust, temporaryFolder } from '../issuer-fixture.ts';
import { NEW_YORK } from '../records.ts';
import { newDatabase } from '../store/places.ts';

/** An issuer on a database, its agents' folders (closed), and an input for a bulk. */
export interface SharedFixture {
  readonly database: string;
  readonly folder: string;
  readonly dirs: readonly string[];
  readonly kid: string;
  readonly input: string;
  readonly out: string;
  /** One of the agents, closed at the end of the test. */
  readonly open: (agent: number) => Promise<Issuer>;
  /** A bulk of Passes by one of them from `input` into `out`. */
  readonly bulk: (issuer: Issuer, more?: Partial<BulkOrder>) => Promise<BulkReport>;
}

/** An issuer with a policy and room on the chain for a bulk of so many people, run by several agents. */
export async function sharedFixture(
  t: TestContext,
  {
    people,
    agents = 2,
    room = 100_000,
  }: { readonly people: number; readonly agents?: number; readonly room?: number },
): Promise<SharedFixture> {
  const folder = await temporaryFolder(t);
  const database = await newDatabase();
  const dirs = Array.from({ length: agents }, (_, at) => join(folder, `agent-${at}`));
  const clock = (): number => NOW;
  const [dir = '', ...others] = dirs;
  const terms = { dir, passphrase: PASSPHRASE, iss: ISS, name: 'Harbor Clinic', kdfCost: KDF_COST };
  const issuer = await initIssuer({ ...terms, clock, database });
  const { kid } = await issuer.createSigningKey();
  await stateTrust(issuer);
  await issuer.policy.say(NEW_YORK);
  await issuer.anchored(kid, issuer.statusList(kid, room));
  await issuer.close();
  for (const other of others) await joinStore(other, PASSPHRASE, database);
  const [input, out] = [join(folder, 'people.ndjson'), join(folder, 'cards')];
  await writeFile(input, peopleLines(people));
  return {
    database,
    folder,
    dirs,
    kid,
    input,
    out,
    async open(agent) {
      const opened = await openIssuer({ dir: dirs[agent] ?? '', passphrase: PASSPHRASE, clock });
      t.after(() => opened.close());
      return opened;
    },
    bulk: async (opened, more = {}) => bulkOf(opened, { input, out, ...more }),
  };
}
