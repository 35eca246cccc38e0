import { plusDays } from '../credential/civil-time.ts';
import type { TimeZone } from '../credential/civil-time.ts';
import type { PassType, Profile } from '../credential/health-card.ts';
import type { WindowNumber } from './issuance-policy.ts';

/** What a product attests: a completed series, or a negative result of a kind of test. */
export type Evidence =
  | { readonly kind: 'series' }
  | {
      readonly kind: 'negative';
      readonly test: 'pcr' | 'antigen';
      /** Whether the time of the collection must be known, with its zone. */
      readonly timed: boolean;
    };

/** One product: what it attests, in which form, and the window around the day or moment of its evidence. */
export interface Product {
  readonly profile: Profile;
  readonly passType: PassType;
  readonly evidence: Evidence;
  /** Whole days from the evidence's civil day to the first on which the product may be issued. */
  readonly fromDays: WindowNumber | null;
  /** How long after the evidence it ends: after so many whole days, after so many hours, or never. */
  readonly until: { readonly days: WindowNumber } | { readonly hours: WindowNumber } | null;
}

const SERIES = { kind: 'series' } as const;
const PCR = { kind: 'negative', test: 'pcr', timed: false } as const;
const ANTIGEN = { kind: 'negative', test: 'antigen', timed: true } as const;

/** The six products (design section 5); their numbers are the value set's. */
export const PRODUCTS = {
  'vaccination-pass': {
    profile: 'pass',
    passType: 'vaccination',
    evidence: SERIES,
    fromDays: 'waitDays',
    until: { days: 'validDays' },
  },
  'pcr-pass': {
    profile: 'pass',
    passType: 'pcr',
    evidence: PCR,
    fromDays: null,
    until: { days: 'pcrDays' },
  },
  'antigen-pass': {
    profile: 'pass',
    passType: 'antigen',
    evidence: ANTIGEN,
    fromDays: null,
    until: { hours: 'antigenHours' },
  },
  'vaccination-plus': {
    profile: 'pass-plus',
    passType: 'vaccination',
    evidence: SERIES,
    fromDays: 'plusWaitDays',
    until: null,
  },
  'pcr-plus': {
    profile: 'pass-plus',
    passType: 'pcr',
    evidence: PCR,
    fromDays: null,
    until: { days: 'pcrDays' },
  },
  'antigen-plus': {
    profile: 'pass-plus',
    passType: 'antigen',
    evidence: ANTIGEN,
    fromDays: null,
    until: { hours: 'antigenHours' },
  },
} as const satisfies Record<string, Product>;

export type ProductName = keyof typeof PRODUCTS;

/** When a product may be issued, and when it ends; seconds since 1970. */
export interface ProductWindow {
  /** From the first moment of its first civil day. */
  readonly from: number;
  /** The civil day that `from` begins. */
  readonly fromDay: string;
  /** `exp`: the first moment of the civil day after its last, or a moment so many hours after the evidence's. */
  readonly until: number | undefined;
}

/**
 * The window of a product around its evidence, by the civil days of a zone: exact over changes of the clock.
 *
 * @param evidence its civil day, and its moment in seconds since 1970 if it is known
 */
export function windowOf(
  product: Product,
  evidence: { readonly date: string; readonly at: number | null },
  numbers: Readonly<Record<WindowNumber, number>>,
  zone: TimeZone,
): ProductWindow {
  const { fromDays, until } = product;
  const fromDay = fromDays === null ? evidence.date : plusDays(evidence.date, numbers[fromDays]);
  const from = fromDays === null ? (evidence.at ?? zone.startOf(fromDay)) : zone.startOf(fromDay);
  return { from, fromDay, until: endOf(until, evidence, numbers, zone) };
}

function endOf(
  until: Product['until'],
  { date, at }: { readonly date: string; readonly at: number | null },
  numbers: Readonly<Record<WindowNumber, number>>,
  zone: TimeZone,
): number | undefined {
  if (until === null) return undefined;
  // A day counts to its end, which is where the next one begins.
  if ('days' in until) return zone.startOf(plusDays(date, numbers[until.days] + 1));
  // Without its time it may have been at the first moment of its day.
  return (at ?? zone.startOf(date)) + numbers[until.hours] * 3600;
}
