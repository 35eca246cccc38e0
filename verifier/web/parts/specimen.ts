/**
 * Keys whose private half everyone has, or that sign examples: a card of theirs is there to practise with.
 *
 * The first signs the examples of SMART Health Cards (https://spec.smarthealth.cards/examples).
 */
export const SPECIMEN_KIDS: ReadonlySet<string> = new Set(['3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s']);
