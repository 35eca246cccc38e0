import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import type { Request } from 'express';
import { namedSubject } from '../../credential/subject.ts';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { NotQualified } from '../card-issuance.ts';
import { findPatient, type PatientSource } from '../records/find-patient.ts';
import type { EntryOrigin, PatientRecord } from '../records/record-source.ts';
import { answeredOnce, askedBy, type CredentialEnvironment } from './credential-endpoints.ts';
import { CARD_PARAMETERS, ISSUE_PARAMETERS, readCardsAsked, type CardsAsked } from './fhir-parameters.ts';
import type { Client } from './clients.ts';
import { IDEMPOTENCY_HEADER, type Answer, type Effect } from './idempotency.ts';
import { patientCard, productsOf } from './patient-cards.ts';
import { PROBLEMS } from './problems.ts';
import { recordLook } from './record-look.ts';
import { needs } from './who-asks.ts';

const FHIR_TYPE = 'application/fhir+json';
const BODY_TYPES = [FHIR_TYPE, 'application/json'];
const OPERATION =
  'http://hl7.org/fhir/uv/smart-health-cards-and-links/OperationDefinition/patient-i-health-cards-issue';
/** FHIR R4 section 2.24.0.1, `id`. */
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
/** Somebody waits. */
const DEADLINE_MS = 10_000;

/** What the FHIR API needs. */
export interface FhirEnvironment extends CredentialEnvironment {
  readonly sources: readonly PatientSource[];
  /** Address of the service, without a slash at the end. */
  readonly base: string;
}

/** `Patient/{id}/$health-cards-issue` (SMART Health Cards 1.4.0), and what a FHIR server says of itself. */
export function fhirEndpoints(environment: FhirEnvironment): readonly Endpoint[] {
  return [
    {
      method: 'get',
      path: '/fhir/metadata',
      summary: 'What this FHIR API can do: one operation.',
      gives: { [FHIR_TYPE]: z.record(z.string(), z.unknown()) },
      problems: [],
      handlers: [
        (_request, response) => {
          response.setHeader('Access-Control-Allow-Origin', '*');
          response.setHeader('Content-Type', FHIR_TYPE);
          response.end(JSON.stringify(capabilities(environment)));
        },
      ],
    },
    {
      method: 'post',
      path: '/fhir/Patient/:id/$health-cards-issue',
      summary: 'Issue health cards from the record of a patient, by the id that a registry has for them.',
      headers: IDEMPOTENCY_HEADER,
      takes: Object.fromEntries(BODY_TYPES.map((type) => [type, ISSUE_PARAMETERS])),
      gives: { [FHIR_TYPE]: CARD_PARAMETERS },
      problems: [
        PROBLEMS.REQUEST_INCOMPLETE,
        PROBLEMS.JSON_INVALID,
        PROBLEMS.BODY_INVALID,
        PROBLEMS.IDEMPOTENCY_KEY_INVALID,
        PROBLEMS.UNAUTHORIZED,
        PROBLEMS.SCOPE_MISSING,
        PROBLEMS.ORIGIN_NOT_ALLOWED,
        PROBLEMS.PATIENT_UNKNOWN,
        PROBLEMS.PATIENT_AMBIGUOUS,
        PROBLEMS.BODY_TOO_LARGE,
        PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
        PROBLEMS.IDEMPOTENCY_KEY_REUSED,
        PROBLEMS.RECORD_INVALID,
        PROBLEMS.NOT_PLAUSIBLE,
        PROBLEMS.CARD_TOO_LARGE,
        PROBLEMS.NOT_READY,
        PROBLEMS.QUOTA_REACHED,
        PROBLEMS.SOURCE_UNAVAILABLE,
        PROBLEMS.STORE_UNAVAILABLE,
        PROBLEMS.BUSY,
      ],
      handlers: [
        mediaGuard(BODY_TYPES),
        needs(environment, 'issue'),
        async (request, response) => {
          const { status, body } = await answeredOnce(environment, request, (json, client) =>
            cardsEffect(environment, request, { asked: readCardsAsked(json), client }),
          );
          response.status(status).setHeader('Content-Type', FHIR_TYPE);
          response.end(JSON.stringify(body));
        },
      ],
    },
  ];
}

/** The tag of the patient of a record. */
function personOf({ cards }: FhirEnvironment['issuer'], { bundle }: PatientRecord): string {
  const { name = '', birthDate } = namedSubject(bundle) ?? {};
  return cards.tagOf({ name, birthDate: birthDate ?? '' });
}

interface Order {
  readonly asked: CardsAsked;
  readonly client: Client;
}

/** A card that was issued, as its own effect leaves it behind. */
const ISSUED = z.object({ jws: z.string() });

/**
 * Issues the cards one by one: each is an effect of its own, once, so that whoever asks again after half of them gets those
 * again, and the rest; the answer to all of them is kept when all are there.
 */
function cardsEffect(environment: FhirEnvironment, request: Request, order: Order): Effect {
  const { issuer, sources, clock, once } = environment;
  const id = String(request.params['id']);
  return async (keep) => {
    const record = ID.test(id) ? await findPatient(sources, id, DEADLINE_MS) : undefined;
    // Whoever gets no card has learnt that there is somebody, too.
    await recordLook(environment, order.client, record === undefined ? [] : [personOf(issuer, record)]);
    if (record === undefined) throw new Problem(PROBLEMS.PATIENT_UNKNOWN);
    const policy = await issuer.policy.counting();
    const cards: { jws: string; origins: readonly EntryOrigin[] }[] = [];
    for (const product of productsOf(order.asked, policy)) {
      const now = clock();
      const card = patientCard(product, record, order.asked, { policy, now });
      if (card === undefined) continue;
      const effect = cardEffect(environment, { ...card, record }, order.client);
      const about = {
        client: order.client.id,
        asked: Buffer.from(`${request.path}\n${JSON.stringify(order.asked)}`),
        now,
      };
      const answer = await orNone(once.once({ ...about, key: keyOf(request, product) }, effect));
      if (answer !== undefined) cards.push({ jws: ISSUED.parse(answer.body).jws, origins: card.origins });
    }
    const body = parametersOf(cards);
    const kept = keep(200, body);
    if (kept.length > 0) await issuer.service.commit(kept);
    return { status: 200, body };
  };
}

function cardEffect(
  { issuer, clock, quotas, metrics }: FhirEnvironment,
  {
    product,
    record,
  }: { readonly product: Parameters<typeof issuer.issueProduct>[0]; readonly record: PatientRecord },
  client: Client,
): Effect {
  return async (keep) => {
    const now = clock();
    const { jws } = await quotas.spend({ client, kind: 'issue', now }, async (spent) =>
      issuer.issueProduct(product, record.bundle, {
        now,
        also: (card) => askedBy(client, card.id, keep(200, { jws: card.jws }), spent()),
      }),
    );
    metrics.issued(product);
    return { status: 200, body: { jws } };
  };
}

/** A window that closed a moment ago is no fault of anybody's. */
async function orNone(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotQualified) return undefined;
    throw error;
  }
}

/** A key of its own for each card of an order that has one. */
function keyOf({ headers: { 'idempotency-key': key } }: Request, product: string): string | undefined {
  if (key === undefined) return undefined;
  return `${createHash('sha256').update(String(key)).digest('base64url')}.${product}`;
}

function parametersOf(
  cards: readonly { readonly jws: string; readonly origins: readonly EntryOrigin[] }[],
): z.infer<typeof CARD_PARAMETERS> {
  const links = cards.flatMap(({ origins }, vcIndex) =>
    origins.flatMap(({ hosted }, at) =>
      hosted === undefined
        ? []
        : {
            name: 'resourceLink' as const,
            part: [
              { name: 'vcIndex' as const, valueInteger: vcIndex },
              { name: 'bundledResource' as const, valueUri: `resource:${at}` },
              { name: 'hostedResource' as const, valueUri: hosted },
            ],
          },
    ),
  );
  const parameter = [
    ...cards.map(({ jws }) => ({ name: 'verifiableCredential' as const, valueString: jws })),
    ...links,
  ];
  // FHIR knows no empty lists.
  return { resourceType: 'Parameters', ...(parameter.length === 0 ? {} : { parameter }) };
}

function capabilities({ issuer, base }: FhirEnvironment): object {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-26',
    kind: 'instance',
    software: { name: 'Pratique' },
    implementation: { description: issuer.identity.name, url: `${base}/fhir` },
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: false,
          service: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                  code: 'SMART-on-FHIR',
                },
              ],
            },
          ],
          description:
            'Tokens of SMART Backend Services with the scope issue; see .well-known/smart-configuration.',
        },
        resource: [{ type: 'Patient', operation: [{ name: 'health-cards-issue', definition: OPERATION }] }],
      },
    ],
  };
}
