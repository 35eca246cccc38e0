import { FormatError } from '../../credential/errors.ts';
import { parseJson } from '../../credential/json.ts';
import { ShapeError } from '../../credential/strict-reader.ts';
import { readRuleTests } from '../../verifier/pipeline/rules/rule-tests.ts';
import type { RuleTests } from '../../verifier/pipeline/rules/rule-tests.ts';
import { readRulesText } from './rule-files.ts';
import { RulesError } from './rules-error.ts';

/**
 * The rule tests of a file.
 *
 * @throws RulesError RULES_REFUSED if they are none
 * @throws TrustError FILE_UNREADABLE
 */
export async function readTestsFile(path: string): Promise<RuleTests> {
  try {
    return readRuleTests(parseJson(await readRulesText(path)));
  } catch (error) {
    if (error instanceof FormatError) throw new RulesError('RULES_REFUSED', `${path}: ${error.message}`);
    if (error instanceof ShapeError) {
      const where = error.path.join('.');
      throw new RulesError('RULES_REFUSED', `${path}: at ${where} the file holds ${error.message}.`);
    }
    throw error;
  }
}
