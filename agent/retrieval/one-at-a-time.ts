import { isChanged } from '../issuer-error.ts';

/** How often what another agent came before is tried again. */
const TRIES = 5;

/**
 * Runs what is about one thing one after the other, so that nothing changes between its reading and its writing; again if
 * it was refused because another agent has changed that thing meanwhile.
 */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = (async () => {
      // Whatever became of the one before, it is over.
      await before?.catch(() => undefined);
      return again(work);
    })();
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !isChanged(error)) throw error;
    }
  }
}
