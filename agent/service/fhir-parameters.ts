import { z } from 'zod/v4';
import { plusDays, type TimeZone } from '../../credential/civil-time.ts';
import { isCalendarDate } from '../../credential/date-time.ts';
import { readFhirDateTime } from '../../credential/fhir-date-time.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** FHIR R4: a type of canonical addresses, fragments and names; nobody's is longer. */
const uri = z.string().regex(/^\S{1,500}$/);

const PARAMETER = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('credentialType'), valueUri: uri }),
  z.strictObject({ name: z.literal('credentialValueSet'), valueUri: uri }),
  z.strictObject({
    name: z.literal('includeIdentityClaim'),
    valueString: z.string().regex(/^Patient(?:\.[A-Za-z0-9]{1,64}){1,8}$/),
  }),
  z.strictObject({ name: z.literal('_since'), valueDateTime: z.string().max(40) }),
]);

/** The body of `$health-cards-issue`. */
export const ISSUE_PARAMETERS = z.strictObject({
  resourceType: z.literal('Parameters'),
  id: z.string().max(64).optional(),
  parameter: z.array(PARAMETER).min(1).max(20),
});

const PART = z.union([
  z.strictObject({ name: z.literal('vcIndex'), valueInteger: z.number().int() }),
  z.strictObject({ name: z.enum(['bundledResource', 'hostedResource']), valueUri: z.string() }),
]);

/** What it answers. */
export const CARD_PARAMETERS = z
  .strictObject({
    resourceType: z.literal('Parameters'),
    parameter: z
      .array(
        z.union([
          z.strictObject({ name: z.literal('verifiableCredential'), valueString: z.string() }),
          z.strictObject({ name: z.literal('resourceLink'), part: z.array(PART) }),
        ]),
      )
      .optional(),
  })
  .meta({ id: 'HealthCards' });

/** What is asked for. */
export interface CardsAsked {
  /** All of them. */
  readonly types: readonly string[];
  /** A code of each of them. */
  readonly valueSets: readonly string[];
  /** As it was written. */
  readonly since: string | undefined;
}

/**
 * Reads the parameters of `$health-cards-issue`. Problem BODY_INVALID.
 *
 * `includeIdentityClaim` is read and changes nothing, as the specification lets a server: name and birth date are what a
 * venue compares, and no card of ours says more of a person.
 */
export function readCardsAsked(json: unknown): CardsAsked {
  const { data } = ISSUE_PARAMETERS.safeParse(json);
  if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  const said = data.parameter;
  const types = said.flatMap((one) => (one.name === 'credentialType' ? one.valueUri : []));
  const valueSets = said.flatMap((one) => (one.name === 'credentialValueSet' ? one.valueUri : []));
  const sinces = said.flatMap((one) => (one.name === '_since' ? one.valueDateTime : []));
  if (types.length === 0 || sinces.length > 1) throw new Problem(PROBLEMS.BODY_INVALID);
  const [since] = sinces;
  if (since !== undefined && firstDayOf(since) === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  return { types, valueSets, since };
}

/** The first moment of a FHIR dateTime (a year, a month, a day or an instant) by the civil days of a zone; Unix seconds. */
export function momentOf(dateTime: string, zone: TimeZone): number {
  return readFhirDateTime(dateTime)?.at ?? zone.startOf(firstDayOf(dateTime) ?? '');
}

/** The last moment at which a dose or a test of a FHIR dateTime can have been; Unix seconds, undefined if it names no day. */
export function lastMomentOf(dateTime: unknown, zone: TimeZone): number | undefined {
  const read = readFhirDateTime(dateTime);
  if (read === undefined) return undefined;
  return read.at ?? zone.startOf(plusDays(read.date, 1)) - 1;
}

/** A time is read with its zone, without which it is none (FHIR R4, dateTime). */
function firstDayOf(dateTime: string): string | undefined {
  const read = readFhirDateTime(dateTime);
  if (read !== undefined) return read.time === 'without-zone' ? undefined : inCalendar(read.date);
  const month = /^\d{4}(?:-\d\d)?$/.test(dateTime) ? dateTime.padEnd(7, '-01').slice(0, 7) : '';
  return inCalendar(`${month}-01`);
}

/** Years that clocks know of. */
function inCalendar(date: string): string | undefined {
  return isCalendarDate(date) && date >= '1900' && date < '2200' ? date : undefined;
}
