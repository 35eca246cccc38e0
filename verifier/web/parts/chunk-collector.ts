import { FormatError } from '../../../credential/errors.ts';
import { parseCardUri } from '../../../credential/shc-uri.ts';

/** What became of a text that a camera saw. */
export type Collected =
  /** No chunk: a card by itself, or anything else. */
  | { readonly kind: 'whole'; readonly codes: readonly string[] }
  /** Parts of a card are there, others are wanted. */
  | { readonly kind: 'part'; readonly have: readonly number[]; readonly total: number }
  /** The last part came. */
  | { readonly kind: 'complete'; readonly codes: readonly string[] };

/** Collects the chunks of one guest's card, as a camera sees them one after the other. */
export interface ChunkCollector {
  readonly add: (code: string, now: number) => Collected;
  /** What is there by now, for a line of progress; undefined if nothing is. */
  readonly progress: (now: number) => Extract<Collected, { kind: 'part' }> | undefined;
  readonly forget: () => void;
}

/** Somebody who looks for the next code finds it in this time; after it the next guest has come. */
export const FORGET_AFTER_SECONDS = 20;

/** Make a collector that knows of no guest. */
export function chunkCollector(): ChunkCollector {
  let parts = new Map<number, string>();
  let total = 0;
  let lastAt = -Infinity;
  const forget = (): void => {
    parts = new Map();
    total = 0;
  };
  const forgetOld = (now: number): void => {
    // A clock that was set back makes nothing younger.
    if (!(now >= lastAt && now - lastAt < FORGET_AFTER_SECONDS)) forget();
  };
  const part = (): Extract<Collected, { kind: 'part' }> => ({
    kind: 'part',
    have: [...parts.keys()].toSorted((one, other) => one - other),
    total,
  });
  return {
    forget,
    progress: (now) => {
      forgetOld(now);
      return parts.size === 0 ? undefined : part();
    },
    add: (code, now) => {
      forgetOld(now);
      const place = placeOf(code);
      if (place === undefined) {
        forget();
        return { kind: 'whole', codes: [code] };
      }
      const { index } = place;
      const known = parts.get(index);
      // Another card's: the guest before has gone, or holds two.
      if (place.total !== total || (known !== undefined && known !== code)) forget();
      total = place.total;
      if (!parts.has(index)) lastAt = now;
      parts.set(index, code);
      if (parts.size < total) return part();
      const codes = [...parts].toSorted(([one], [other]) => one - other).map(([, text]) => text);
      forget();
      return { kind: 'complete', codes };
    },
  };
}

function placeOf(code: string): { readonly index: number; readonly total: number } | undefined {
  try {
    return parseCardUri(code).chunk;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
