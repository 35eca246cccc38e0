/** What a transaction offers for a unit of gas, in wei: as EIP-1559 has it, or a price alone where the chain knows no other. */
export interface Fees {
  readonly max: bigint;
  /** Of it for whoever makes the block; missing where there is a price alone. */
  readonly tip?: bigint;
}

/** Nodes ask for 10 % more (geth, Besu, Hardhat) or 12.5 %; of both terms, and in whole wei. */
const RAISE_PERCENT = 25n;

/** A transaction that hangs may hang for other reasons than its fees: they stop rising at so many times what is usual. */
const MOST_TIMES_USUAL = 16n;

/** Enough to take the place of a transaction that offers `fees`. */
export function raised({ max, tip }: Fees): Fees {
  return tip === undefined ? { max: more(max) } : { max: more(max), tip: more(tip) };
}

/** The higher of either term. */
export function higher(one: Fees, other: Fees): Fees {
  const max = one.max > other.max ? one.max : other.max;
  const tips = [one.tip, other.tip].filter((tip) => tip !== undefined);
  const [first = 0n, second = 0n] = tips;
  return tips.length === 0 ? { max } : { max, tip: first > second ? first : second };
}

/** Whether somebody in their senses would still offer this, where `usual` is what the node proposes. */
export function isSane(fees: Fees, usual: Fees): boolean {
  return fees.max <= usual.max * MOST_TIMES_USUAL && (fees.tip ?? 0n) <= usual.max * MOST_TIMES_USUAL;
}

/** On a chain whose gas is free nothing is higher than nothing. */
function more(wei: bigint): bigint {
  return wei === 0n ? 0n : (wei * (100n + RAISE_PERCENT)) / 100n + 1n;
}
