import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issuer } from '../../agent/issuer.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';
import type { LocalChain } from '../chain.ts';
import { startChain } from '../chain.ts';
import type { Config } from '../config.ts';
import type { Steps } from '../steps.ts';
import { anchorLists, found, openDepartment } from './issuer.ts';
import { issueSamples } from './cards.ts';
import { ENTRY_RULES, publishEntryRules } from './rules.ts';
import { openDoors, type Doors } from './doors.ts';
import { serveIssuer, type KeptService } from './service.ts';
import { ACCOUNTS, gasOf, shortHash } from './stage.ts';
import type { Stage } from './stage.ts';
import { tour } from './tour.ts';
import { show, showAltered, showByRules, synchronise } from './venue.ts';

/** Where the loop leaves its files, and whether the chain stays up after it. */
export interface LoopOptions {
  readonly folder: string;
  readonly keep: boolean;
  readonly config: Config;
}

/**
 * The main job, every part of it real: a chain, the registry on it, an accredited issuer with a proven key, cards, and
 * a venue that trusts only what the chain's log says. Throws the typed error of whatever step fails.
 */
export async function runLoop(steps: Steps, { folder, keep, config }: LoopOptions): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  steps.heading('The registry');
  const chain = await steps.step(
    'Start a chain',
    () => startChain(),
    ({ rpcUrl, chainId }) => `a JSON-RPC node of this machine only: ${rpcUrl}, chain ${chainId}`,
  );
  let issuer: Issuer | undefined;
  let service: KeptService | undefined;
  let doors: Doors | undefined;
  try {
    const stage = { steps, config, folder, ...chain, registry: await deploy(steps, chain) };
    await found(stage);
    await publishEntryRules(stage);

    steps.heading('The issuer');
    issuer = await openDepartment(stage);
    await anchorLists(stage, issuer, 'Anchor an empty revocation list');

    steps.heading('The resident');
    const cards = await issueSamples(stage, issuer);

    steps.heading('The venue');
    await synchronise(stage, 'Learn who is trusted');
    await show(stage, 'Scan the pictures of both QR codes, and read the first as a W3C credential', cards);
    await showAltered(stage, 'Alter one character of the first card', cards[0]);
    await showByRules(stage, 'Ask New York’s rules about both', cards);

    steps.heading('A card is revoked');
    const [revoked] = cards;
    await steps.step(
      'Revoke the first card',
      async () => issuer?.revoke(revoked.id),
      () => `${revoked.rid}, one bit of the list, on disk before the answer`,
    );
    await anchorLists(stage, issuer, 'Anchor the new root');
    await synchronise(stage, 'Synchronise the venue');
    await show(stage, 'Scan and read them again', cards);

    if (keep) {
      steps.heading('The issuer’s service');
      service = await serveIssuer(stage, issuer);

      steps.heading('The door and the telephone');
      doors = await openDoors(stage, service);
    }
    steps.text(farewell(stage));
    if (service !== undefined && doors !== undefined) steps.text(keptWords(stage, tour(service, doors)));
    if (keep) await interrupted();
  } finally {
    await doors?.stop();
    await service?.stop();
    await issuer?.close();
    await chain.stop();
  }
}

/** Wait for Ctrl-C; listening for it alone would not keep the process alive. */
async function interrupted(): Promise<void> {
  const alive = setInterval(() => undefined, 2 ** 30);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(alive);
}

async function deploy(steps: Steps, { rpcUrl, chainId }: LocalChain): Promise<string> {
  const { address } = await steps.step(
    'Compile and deploy the registry with Ignition',
    async () => {
      // Hardhat is a tool of the checkout, not of the installed package.
      const { deployRegistry } = await import('../../contracts/deploy.ts');
      return deployRegistry({ rpcUrl, chainId, account: ACCOUNTS.governor, adminDelay: 2 * 86_400 });
    },
    (deployed) => `${deployed.address}, block ${deployed.block}, ${gasOf(deployed.gas)}`,
  );
  await steps.step(
    'Read its log',
    async () => (await connectRegistry({ rpcUrl, address, chainId })).logHead(),
    ({ head, size }) => `${size} events, head ${shortHash(head)}`,
  );
  return address;
}

function farewell({ folder }: Stage): string {
  return `\nThe cards are in ${join(folder, 'cards')}, the venue's trust data in ${join(folder, 'venue')}.`;
}

function keptWords({ folder, rpcUrl, registry }: Stage, toured: readonly string[]): string {
  return [
    '',
    'The chain stays up until Ctrl-C. In another terminal, for instance:',
    `  npm run -s pratique -- registry log --rpc ${rpcUrl} --registry ${registry}`,
    `  npm run -s pratique -- trust sync --rpc ${rpcUrl} --registry ${registry} --list ${join(folder, 'public', 'status')}/*`,
    `  npm run -s pratique -- verifier serve --store ${join(folder, 'venue')} --rpc ${rpcUrl} --registry ${registry} --confirmations 0 --rules ${ENTRY_RULES}`,
    '',
    ...toured,
  ].join('\n');
}
