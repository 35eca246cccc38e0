import { begunHours, daysBetween, timeZone, yearsBetween } from '../../../credential/civil-time.ts';
import type { TimeZone } from '../../../credential/civil-time.ts';
import type { Credential } from '../../../credential/credential.ts';
import { readHealthRecord } from '../../../credential/health-record.ts';
import type { HealthRecord, TestResult } from '../../../credential/health-record.ts';
import { isToCome, testFacts } from '../../../credential/test-facts.ts';
import type { Moment, TestKindFacts } from '../../../credential/test-facts.ts';
import { countedDoses, vaccinationFacts } from '../../../credential/vaccination-facts.ts';
import type { CountedDose, VaccinationFacts } from '../../../credential/vaccination-facts.ts';
import type { Codebook } from '../../../credential/value-set.ts';
import { ATTESTATIONS } from '../../../contracts/attestation.ts';
import type { TrustEntry } from '../trust.ts';
import type { Rule } from './rule-set.ts';

/** What is asked about: a card, who issued it, and when. */
export interface Question {
  readonly credential: Credential;
  readonly entry: IssuerFacts;
  /** Seconds since 1970. */
  readonly at: number;
  readonly event: number | undefined;
}

/** What rules may know of an issuer, from the registry. */
export interface IssuerFacts {
  readonly issuer: Pick<TrustEntry['issuer'], 'attestations'>;
  readonly jurisdiction: Pick<TrustEntry['jurisdiction'], 'code'>;
}

/** What CertLogic is given: `payload` is about the card, `external` about the moment and the value set. */
export interface LogicData {
  readonly payload: HealthPayload;
  readonly external: External;
}

interface External {
  /** Instants as RFC 3339 in UTC; null without an event. */
  readonly validationClock: string;
  readonly event: string | null;
  readonly today: string;
  readonly numbers: Readonly<Record<string, number>>;
}

const NO_RECORD: HealthRecord = { doses: [], tests: [], unread: { doses: 0, tests: 0 } };

/** The card as rules see it, by a rule set's zone and value set. */
export function logicData(question: Question, zoneName: string, codebook: Codebook): LogicData {
  const zone = timeZone(zoneName);
  const { at, event } = question;
  return {
    payload: new HealthPayload(question, zone, codebook),
    external: {
      get validationClock() {
        return dateTime(at);
      },
      get event() {
        return event === undefined ? null : dateTime(event);
      },
      today: zone.dateOf(at),
      numbers: codebook.numbers,
    },
  };
}

/** CertLogic reads whole seconds; a moment within one is the second that has begun. */
function dateTime(seconds: number): string {
  return `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}

/**
 * The fields that rules may look at (`payload-fields.ts` names them). Each is worked out when it is first looked at: a
 * rule about tests costs nothing where only doses are asked for.
 */
class HealthPayload {
  readonly form: string;
  readonly profile: string;
  readonly passType: string | null;
  readonly birthDate: string | null;
  readonly issuer: {
    readonly jurisdiction: string;
    readonly attested: Readonly<Record<string, boolean>>;
  };
  readonly #question: Question;
  readonly #moment: Moment;
  readonly #codebook: Codebook;
  readonly #today: string;
  #record: HealthRecord | undefined;
  #counted: readonly CountedDose[] | undefined;
  #vaccination: VaccinationFacts | undefined;
  #tests: Readonly<Record<string, TestKindFacts>> | undefined;

  constructor(question: Question, zone: TimeZone, codebook: Codebook) {
    const { credential, entry, at, event } = question;
    this.form = credential.form;
    this.profile = credential.profile;
    this.passType = credential.passType ?? null;
    this.birthDate = credential.subject?.birthDate ?? null;
    this.issuer = {
      jurisdiction: entry.jurisdiction.code,
      get attested() {
        return attestedBy(entry.issuer.attestations);
      },
    };
    this.#question = question;
    this.#moment = { now: at, event, zone };
    this.#codebook = codebook;
    this.#today = zone.dateOf(at);
  }

  get age(): number | null {
    // A birth date that is known to the year or month has no age on a day.
    return this.birthDate?.length === 10 ? yearsBetween(this.birthDate, this.#today) : null;
  }

  get issued(): { readonly date: string; readonly daysSince: number; readonly hoursSince: number } {
    const { nbf } = this.#question.credential;
    const { zone, now } = this.#moment;
    const date = zone.dateOf(nbf);
    return {
      date,
      daysSince: daysBetween(date, this.#today),
      hoursSince: begunHours(now - nbf),
    };
  }

  get vaccination(): VaccinationFacts {
    return (this.#vaccination ??= vaccinationFacts(this.#doses, this.#today));
  }

  get tests(): Readonly<Record<string, TestKindFacts>> {
    return (this.#tests ??= testFacts(this.#healthRecord.tests, this.#codebook, this.#moment));
  }

  get doses(): readonly object[] {
    return this.#doses.map(({ dose, vaccine }) => ({
      date: dose.date,
      daysSince: daysBetween(dose.date, this.#today),
      product: vaccine.product,
      dosesInSeries: vaccine.dosesInSeries,
    }));
  }

  get results(): readonly object[] {
    const { now } = this.#moment;
    // "No older than three days" is true of a sample of tomorrow: of results to come only a positive one counts.
    const told = this.#healthRecord.tests.filter(
      (test) => test.result === 'positive' || !isToCome(test, this.#moment),
    );
    return told.map(({ date, at, codes, result }) => ({
      date,
      daysSince: daysBetween(date, this.#today),
      hoursSince: at === null ? null : begunHours(now - at),
      result,
      kinds: this.#kindsOf(codes),
    }));
  }

  /** Whether the record holds anything that a rule of that type is about; no field of the payload. */
  isAbout(type: Rule['CertificateType']): boolean {
    const { doses, tests, unread } = this.#healthRecord;
    if (type === 'General') return true;
    return type === 'Vaccination' ? doses.length + unread.doses > 0 : tests.length + unread.tests > 0;
  }

  get unread(): HealthRecord['unread'] {
    return this.#healthRecord.unread;
  }

  /** Every kind by its name, so that one named as what every object has by birth is not true of all results. */
  #kindsOf(codes: TestResult['codes']): Readonly<Record<string, boolean>> {
    const own = this.#codebook.testKindsOf(codes);
    return Object.fromEntries(this.#codebook.testKinds.map((kind) => [kind, own.includes(kind)]));
  }

  get #doses(): readonly CountedDose[] {
    return (this.#counted ??= countedDoses(
      this.#healthRecord.doses,
      this.#codebook,
      this.birthDate,
      this.#today,
    ));
  }

  get #healthRecord(): HealthRecord {
    const { bundle } = this.#question.credential;
    return (this.#record ??=
      bundle === undefined ? NO_RECORD : readHealthRecord(bundle, this.#moment.zone.dateOf));
  }
}

/** By the names of the bits. */
function attestedBy(bits: number): Readonly<Record<string, boolean>> {
  return Object.fromEntries(ATTESTATIONS.map((name, bit) => [name, ((bits >>> bit) & 1) === 1]));
}
