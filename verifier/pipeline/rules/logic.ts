import { evaluate } from 'certlogic-js/dist/evaluator.js';
import { dataAccesses, validateFormat } from 'certlogic-js/dist/validation/index.js';

/** A rule's logic did not come to true or false. */
export class LogicError extends Error {
  override readonly name = 'LogicError';
}

/**
 * What a CertLogic expression (1.3) comes to over the data, by the EU's own engine.
 *
 * @throws LogicError if the engine does
 */
export function evaluateLogic(logic: unknown, data: object): unknown {
  try {
    return evaluate(logic as Parameters<typeof evaluate>[0], data) as unknown;
  } catch {
    throw new LogicError('The logic of a rule cannot be carried out.');
  }
}

/** Whether a rule's logic holds over the data.
 *
 * @throws LogicError unless it comes to exactly true or false: CertLogic's truthy values are for its own guards
 */
export function holds(logic: unknown, data: object): boolean {
  const value = evaluateLogic(logic, data);
  if (typeof value !== 'boolean') throw new LogicError('The logic of a rule says neither yes nor no.');
  return value;
}

/** Whether it is a CertLogic expression at all. */
export function isLogic(logic: unknown): boolean {
  try {
    return validateFormat(logic).length === 0;
  } catch {
    return false;
  }
}

/** Twenty times what the longest national rule of the EU has. */
const MAX_LOGIC_LENGTH = 10_000;

/** Whether sound logic is carried out in a moment: the engine counts no steps, and loops within loops multiply. */
export function isQuick(logic: unknown): boolean {
  return JSON.stringify(logic).length <= MAX_LOGIC_LENGTH && loopsOf(logic) <= 1;
}

/** How deep its loops are within each other. */
function loopsOf(logic: unknown): number {
  if (typeof logic !== 'object' || logic === null) return 0;
  const own = Object.hasOwn(logic, 'reduce') ? 1 : 0;
  return own + Object.values(logic).reduce((most: number, part) => Math.max(most, loopsOf(part)), 0);
}

/** The paths that sound logic looks at, each once, sorted; within a `reduce` those of its operand and its start. */
export function pathsOf(logic: unknown): readonly string[] {
  return dataAccesses(logic as Parameters<typeof dataAccesses>[0]);
}
