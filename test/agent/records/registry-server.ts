import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

import type { FhirBundle, FhirResource } from '../../../credential/fhir-bundle.ts';
import { patientOf } from '../../../agent/records/candidate.ts';

export interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly parameters: URLSearchParams;
}

/** Answers instead of the registry; true if it did. */
export type Intercept = (asked: AskedRequest, response: ServerResponse, own: string) => boolean;

export interface RegistryServer {
  /** The base address of its FHIR API. */
  readonly base: string;
  readonly origin: string;
  readonly asked: AskedRequest[];
}

/** Accents and case aside, as FHIR R4 §3.1.1.4.5 has servers search strings. */
const plain = (value: string): string => value.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** A registry that speaks the FHIR R4 search over these records. */
export async function registryServer(
  t: TestContext,
  records: readonly FhirBundle[],
  { pageSize = 100, intercept = () => false }: { pageSize?: number; intercept?: Intercept } = {},
): Promise<RegistryServer> {
  const asked: AskedRequest[] = [];
  const kept: (() => readonly FhirResource[])[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', origin);
    const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : url.searchParams;
    const { authorization } = request.headers;
    const one = { method: request.method ?? '', path: url.pathname, authorization, parameters: form };
    asked.push(one);
    if (intercept(one, response, origin)) return;
    const page = form.get('_getpages');
    const offset = Number(form.get('_offset') ?? 0);
    const [type = ''] = url.pathname.replace('/fhir/', '').split('/');
    const found = page === null ? search(records, type, form) : (kept[Number(page)]?.() ?? []);
    const at = page === null ? kept.push(() => found) - 1 : Number(page);
    const end = offset + pageSize;
    send(response, 200, {
      resourceType: 'Bundle',
      type: 'searchset',
      total: found.length,
      link: [
        { relation: 'self', url: `${origin}/fhir/${type}` },
        ...(end < found.length
          ? [{ relation: 'next', url: `${origin}/fhir?_getpages=${at}&_offset=${end}` }]
          : []),
      ],
      entry: found
        .slice(offset, end)
        .map((resource) => ({ fullUrl: `${origin}/fhir/x`, resource, search: { mode: 'match' } })),
    });
  }
  return { base: `${origin}/fhir`, origin, asked };
}

export function send(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(json));
}

function search(
  records: readonly FhirBundle[],
  type: string,
  form: URLSearchParams,
): readonly FhirResource[] {
  return records.flatMap((record) => {
    const patient = patientOf(record);
    const id = typeof patient['id'] === 'string' ? patient['id'] : '';
    if (type === 'Patient') return isFound(patient, form) ? [patient] : [];
    if (form.get('patient') !== `Patient/${id}`) return [];
    const member = type === 'Immunization' ? 'patient' : 'subject';
    return record.entry.flatMap(({ resource }) =>
      resource.resourceType === type ? { ...resource, [member]: { reference: `Patient/${id}` } } : [],
    );
  });
}

function isFound(patient: FhirResource, form: URLSearchParams): boolean {
  if (form.has('_id')) return patient['id'] === form.get('_id');
  const names = (patient['name'] ?? []) as { family?: string; given?: string[]; text?: string }[];
  const parts = names.flatMap(({ family = '', given = [], text: whole = '' }) => [family, ...given, whole]);
  const words = (form.get('name') ?? '').split(',').map(plain);
  return (
    patient['birthDate'] === form.get('birthdate') &&
    words.some((word) => parts.some((part) => plain(part).startsWith(word)))
  );
}
