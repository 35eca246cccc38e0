/** What the service answers to the page, as /openapi.json describes it; tests hold these shapes against the service's. */

export type Scope = 'issue' | 'revoke' | 'records' | 'audit' | 'admin' | 'approve';

/** That a quota is nearly used up, or that more is done than usually. */
export interface Alarm {
  readonly of: 'issue' | 'revoke' | 'bulk' | 'clients' | 'looks';
  readonly window: 'hour' | 'day';
  readonly level: 80 | 100 | 'unusual';
}

/** `GET /me`. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly iss: string;
  readonly alarms: readonly Alarm[];
}

export const PRODUCT_NAMES = [
  'vaccination-pass',
  'vaccination-plus',
  'pcr-pass',
  'pcr-plus',
  'antigen-pass',
  'antigen-plus',
] as const;
export type ProductName = (typeof PRODUCT_NAMES)[number];

/** Reasons that staff may give, in the order in which they are needed. */
export const REASONS = [
  'holder-request',
  'error',
  'superseded',
  'lot-recalled',
  'fraud',
  'unspecified',
] as const;
export type Reason = (typeof REASONS)[number];

/** A card and how it stands. Times are Unix seconds. */
export interface Card {
  readonly id: string;
  readonly rid: string;
  readonly kid: string;
  readonly profile: 'pass' | 'pass-plus';
  readonly product: string | null;
  readonly issuedAt: number;
  readonly batch: string | null;
  readonly state: 'valid' | 'revoked';
  readonly revokedAt?: number;
  readonly reason?: string;
  readonly anchored?: boolean;
}

/** One person, by all records of theirs. */
export interface PersonFound {
  readonly sources: readonly { readonly source: string; readonly doses: number; readonly tests: number }[];
  readonly names: readonly string[];
  readonly birthDate: string;
  readonly postalCodes: readonly string[];
  readonly contacts: readonly { readonly kind: 'phone' | 'email'; readonly hint: string }[];
  readonly bundle: object;
  readonly cards: readonly Card[];
}

/** `POST /records/search`. */
export interface PeopleFound {
  readonly people: readonly PersonFound[];
  readonly elsewhere: number;
  readonly asked: readonly string[];
  readonly unasked: readonly { readonly source: string; readonly code: string }[];
}

/** What a product says of a record. */
export type ProductAnswer =
  | { readonly product: ProductName; readonly qualified: true; readonly until: number | null }
  | {
      readonly product: ProductName;
      readonly qualified: false;
      readonly reason: string;
      readonly doses: number | null;
      readonly needed: number | null;
      readonly evidenceDay: string | null;
      readonly from: string | null;
    };

/** `POST /credentials/check`. */
export interface CredentialCheck {
  readonly countedBy: string;
  /** IANA name of the zone that days are counted in. */
  readonly timeZone: string;
  readonly products: readonly ProductAnswer[];
  readonly facts: {
    readonly doses: readonly {
      readonly date: string;
      readonly vaccine: string | null;
      readonly codes: readonly string[];
      readonly performers: readonly string[];
      readonly counts: boolean;
    }[];
    readonly tests: readonly {
      readonly date: string;
      readonly at: number | null;
      readonly kinds: readonly string[];
      readonly codes: readonly string[];
      readonly result: string;
      readonly performers: readonly string[];
    }[];
    readonly unread: { readonly doses: number; readonly tests: number };
  };
}

/** `POST /credentials/issue`, what of it is shown. */
export interface IssuedCredential {
  readonly card: {
    readonly id: string;
    readonly rid: string;
    readonly jws: string;
    readonly fitsQr: boolean;
    readonly issuedAt: number;
  };
}

/** `POST /cards/qr`. */
export interface QrOutline {
  readonly size: number;
  readonly path: string;
}

export const CORRECTION_STATES = ['open', 'in-work', 'done', 'refused'] as const;
export type CorrectionState = (typeof CORRECTION_STATES)[number];

export const OUTCOMES = [
  'record-corrected',
  'contact-corrected',
  'unlocked',
  'record-is-right',
  'identity-not-shown',
  'ask-the-provider',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A request to put a record right. */
export interface Correction {
  readonly number: string;
  readonly state: CorrectionState;
  readonly outcome: Outcome | null;
  /** Id of the client that works or worked on it. */
  readonly clerk: string | null;
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  readonly postalCode: string;
  readonly words: string;
  readonly reach: string | null;
  readonly step: string | null;
  readonly unasked: readonly string[];
  readonly filedAt: number;
  readonly changedAt: number;
}

/** Steps of a retrieval, in the order in which they are shown. */
export const STEPS = [
  'begun',
  'found',
  'sent',
  'completed',
  'limited',
  'locked',
  'no-record',
  'other-zip',
  'no-contact',
  'ambiguous',
  'undetermined',
  'held-back',
  'not-sent',
  'wrong-code',
  'ended',
  'correction',
  'corrected',
] as const;
export type Step = (typeof STEPS)[number];

/** `GET /counters`. */
export interface Counters {
  readonly days: number;
  readonly retrieval: {
    readonly steps: Readonly<Record<string, number>>;
    readonly successRate: number | null;
  } | null;
  readonly cards: {
    readonly taken: number;
    readonly revoked: Readonly<Record<string, number>>;
    readonly waiting: number;
  };
}

export const ORDER_STATES = ['checking', 'pending', 'approved', 'done', 'refused', 'failed'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** What becomes of the lines of an order. */
export interface OrderOutcome {
  readonly cards: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** An order of a bulk. */
export interface BulkOrder {
  readonly id: string;
  /** Id of the client that filed it. */
  readonly client: string;
  readonly product: string;
  readonly state: OrderState;
  readonly filedAt: number;
  readonly lines: number;
  readonly digest: string;
  readonly check: OrderOutcome | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly refusal: string | null;
  readonly progress: { readonly lines: number; readonly cards: number; readonly waitsFor: string | null };
  readonly outcome: OrderOutcome | null;
  readonly fault: string | null;
}

/** A page of `GET /audit`. */
export interface AuditPage {
  readonly records: readonly {
    readonly n: number;
    readonly at: number;
    readonly entries: readonly (Readonly<Record<string, unknown>> & { readonly kind: string })[];
  }[];
  readonly next: number | null;
}
