import { BundleError, FormatError } from '../credential/errors.ts';
import { minimiseBundle, parseBundle, type FhirBundle } from '../credential/fhir-bundle.ts';
import { encodeCardPayload } from '../credential/health-card.ts';
import { readHealthRecord, type HealthRecord } from '../credential/health-record.ts';
import { ridFromIndex } from '../credential/status-list.ts';
import { namedSubject } from '../credential/subject.ts';
import { countedDoses } from '../credential/vaccination-facts.ts';
import { NotQualified, productDraft } from './card-issuance.ts';
import type { CountingPolicy } from './issuance-policy.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerIdentity } from './issuer-identity.ts';
import { NotPlausible } from './plausibility.ts';
import { PRODUCTS, type ProductName } from './products.ts';
import { assertFits, assertSignable } from './signable.ts';

/** What issuing a product would come to, for whoever has to tell the person. */
export type ProductAnswer =
  | {
      readonly product: ProductName;
      readonly qualified: true;
      /** `exp`, Unix seconds; null of a card without an end. */
      readonly until: number | null;
    }
  | {
      readonly product: ProductName;
      readonly qualified: false;
      /** Why: a code of a Disqualification, else of what keeps the record from being signed. */
      readonly reason: string;
      readonly doses: number | null;
      readonly needed: number | null;
      readonly evidenceDay: string | null;
      readonly from: string | null;
    };

/** A dose or a test of a record, as a clerk compares it with a paper. */
export interface RecordFacts {
  readonly doses: readonly {
    readonly date: string;
    /** By the value set; null of a vaccine that is not on it. */
    readonly vaccine: string | null;
    readonly codes: readonly string[];
    readonly performers: readonly string[];
    /** Whether the series counts it. */
    readonly counts: boolean;
  }[];
  readonly tests: readonly {
    readonly date: string;
    /** Unix seconds; null if the time was not written with its zone. */
    readonly at: number | null;
    readonly kinds: readonly string[];
    readonly codes: readonly string[];
    readonly result: string;
    readonly performers: readonly string[];
  }[];
  readonly unread: HealthRecord['unread'];
}

/**
 * What each product would say of a record now, by the very draft that issuing would sign. It gets no key, no signer and no
 * place in a list: a preview that signs was how passes of nobody came about (EU, October 2021).
 *
 * BundleError BUNDLE_MALFORMED. `now` in Unix seconds.
 */
export function checkProducts(
  identity: IssuerIdentity,
  bundle: unknown,
  policy: CountingPolicy,
  now: number,
): readonly ProductAnswer[] {
  const whole = minimiseBundle(parseBundle(bundle));
  return (Object.keys(PRODUCTS) as ProductName[]).map((product) => {
    try {
      assertSignable(whole, now);
      const card = productDraft({ identity }, product, whole, { policy, now })(
        Math.floor(now),
        ridFromIndex(0),
      );
      assertFits(encodeCardPayload(card));
      return { product, qualified: true, until: card.exp ?? null };
    } catch (error) {
      return { product, qualified: false, ...refusalOf(error) };
    }
  });
}

/** The dated facts of a record, by the value set that products count by. `now` in Unix seconds. */
export function recordFacts(
  bundle: FhirBundle,
  { codebook, zone }: CountingPolicy,
  now: number,
): RecordFacts {
  const { doses, tests, unread } = readHealthRecord(minimiseBundle(bundle), zone.dateOf);
  const born = namedSubject(bundle)?.birthDate ?? null;
  const counted = new Set(countedDoses(doses, codebook, born, zone.dateOf(now)).map(({ dose }) => dose));
  return {
    doses: doses.map((dose) => ({
      date: dose.date,
      vaccine: codebook.vaccineOf(dose.codes)?.product ?? null,
      codes: codesOf(dose.codes),
      performers: dose.performers,
      counts: counted.has(dose),
    })),
    tests: tests.map(({ date, at, codes, result, performers }) => ({
      date,
      at,
      kinds: codebook.testKindsOf(codes),
      codes: codesOf(codes),
      result,
      performers,
    })),
    unread,
  };
}

function codesOf(codes: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(codes).flatMap(([system, list]) =>
    list.map((code) => (system === 'other' ? code : `${system} ${code}`)),
  );
}

function refusalOf(
  error: unknown,
): Omit<Extract<ProductAnswer, { qualified: false }>, 'product' | 'qualified'> {
  const nothing = { doses: null, needed: null, evidenceDay: null, from: null };
  if (error instanceof NotQualified) {
    const { reason = error.code, ...said } = error.details;
    return { ...nothing, ...said, reason: String(reason) };
  }
  if (error instanceof NotPlausible) return { ...nothing, reason: error.reason };
  const known = error instanceof BundleError || error instanceof FormatError || error instanceof IssuerError;
  if (!known) throw error;
  return { ...nothing, reason: error.code };
}
