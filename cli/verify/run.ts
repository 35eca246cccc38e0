import { decidePieces } from '../../verifier/node/decide.ts';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import type { PolicyFile } from '../../verifier/node/venue-policy.ts';
import type { Outcome } from '../../verifier/pipeline/decision.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import type { SourcedDecision } from '../../verifier/pipeline/verify-pieces.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';
import { explain } from '../../verifier/pipeline/words.ts';
import type { Config } from '../config.ts';
import { printableJson } from '../display.ts';
import { EXIT } from '../exit.ts';
import type { VerifyOptions } from '../verify.ts';
import { readInputs } from './inputs.ts';
import { renderDecisions } from './terminal.ts';

/**
 * Verify every credential in the inputs and print the decisions.
 *
 * @returns the exit status: 0 if all were accepted, else the highest of 1 rejected, 2 undetermined, 3 unreadable
 */
export async function runVerify(
  inputs: readonly string[],
  options: VerifyOptions,
  config: Config,
): Promise<number> {
  const trust = await loadTrust(
    options.trust === undefined
      ? { store: options.store ?? config.trustStore }
      : { bundle: options.trust, exporter: options.exporter },
    await ruleFilesFor(options.rules),
  );
  const venue = await readVenuePolicy(options.policy);
  const terms = {
    now: Date.now() / 1000,
    at: options.at,
    event: options.event,
    allowUnanchored: options.allowUnanchored ?? venue?.allowUnanchored ?? false,
    rules: options.rules,
    policy: venue?.policy,
  };
  const decisions = await decideInputs(inputs, trust, terms);
  const { lang } = options;
  process.stdout.write(
    options.json === true
      ? `${printableJson(lang === undefined ? decisions : decisions.map((one) => ({ ...one, reasons: explain(one, lang) })))}\n`
      : await renderDecisions(decisions, { color: config.color, language: lang ?? config.language }),
  );
  return decisions.reduce<number>(
    (highest, { outcome }) => Math.max(highest, STATUS[outcome]),
    EXIT.accepted,
  );
}

/** What comes with the program is read by who asks for rules. */
async function ruleFilesFor(rules: string): Promise<readonly string[]> {
  if (rules === 'none') return [];
  const { shippedTexts } = await import('../../verifier/node/shipped-rules.ts');
  return shippedTexts();
}

/** zod and what it brings are for who has a policy. */
async function readVenuePolicy(path: string | undefined): Promise<PolicyFile | undefined> {
  if (path === undefined) return undefined;
  const { readPolicyFile } = await import('../../verifier/node/venue-policy.ts');
  return readPolicyFile(path);
}

/** Decide about every credential in the inputs, in their order, and about each inside a presentation. */
export async function decideInputs(
  inputs: readonly string[],
  trust: Trust | NoTrust,
  terms: Terms,
): Promise<readonly SourcedDecision[]> {
  return decidePieces(await readInputs(inputs), trust, terms);
}

const STATUS: Record<Outcome, number> = {
  accepted: EXIT.accepted,
  rejected: EXIT.rejected,
  undetermined: EXIT.undetermined,
  unreadable: EXIT.unreadable,
};
