import { plusDays } from '../../../credential/civil-time.ts';
import type { ValueSet } from '../../../credential/value-set.ts';
import type { Sentences } from '../decision.ts';
import { filled } from '../words/filled.ts';
import type { LogicData } from './health-payload.ts';
import { evaluateLogic, LogicError } from './logic.ts';
import type { RemedyValue, Rule, Words } from './rule-set.ts';

/**
 * What a rule asks and what would satisfy it, with their values filled in.
 *
 * @param personal whether values of the record may be told
 */
export function remedyText(
  { Description, Remedy }: Rule,
  data: LogicData,
  personal: boolean,
): { readonly asks: Sentences; readonly remedy: Sentences | null } {
  const values = textsOf(Object.entries(data.external.numbers));
  const asks = filledIn(Description, values);
  if (Remedy === null || !personal) return { asks, remedy: null };
  for (const [name, source] of Remedy.values) {
    const value = valueOf(source, data);
    // Half a sentence would say less than none: the record holds nothing of the kind.
    if (value === null) return { asks, remedy: null };
    values.set(name, value);
  }
  return { asks, remedy: filledIn(Remedy.text, values) };
}

/** What a rule asks, with the numbers of its value set. */
export function askedText({ Description }: Rule, { numbers }: ValueSet): Sentences {
  return filledIn(Description, textsOf(numbers));
}

function textsOf(numbers: Iterable<readonly [string, number]>): Map<string, string> {
  return new Map(Array.from(numbers, ([name, value]) => [name, String(value)]));
}

/** Sentences with values for the names in their braces. */
function filledIn(words: Words, values: ReadonlyMap<string, string>): Sentences {
  return Object.fromEntries(
    [...words].map(([language, sentence]) => [language, filled(sentence, Object.fromEntries(values))]),
  );
}

/** Only numbers and civil days are told, never a text of the card. */
function valueOf({ of, plusDays: name }: RemedyValue, data: LogicData): string | null {
  const value = fieldOf(of, data);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return null;
  return name === null ? value : plusDays(value, data.external.numbers[name] ?? 0);
}

/** Nothing is told of a field that cannot be read; whether the rule is met does not hang on it. */
function fieldOf(path: string, data: LogicData): unknown {
  try {
    return evaluateLogic({ var: path }, data);
  } catch (error) {
    if (error instanceof LogicError) return null;
    throw error;
  }
}
