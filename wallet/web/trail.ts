import { isJsonObject } from '../../credential/json.ts';

/** The way through the screens, told to the browser's history as depths alone: nothing of what was seen is in it. */
export interface Trail<Place> {
  readonly here: () => Place;
  readonly depth: () => number;
  readonly go: (place: Place) => void;
  readonly back: () => void;
  /** To the first place, with nothing to go back to. */
  readonly home: () => void;
  /** Another way, of which nothing leads to the one before. */
  readonly anew: (...places: readonly [Place, ...Place[]]) => void;
}

/**
 * Begin a way at that place.
 *
 * @param moved told whenever another place is the one to be shown
 */
export function trailFrom<Place>(first: Place, moved: () => void): Trail<Place> {
  let places: readonly Place[] = [first];
  let at = 0;
  let ways = 0;
  /** What waits until the browser has gone back to the first entry. */
  let afterRewind: (() => void) | undefined;

  // Entries of another load of the page, or of before it was locked, lead nowhere.
  const entry = (depth: number): object => ({ way: wayName(), depth });
  history.replaceState(entry(0), '', '/');
  addEventListener('popstate', ({ state }: PopStateEvent) => {
    if (afterRewind !== undefined) {
      const then = afterRewind;
      afterRewind = undefined;
      history.replaceState(entry(0), '', '/');
      then();
      return;
    }
    const depth = depthOf(state);
    if (depth === undefined || depth >= places.length) {
      history.replaceState(entry(0), '', '/');
      places = places.slice(0, 1);
      at = 0;
    } else at = depth;
    moved();
  });

  return {
    here,
    depth: () => at,
    go: (place) => {
      if (afterRewind === undefined) push(place);
      else {
        const before = afterRewind;
        afterRewind = () => {
          before();
          push(place);
        };
      }
    },
    back: () => {
      if (at > 0 && afterRewind === undefined) history.back();
    },
    home: () => {
      restart(places.slice(0, 1));
    },
    anew: (...others) => {
      ways += 1;
      restart(others);
    },
  };

  function here(): Place {
    return places[at] ?? first;
  }

  function push(place: Place): void {
    places = [...places.slice(0, at + 1), place];
    at += 1;
    history.pushState(entry(at), '', '/');
    moved();
  }

  function restart([begin, ...others]: readonly Place[]): void {
    const depth = at;
    places = [begin ?? first];
    at = 0;
    const follow = (): void => {
      for (const place of others) push(place);
    };
    if (afterRewind !== undefined) {
      afterRewind = follow;
    } else if (depth > 0) {
      afterRewind = follow;
      history.go(-depth);
    } else {
      history.replaceState(entry(0), '', '/');
      moved();
      follow();
      return;
    }
    moved();
  }

  function wayName(): string {
    return `${performance.timeOrigin}/${ways}`;
  }

  function depthOf(state: unknown): number | undefined {
    if (!isJsonObject(state) || state['way'] !== wayName()) return undefined;
    return typeof state['depth'] === 'number' ? state['depth'] : undefined;
  }
}
