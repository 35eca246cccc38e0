import type { Floor } from './held-trust.ts';
import type { VenueAnswers } from './venue-answers.ts';

/** What this page keeps on the device: the node's answers, and how new they have been. Nothing of a guest. */
export interface TrustDatabase {
  readonly answers: () => Promise<VenueAnswers | undefined>;
  /**
   * Keep answers if what they hold is no older than what was kept, by whichever tab: `raise` is asked with the floor that
   * stands now, and what it throws leaves everything as it was.
   */
  readonly put: (answers: VenueAnswers, raise: (floor: Floor | undefined) => Floor) => Promise<void>;
  /** Keep nothing any more, the floor neither. */
  readonly clear: () => Promise<void>;
}

const STORE = 'trust';

/** Open a database of this origin by its name; where the browser keeps nothing, as some private windows do, one for this visit. */
export async function openTrustDatabase(name: string): Promise<TrustDatabase> {
  try {
    return await openIndexedDb(name);
  } catch {
    return forThisVisit();
  }
}

function forThisVisit(): TrustDatabase {
  let kept: { readonly answers: VenueAnswers; readonly floor: Floor } | undefined;
  return {
    answers: async () => Promise.resolve(kept?.answers),
    put: async (answers, raise) => {
      kept = { answers, floor: raise(kept?.floor) };
      return Promise.resolve();
    },
    clear: async () => {
      kept = undefined;
      return Promise.resolve();
    },
  };
}

async function openIndexedDb(name: string): Promise<TrustDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener('upgradeneeded', () => void opening.result.createObjectStore(STORE));
  const database = await settled(opening);
  return {
    answers: async () => {
      const store = database.transaction(STORE).objectStore(STORE);
      return (await settled(store.get('answers'))) as VenueAnswers | undefined;
    },
    clear: async () => {
      await settled(database.transaction(STORE, 'readwrite').objectStore(STORE).clear());
    },
    put: async (answers, raise) => {
      const transaction = database.transaction(STORE, 'readwrite');
      const store = transaction.objectStore(STORE);
      const done = new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => {
          resolve();
        });
        transaction.addEventListener('abort', () => {
          reject(transaction.error ?? new DOMException('The transaction was given up.', 'AbortError'));
        });
      });
      let refusal: { readonly error: unknown } | undefined;
      const asking = store.get('floor');
      asking.addEventListener('success', () => {
        try {
          store.put(raise(asking.result as Floor | undefined), 'floor');
          store.put(answers, 'answers');
        } catch (error) {
          refusal = { error };
          transaction.abort();
        }
      });
      try {
        await done;
      } catch (error) {
        throw refusal === undefined ? error : refusal.error;
      }
    },
  };
}

async function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => {
      resolve(request.result);
    });
    request.addEventListener('error', () => {
      reject(request.error ?? new DOMException('The request failed.', 'UnknownError'));
    });
  });
}
