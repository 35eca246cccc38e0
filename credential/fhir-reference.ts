import type { FhirBundle } from './fhir-bundle.ts';
import { isJsonObject } from './json.ts';

/** The place in the bundle of the entry that a reference leads to. */
export type Resolve = (reference: string) => number | undefined;

/** The place in the bundle that a Reference leads to; undefined if it leads to none. */
export function referenceTarget(reference: unknown, resolve: Resolve): number | undefined {
  const url = isJsonObject(reference) ? reference['reference'] : undefined;
  return typeof url === 'string' ? resolve(url) : undefined;
}

/**
 * Resolves references inside a bundle (FHIR R4, Bundle §2.36.4.1): by `fullUrl`, or relative as `Type/id`; a version in
 * the reference is passed over. A name that two entries bear leads to neither.
 */
export function referenceIndex(bundle: FhirBundle): Resolve {
  const index = new Map<string, number | 'ambiguous'>();
  const add = (name: string, at: number) => {
    const known = index.get(name);
    index.set(name, known === undefined || known === at ? at : 'ambiguous');
  };
  for (const [at, { fullUrl, resource }] of bundle.entry.entries()) {
    if (typeof resource['id'] === 'string') add(`${resource.resourceType}/${resource['id']}`, at);
    if (fullUrl === undefined) continue;
    add(fullUrl, at);
    const relative = /^https?:\/\/.*\/([A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(fullUrl)?.[1];
    if (relative !== undefined) add(relative, at);
  }
  return (reference) => {
    const at = index.get(reference) ?? index.get(reference.replace(/\/_history\/[^/]*$/, ''));
    return at === 'ambiguous' ? undefined : at;
  };
}
