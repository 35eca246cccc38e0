// Temporal is in the pinned Node, not in every engine that runs the product: tests alone may use it, so its types stand
// here and not among those of all code.

export interface PlainDate {
  readonly toString: () => string;
  readonly add: (duration: { readonly days: number }) => PlainDate;
  readonly until: (other: string, options: { readonly largestUnit: 'days' }) => { readonly days: number };
  /** Its first instant there. */
  readonly toZonedDateTime: (zone: string) => ZonedDateTime;
}

export interface ZonedDateTime {
  readonly year: number;
  readonly epochMilliseconds: number;
  readonly toPlainDate: () => PlainDate;
  readonly getTimeZoneTransition: (direction: 'next') => ZonedDateTime | null;
}

interface TemporalApi {
  readonly PlainDate: { readonly from: (date: string) => PlainDate };
  readonly Instant: {
    readonly fromEpochMilliseconds: (milliseconds: number) => {
      readonly toZonedDateTimeISO: (zone: string) => ZonedDateTime;
    };
  };
}

/** The platform's own Temporal. */
export const { Temporal } = globalThis as unknown as { readonly Temporal: TemporalApi };
