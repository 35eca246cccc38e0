/** What the bodies that are being read, or worked on, may hold in memory together. */
export interface BodyBudget {
  /** A body begins; `sender` is whoever sends it, as addressGroup counts. */
  readonly open: (sender: string) => BodyHold;
}

/** The share of one body. */
export interface BodyHold {
  /** Whether so many bytes of this body may be held. */
  readonly grow: (bytes: number) => boolean;
  /** Nothing of it is held any more; once is enough. */
  readonly release: () => void;
}

/**
 * A scanner's card is far below it: the first bytes of every body are free, so that large ones can keep no card out.
 * The limit of connections bounds them.
 */
export const FREE_BYTES = 64 * 1024;

/**
 * A budget of bytes over all connections. Bytes count as they come: a length that is declared holds no memory.
 *
 * @param most of it no sender gets more than half, so that one alone cannot deny it to everybody
 */
export function bodyBudget(most: number): BodyBudget {
  let held = 0;
  const bySender = new Map<string, number>();
  return {
    open(sender) {
      let mine = 0;
      return {
        grow(bytes) {
          const more = Math.max(mine, bytes - FREE_BYTES) - mine;
          if (more === 0) return true;
          const ofSender = (bySender.get(sender) ?? 0) + more;
          if (held + more > most || ofSender > most / 2) return false;
          mine += more;
          held += more;
          bySender.set(sender, ofSender);
          return true;
        },
        release() {
          if (mine === 0) return;
          const left = (bySender.get(sender) ?? mine) - mine;
          held -= mine;
          mine = 0;
          if (left === 0) bySender.delete(sender);
          else bySender.set(sender, left);
        },
      };
    },
  };
}
