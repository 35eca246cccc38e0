import type { CorrectionState, OrderState, Outcome, ProductName, Reason, Scope, Step } from '../answers.ts';

/** A text for each of those keys. */
export type Said<Key extends string> = Readonly<Record<Key, string>>;

/** The words of a language for what the service says by codes. */
export interface CodeWords {
  readonly scopes: Readonly<Record<Scope, string>>;
  readonly results: Said<'negative' | 'positive' | 'other'>;
  readonly testKinds: Said<'pcr' | 'antigen'>;
  readonly products: Readonly<Record<ProductName, string>> & Said<'other'>;
  /** Why a record does not qualify, or may not be signed. */
  readonly refusals: Readonly<Record<string, string>>;
  readonly reasons: Readonly<Record<Reason | 'restored', string>>;
  readonly steps: Readonly<Record<Step, string>>;
  /** By the code of a problem; `other` for the rest. */
  readonly problems: Readonly<Record<string, string>>;
  /** States of a correction request. */
  readonly states: Readonly<Record<CorrectionState, string>>;
  readonly orderStates: Readonly<Record<OrderState, string>>;
  /** Why an order was refused, by a code of the service. */
  readonly orderRefusals: Readonly<Record<string, string>>;
  /** What was done, by the kind of an entry of the audit log. */
  readonly deeds: Readonly<Record<string, string>>;
  readonly outcomes: Readonly<Record<Outcome, string>>;
}
