/**
 * Why trust was taken or given back, by number: the `reason` of IIssuerRegistry. A number beyond the table is the
 * sender's own and means what the sender says it does.
 */
export const REASONS = [
  'unspecified',
  'compromised',
  'accreditation-lapsed',
  'fraud',
  'ceased-operation',
  'superseded',
  'technical-fault',
  'legal-order',
] as const;

/** A reason with its name, where it has one: `3, fraud`. */
export function reasonInWords(reason: number): string {
  const name = REASONS[reason];
  return name === undefined ? String(reason) : `${String(reason)}, ${name}`;
}
