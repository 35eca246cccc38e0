/** How many of something each sender holds at the moment, as addressGroup counts senders. */
export interface HeldBy {
  readonly of: (sender: string) => number;
  readonly total: () => number;
  /** One more; give back what this returns, once. */
  readonly take: (sender: string) => () => void;
}

/** Count what senders hold; nothing is kept of whoever holds nothing. */
export function heldBy(): HeldBy {
  const held = new Map<string, number>();
  let total = 0;
  const of = (sender: string): number => held.get(sender) ?? 0;
  return {
    of,
    total: () => total,
    take(sender) {
      total += 1;
      held.set(sender, of(sender) + 1);
      return () => {
        total -= 1;
        if (of(sender) === 1) held.delete(sender);
        else held.set(sender, of(sender) - 1);
      };
    },
  };
}
