import { shippedRules } from '../../verifier/node/shipped-rules.ts';
import { readRulesDocument, registryVersionOf } from '../registry/rules-document.ts';
import { connectAs, gasOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** The rules that the venue asks about its cards, and what they count by. */
export const ENTRY_RULES = 'US-NY/ENTRY';
const PUBLISHED = ['US-NY/COVID-19', ENTRY_RULES];

/** Publish the rules that come with the program: their digests on chain, nothing else. */
export async function publishEntryRules(stage: Stage): Promise<void> {
  await stage.steps.step(
    'Publish who may enter: a rule set and its value set, by their digests',
    async () => {
      const accreditor = await connectAs(stage, 'accreditor');
      let gas = 0n;
      for (const { text } of shippedRules()) {
        const { digest, content } = readRulesDocument(Buffer.from(text));
        if (content === undefined) continue;
        const { jurisdiction, id, version } = content;
        if (!PUBLISHED.includes(`${jurisdiction}/${id}`)) continue;
        const terms = {
          jurisdiction,
          id,
          digest,
          uri: '',
          version: registryVersionOf(version),
          validFrom: 0,
        };
        gas += (await accreditor.publishRules(terms)).gas;
      }
      return gas;
    },
    (gas) => `${PUBLISHED.join(', ')}: ${gasOf(gas)}`,
  );
}
