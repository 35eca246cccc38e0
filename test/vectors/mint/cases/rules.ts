import { card, HEALTH_CARD, PATIENT, recordOf } from '../cards.ts';
import { DAY, NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const trust = 'rules';
const VALID = 'accepted: VALID';
const UNMET = 'rejected: RULES_NOT_MET';
const UNAVAILABLE = 'undetermined: RULES_UNAVAILABLE';
const seconds = (dateTime: string): number => Date.parse(dateTime) / 1000;

const dose = (occurrenceDateTime: string, content: object = {}): object => ({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '208' }] },
  patient: { reference: 'resource:0' },
  occurrenceDateTime,
  ...content,
});
const pcr = (code: '260415000' | '260373001', effectiveDateTime: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '94500-6' }] },
  subject: { reference: 'resource:0' },
  effectiveDateTime,
  valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code }] },
});
const NEGATIVE = '260415000';
const POSITIVE = '260373001';

const record = (resources: readonly object[], members: object = {}): string =>
  card(KEYS.plain, members, { type: [HEALTH_CARD], credentialSubject: recordOf(PATIENT, ...resources) });

const FIRST = dose('2026-04-20');
/** 14 days before the day that it is now in New York, at its last second and at the first of the next. */
const LAST_SECOND = dose('2026-05-15T03:59:59Z');
const NEXT_SECOND = dose('2026-05-15T04:00:00Z');
const series = record([FIRST, LAST_SECOND]);
const early = record([FIRST, NEXT_SECOND]);

/** A day of 23 hours began in New York on 8 March 2026. */
const MARCH = seconds('2026-03-09T03:59:59Z');
const inMarch = record([pcr(NEGATIVE, '2026-03-05')], { nbf: MARCH - DAY });

const SAMPLE = '2026-05-27T12:00:00-04:00';
const sampled = record([pcr(NEGATIVE, SAMPLE)]);
const EVENT = seconds(SAMPLE) + 72 * 3600;

export const RULES_ASKED = folder('rules/asked', 'Decision codes, RULES_NOT_MET', {
  met: {
    why: 'The series was complete 14 civil days ago in the zone of the rules, though it is 13 by UTC.',
    input: series,
    trust,
    rules: 'VACCINATED',
    expect: VALID,
    checks: { rules: 'passed' },
    because: [],
  },
  unmet: {
    why: 'A second later the dose is of the next day there.',
    input: early,
    trust,
    rules: 'VACCINATED',
    expect: UNMET,
    checks: { rules: 'failed', validity: 'passed' },
    because: ['VR-US-NO-0002'],
  },
  'met-in-full': {
    why: 'The same by its full name.',
    input: series,
    trust,
    rules: 'US-NO/VACCINATED',
    expect: VALID,
  },
  'met-in-another-order': {
    why: 'The order of a record says nothing.',
    input: record([LAST_SECOND, FIRST]),
    trust,
    rules: 'VACCINATED',
    expect: VALID,
  },
  'unmet-by-a-duplicate': {
    why: 'A dose that two providers recorded is one dose, one of them with an instant in another zone.',
    input: record([FIRST, dose('2026-04-21T03:30:00Z')]),
    trust,
    rules: 'VACCINATED',
    expect: UNMET,
    because: ['VR-US-NO-0001'],
  },
  'unmet-by-a-dose-in-error': {
    why: 'What was entered in error was not given.',
    input: record([FIRST, dose('2026-05-10', { status: 'entered-in-error' })]),
    trust,
    rules: 'VACCINATED',
    expect: UNMET,
    because: ['VR-US-NO-0001'],
  },
  'unmet-elsewhere': {
    why: 'In a zone of quarters of an hour the same dose is of a day later, and today as well.',
    input: record([FIRST, dose('2026-05-15T18:15:00Z')]),
    trust,
    rules: 'KATHMANDU',
    expect: UNMET,
    because: ['VR-US-NO-0002'],
  },
  'met-elsewhere': {
    why: 'And a second before that it is not.',
    input: record([FIRST, dose('2026-05-15T18:14:59Z')]),
    trust,
    rules: 'KATHMANDU',
    expect: VALID,
  },
  'other-way': {
    why: 'Tested is a way in where vaccinated is not.',
    input: record([FIRST, pcr(NEGATIVE, SAMPLE)]),
    trust,
    rules: 'ADMISSION',
    expect: VALID,
  },
  'positive-after-negative': {
    why: 'A positive result after a negative one takes its place.',
    input: record([pcr(POSITIVE, '2026-05-28'), pcr(NEGATIVE, SAMPLE)]),
    trust,
    rules: 'ADMISSION',
    expect: UNMET,
    because: ['TR-US-NO-0002'],
  },
  'last-second-of-the-third-day': {
    why: 'Three civil days over a change of the clocks end at midnight of summer time.',
    input: inMarch,
    at: MARCH,
    trust,
    rules: 'TESTED',
    expect: VALID,
  },
  'fourth-day': {
    why: 'And not an hour later, as they would in winter time.',
    input: inMarch,
    at: MARCH + 1,
    trust,
    rules: 'TESTED',
    expect: UNMET,
    because: ['TR-US-NO-0001'],
  },
  'event-in-72-hours': {
    why: 'Exactly 72 hours before the event.',
    input: sampled,
    trust,
    rules: 'EVENT',
    event: EVENT,
    expect: VALID,
  },
  'event-a-second-later': {
    why: 'A second more is too long before.',
    input: sampled,
    trust,
    rules: 'EVENT',
    event: EVENT + 1,
    expect: UNMET,
    because: ['TR-US-NO-0003'],
  },
  'event-not-said': {
    why: 'Rules count back from an event, and nobody said when it begins.',
    input: sampled,
    trust,
    rules: 'EVENT',
    expect: UNAVAILABLE,
    checks: { rules: 'undetermined' },
    because: ['EVENT_NEEDED'],
  },
  'both-layers': {
    why: 'A base and a layer of one’s own both hold.',
    input: record([FIRST, LAST_SECOND, pcr(NEGATIVE, SAMPLE)]),
    trust,
    rules: 'LAYERED',
    expect: VALID,
  },
  'neither-layer': {
    why: 'Each layer that does not hold is named.',
    input: record([FIRST]),
    trust,
    rules: 'LAYERED',
    expect: UNMET,
    because: ['VR-US-NO-0001', 'TR-US-NO-0001'],
  },
  differing: {
    why: 'The file here is not the one that was published: it has a space more.',
    input: series,
    trust,
    rules: 'DIFFERING',
    expect: UNAVAILABLE,
    because: ['DIFFERS'],
  },
  missing: {
    why: 'The file that was published is not here.',
    input: series,
    trust,
    rules: 'MISSING',
    expect: UNAVAILABLE,
    because: ['MISSING'],
  },
  ended: {
    why: 'The jurisdiction ended the rules.',
    input: series,
    trust,
    rules: 'ENDED',
    expect: UNAVAILABLE,
    because: ['ENDED'],
  },
  coming: {
    why: 'The rules begin a second from now.',
    input: series,
    trust,
    rules: 'COMING',
    expect: UNAVAILABLE,
    because: ['NOT_YET_IN_FORCE'],
  },
  faulty: {
    why: 'What was published names a zone that does not exist.',
    input: series,
    trust,
    rules: 'FAULTY',
    expect: UNAVAILABLE,
    because: ['FAULTY'],
  },
  'value-set-for-rules': {
    why: 'A value set is no rule set.',
    input: series,
    trust,
    rules: 'VALUES',
    expect: UNAVAILABLE,
    because: ['FAULTY'],
  },
  throwing: {
    why: 'A rule that cannot be carried out decides nothing, though another way in is met.',
    input: series,
    trust,
    rules: 'FAILING',
    expect: UNAVAILABLE,
    because: ['RULE_FAILED'],
  },
  'truthy-is-not-true': {
    why: 'A rule that comes to a text says neither yes nor no.',
    input: series,
    trust,
    rules: 'TRUTHY',
    expect: UNAVAILABLE,
    because: ['RULE_FAILED'],
  },
  'unmet-and-expired': {
    why: 'Both are said.',
    input: record([FIRST], { exp: NOW - 1 }),
    trust,
    rules: 'VACCINATED',
    expect: 'rejected: EXPIRED, RULES_NOT_MET',
  },
  'unmet-and-unnamed': {
    why: 'Of two patients neither is the holder: could not check outranks rules that are not met.',
    input: record([FIRST, LAST_SECOND, PATIENT]),
    trust,
    rules: 'VACCINATED',
    expect: 'undetermined: RULES_NOT_MET, SUBJECT_UNNAMED',
  },
});
