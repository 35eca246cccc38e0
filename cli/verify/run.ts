import { inflateRawNode } from '../../credential/deflate-node.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import type { Outcome } from '../../verifier/pipeline/decision.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { verifyPieces } from '../../verifier/pipeline/verify-pieces.ts';
import type { SourcedDecision } from '../../verifier/pipeline/verify-pieces.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';
import type { Config } from '../config.ts';
import { printableJson } from '../display.ts';
import { EXIT } from '../exit.ts';
import type { VerifyOptions } from '../verify.ts';
import { readInputs } from './inputs.ts';
import { renderDecision } from './terminal.ts';

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
  );
  const terms = {
    now: Date.now() / 1000,
    at: options.at,
    event: options.event,
    allowUnanchored: options.allowUnanchored ?? false,
    rules: options.rules,
  };
  const decisions = await decideInputs(inputs, trust, terms);
  process.stdout.write(
    options.json === true
      ? `${printableJson(decisions)}\n`
      : `${decisions.map((decision) => renderDecision(decision, config)).join('\n')}\n`,
  );
  return decisions.reduce<number>(
    (highest, { outcome }) => Math.max(highest, STATUS[outcome]),
    EXIT.accepted,
  );
}

const PORTS = { inflate: inflateRawNode, importKey: importEs256Key };

/** Decide about every credential in the inputs, in their order, and about each inside a presentation. */
export async function decideInputs(
  inputs: readonly string[],
  trust: Trust | NoTrust,
  terms: Terms,
): Promise<readonly SourcedDecision[]> {
  return verifyPieces(await readInputs(inputs), trust, terms, PORTS);
}

const STATUS: Record<Outcome, number> = {
  accepted: EXIT.accepted,
  rejected: EXIT.rejected,
  undetermined: EXIT.undetermined,
  unreadable: EXIT.unreadable,
};
