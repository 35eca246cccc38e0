import { z } from 'zod/v4';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { composeName, isWord, namedSubject } from '../../credential/subject.ts';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { Issuer } from '../issuer.ts';
import { askSources } from '../records/ask-sources.ts';
import { patientOf, zipOf } from '../records/candidate.ts';
import { mergeRecords, sharesOf } from '../records/merge-records.ts';
import type { Candidate, Contact, RecordSource } from '../records/record-source.ts';
import { personsOf, type FoundPerson } from '../retrieval/find-person.ts';
import { CARD_STANDING, cardBody } from './card-body.ts';
import { PERSON_SEARCHED } from './person-body.ts';
import { CLIENT_JSON_PROBLEMS, problemOf, PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import { recordLook, type Looks } from './record-look.ts';
import { clientOf, needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';

const PERSON_FOUND = z.strictObject({
  sources: z
    .array(z.strictObject({ source: z.string(), doses: z.number(), tests: z.number() }))
    .meta({ description: 'Whose records these are; records that share a contact are one person’s.' }),
  names: z.array(z.string()).meta({ description: 'As on record, the one on cards first.' }),
  birthDate: z.string(),
  postalCodes: z.array(z.string()),
  contacts: z
    .array(z.strictObject({ kind: z.enum(['phone', 'email']), hint: z.string() }))
    .meta({ description: 'Where a code would be sent, but for a few characters.' }),
  bundle: z
    .record(z.string(), z.unknown())
    .meta({ description: 'The record, as /credentials/issue takes it.' }),
  cards: z.array(CARD_STANDING).meta({ description: 'Cards of this person, the newest first.' }),
});

const ANSWER = z
  .strictObject({
    people: z.array(PERSON_FOUND),
    elsewhere: z
      .number()
      .meta({ description: 'People of this name and birth date with another ZIP code on record.' }),
    asked: z.array(z.string()).meta({ description: 'Sources that answered.' }),
    unasked: z
      .array(z.strictObject({ source: z.string(), code: z.string() }))
      .meta({ description: 'Sources that did not: whoever is not found may be there.' }),
  })
  .meta({ id: 'PeopleFound' });

/** A clerk waits for it beside the person. */
const DEADLINE_MS = 10_000;

/** What the search of people needs. */
export interface PersonSearchEnvironment extends WhoAsks, Looks {
  readonly sources: readonly RecordSource[];
  readonly readBody: ReadBody;
}

/** `POST /records/search`: what all sources know of a person, for staff who see that person's papers. */
export function personSearchEndpoint(environment: PersonSearchEnvironment): Endpoint {
  const { issuer, sources, readBody } = environment;
  return {
    method: 'post',
    path: '/records/search',
    summary: 'The records of a person in all sources; that somebody looked stands in the audit log.',
    takes: { [JSON_TYPE]: PERSON_SEARCHED },
    gives: { [JSON_TYPE]: ANSWER },
    problems: [...CLIENT_JSON_PROBLEMS, PROBLEMS.QUOTA_REACHED, PROBLEMS.STORE_UNAVAILABLE, PROBLEMS.BUSY],
    handlers: [
      mediaGuard([JSON_TYPE]),
      needs(environment, 'records'),
      async (request, response) => {
        const { data } = PERSON_SEARCHED.safeParse(readJson(await readBody(request)));
        if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
        const { postalCode, ...query } = data;
        const zip = zipOf(postalCode);
        try {
          const asked = issuer.cards.tagOf({
            name: `${query.given} ${query.family}`,
            birthDate: query.birthDate,
          });
          // Whoever looks for somebody and finds nobody has looked, too.
          await recordLook(environment, clientOf(request), [asked]);
          const found = await askSources(sources, query, { deadlineMs: DEADLINE_MS });
          const persons = personsOf(found.candidates).map((person) => readPerson(person, found.candidates));
          const here = persons.filter(({ postalCodes }) => zip === undefined || postalCodes.includes(zip));
          const tags = here.map(({ bundle }) => tagOf(issuer, bundle));
          if (tags.some((tag) => tag !== asked)) await recordLook(environment, clientOf(request), tags);
          const people = await Promise.all(
            here.map(async (person, at) => ({
              ...person,
              cards: (await issuer.cards.ofPerson(tags[at] ?? '')).map(cardBody),
            })),
          );
          const { asked: answered, unasked } = found;
          response.json({ people, elsewhere: persons.length - here.length, asked: answered, unasked });
        } catch (error) {
          throw problemOf(error);
        }
      },
    ],
  };
}

/** What is shown of a person, besides the cards. */
function readPerson(
  { records, contacts }: FoundPerson,
  candidates: readonly Candidate[],
): Omit<z.infer<typeof PERSON_FOUND>, 'cards' | 'bundle'> & { readonly bundle: FhirBundle } {
  const own = candidates.filter(({ bundle }) => records.some((record) => record.bundle === bundle));
  const bundle = mergeRecords(records);
  return {
    sources: [...sharesOf(records)],
    names: [...new Set(own.flatMap(namesOf))],
    birthDate: namedSubject(bundle)?.birthDate ?? '',
    postalCodes: [...new Set(own.flatMap(({ postalCodes }) => postalCodes))],
    contacts: contacts.map(hintOf),
    bundle,
  };
}

/** The tag that a card of this record would keep. */
function tagOf({ cards }: Issuer, bundle: FhirBundle): string {
  const { name = '', birthDate } = namedSubject(bundle) ?? {};
  return cards.tagOf({ name, birthDate: birthDate ?? '' });
}

function namesOf({ bundle }: Candidate): string[] {
  const { name } = patientOf(bundle);
  const listed = isJsonArray(name) ? name.filter(isJsonObject) : [];
  const whole = listed.flatMap(
    ({ given, family, text }) => composeName(given, family) ?? (isWord(text) ? text : []),
  );
  const onCards = namedSubject(bundle)?.name;
  return onCards === undefined ? whole : [onCards, ...whole];
}

/** Enough for the person to say whether it is still theirs, and for nobody else to write to it. */
function hintOf({ kind, value }: Contact): { readonly kind: Contact['kind']; readonly hint: string } {
  if (kind === 'phone') return { kind, hint: `… ${value.slice(-2)}` };
  const at = value.lastIndexOf('@');
  return { kind, hint: `${value.slice(0, 1)}…${value.slice(at)}` };
}
