import type { SourcesAnswer } from '../records/ask-sources.ts';

/** So many of the last answers of a source are looked at: more than may be asked about one person in a day. */
const LOOKED_AT = 20;

/**
 * Which sources are down, by their last answers whoever they were about.
 *
 * What became of one search is not told to who asked for it: a source that fails only at fetching doses would tell that it
 * has found the person. So no single person's searches may be enough to change what is said here.
 */
export class SourceHealth {
  readonly #answers = new Map<string, readonly boolean[]>();

  note({ asked, unasked }: Pick<SourcesAnswer, 'asked' | 'unasked'>): void {
    for (const source of asked) this.#add(source, true);
    for (const { source } of unasked) this.#add(source, false);
  }

  /** Names of sources of whose last twenty answers more than half were faults. */
  down(): readonly string[] {
    return [...this.#answers].flatMap(([source, answers]) =>
      answers.length === LOOKED_AT && answers.filter((good) => !good).length > LOOKED_AT / 2 ? source : [],
    );
  }

  #add(source: string, good: boolean): void {
    this.#answers.set(source, [...(this.#answers.get(source) ?? []), good].slice(-LOOKED_AT));
  }
}
