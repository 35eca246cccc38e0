import { filled } from '../../verifier/pipeline/words/filled.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import type { Me, Scope } from './answers.ts';
import { ServiceProblem, type Session } from './service.ts';
import type { DeskWords, View } from './words/table.ts';

/** What every view has to do with: who is here, what may be asked, in which words, and what has been found so far. */
export interface Desk {
  readonly session: Session;
  readonly me: Me;
  readonly language: Language;
  readonly words: DeskWords;
  /** Tells whoever does not see the page, and shows it in a line that stays until the next. */
  readonly say: (text: string, tone?: 'good' | 'bad') => void;
  /** What a view keeps while others are shown, or the language is changed; gone when the desk is locked. */
  readonly kept: <T extends object>(view: string, fresh: () => T) => T;
  readonly show: (view: View) => void;
}

/** A view writes itself into the main part of the page. */
export type ShowView = (desk: Desk, main: HTMLElement) => void;

export function may({ me }: Desk, ...scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => me.scopes.includes(scope));
}

/** A sentence with what varies in it; a text of somebody else's does not belong here but beside it. */
export function say(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return filled(
    sentence,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
  );
}

/** What to tell a clerk of a failure, in a sentence. */
export function problemWords({ words }: Desk, error: unknown): string {
  if (!(error instanceof ServiceProblem)) return words.problems['other'] ?? '';
  const { code, reason } = error;
  const said = words.problems[code] ?? `${words.problems['other']} (${code})`;
  const why = reason === undefined ? undefined : words.refusals[reason];
  return why === undefined ? said : `${said} ${why}`;
}

/** Does something that may fail, with its button out of use meanwhile; a failure is told. */
export async function attempt(
  desk: Desk,
  pressed: HTMLButtonElement | null,
  run: () => Promise<void>,
): Promise<void> {
  if (pressed?.getAttribute('aria-disabled') === 'true') return;
  // Not `disabled`, which would throw the focus away.
  pressed?.setAttribute('aria-disabled', 'true');
  try {
    await run();
  } catch (error) {
    // Of a key that ended the way in tells already.
    const isOut = error instanceof ServiceProblem && error.code === 'UNAUTHORIZED';
    if (!isOut) desk.say(problemWords(desk, error), 'bad');
  } finally {
    pressed?.removeAttribute('aria-disabled');
  }
}

/** Forgets what a view has kept when something newer was asked for meanwhile. */
export function latest(): { readonly begin: () => () => boolean } {
  let newest = 0;
  return {
    begin: () => {
      const own = ++newest;
      return () => own === newest;
    },
  };
}
