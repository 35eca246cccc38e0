import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import type { StatusFile } from '../../verifier/node/status-files.ts';
import type { SyncReport } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import { decideInputs } from '../verify/run.ts';
import { renderDecision } from '../verify/terminal.ts';
import type { HeldCard } from './cards.ts';
import { ENTRY_RULES } from './rules.ts';
import { shortHash } from './stage.ts';
import type { Stage } from './stage.ts';

/** Bring the venue's store up to the chain: replay the log, compare the head, hold the published lists to their roots. */
export async function synchronise(stage: Stage, title: string): Promise<void> {
  await stage.steps.step(
    title,
    async () => {
      const store = await openTrustStore(join(stage.folder, 'venue'));
      try {
        const { rpcUrl, registry } = stage;
        const lists = await publishedLists(join(stage.folder, 'public', 'status'));
        return await syncTrust({
          chain: { rpcUrls: [rpcUrl] },
          registry,
          store,
          lists,
          now: Date.now() / 1000,
        });
      } finally {
        await store.close();
      }
    },
    ({ source, issuers, keys, heldLists, revocableKeys }: SyncReport) =>
      `${source.size} events replayed, head ${shortHash(source.head)} is the chain's at block ${source.block.number}; ` +
      `${issuers} issuer, ${keys} key, ${heldLists} of ${revocableKeys} lists match their root`,
  );
}

/** Verify the way a venue does: from the pictures, and one card from its other form; nothing else but the store. */
export async function show(stage: Stage, title: string, cards: readonly [HeldCard, HeldCard]): Promise<void> {
  const inputs = [...cards.map(({ picture }) => picture), cards[0].vc];
  await decideAndShow(
    stage,
    title,
    inputs.map((path) => relative(process.cwd(), path)),
  );
}

/** What becomes of a card that somebody touched up. */
export async function showAltered(stage: Stage, title: string, { jws }: HeldCard): Promise<void> {
  const at = jws.lastIndexOf('.') - 100;
  const altered = `${jws.slice(0, at)}${jws[at] === 'A' ? 'B' : 'A'}${jws.slice(at + 1)}`;
  await decideAndShow(stage, title, [altered]);
}

/** Hold cards against the rules that the jurisdiction published: genuine and valid is not yet welcome. */
export async function showByRules(
  stage: Stage,
  title: string,
  cards: readonly [HeldCard, HeldCard],
): Promise<void> {
  const pictures = cards.map(({ picture }) => relative(process.cwd(), picture));
  await decideAndShow(stage, title, pictures, ENTRY_RULES);
}

async function decideAndShow(
  stage: Stage,
  title: string,
  inputs: readonly string[],
  rules = 'none',
): Promise<void> {
  const decisions = await stage.steps.step(
    title,
    async () => {
      const trust = await loadTrust({ store: join(stage.folder, 'venue') });
      const terms = { now: Date.now() / 1000, allowUnanchored: false, rules };
      return decideInputs(inputs, trust, terms);
    },
    (answers) => answers.map(({ codes }) => codes.join(' ')).join(', '),
  );
  for (const decision of decisions) stage.steps.text(indent(renderDecision(decision, stage.config)));
}

async function publishedLists(folder: string): Promise<StatusFile[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
