import type { IntlMessageFormat } from 'intl-messageformat';
import type { MessageValues } from './table.ts';
import { wordsOf } from '../words.ts';
import type { Language } from './language.ts';

/** Says a message of a table with its parameters filled in. */
export type SayMessage = <Name extends keyof MessageValues>(
  name: Name,
  values: MessageValues[Name],
) => string;

/**
 * The messages of a language that have parameters, plurals among them (ICU messages). The parser of such messages is
 * loaded when they are first asked for, and each is parsed once: most of what is said needs neither.
 */
export async function messagesOf(language: Language): Promise<SayMessage> {
  const { IntlMessageFormat } = await import('intl-messageformat');
  const parsed = new Map<keyof MessageValues, IntlMessageFormat>();
  return (name, values) => {
    let message = parsed.get(name);
    if (message === undefined) {
      message = new IntlMessageFormat(wordsOf(language).messages[name], language);
      parsed.set(name, message);
    }
    return String(message.format({ ...values }));
  };
}
