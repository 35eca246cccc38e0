import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { initIssuer, openIssuer } from '../../../agent/issuer-folder.ts';
import type { Issuer } from '../../../agent/issuer.ts';
import { joinStore } from '../../../agent/store-making.ts';
import { ISS, KDF_COST, NOW, PASSPHRASE, stateTrust, temporaryFolder } from '../issuer-fixture.ts';
import { newDatabase } from '../store/places.ts';

export interface Agents {
  readonly database: string;
  readonly kid: string;
  /** Their folders, each of one agent. */
  readonly dirs: readonly [string, string];
}

/** An issuer in a database with one key whose list the chain is said to hold, and the folders of two agents. */
export async function makeAgents(t: TestContext): Promise<Agents> {
  const folder = await temporaryFolder(t);
  const dirs = [join(folder, 'first'), join(folder, 'second')] as const;
  const database = await newDatabase();
  const terms = {
    passphrase: PASSPHRASE,
    iss: ISS,
    name: 'Harbor Clinic',
    kdfCost: KDF_COST,
    clock: () => NOW,
  };
  const issuer = await initIssuer({ dir: dirs[0], database, ...terms });
  const { kid } = await issuer.createSigningKey();
  await stateTrust(issuer);
  await issuer.anchored(kid, issuer.statusList(kid));
  await issuer.close();
  await joinStore(dirs[1], PASSPHRASE, database);
  return { database, kid, dirs };
}

/** Opens an agent that goes away with the test. */
export async function openAgent(t: TestContext, dir: string): Promise<Issuer> {
  const issuer = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  t.after(() => issuer.close());
  return issuer;
}

/** Both of them, open in this process. */
export async function openAgents(t: TestContext): Promise<Agents & { first: Issuer; second: Issuer }> {
  const agents = await makeAgents(t);
  const [first, second] = [await openAgent(t, agents.dirs[0]), await openAgent(t, agents.dirs[1])];
  return { ...agents, first, second };
}

/** Waits until something holds that comes by itself; fails after half a minute. */
export async function comes(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await later(10);
  }
}
