import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { cardEndpoints } from './card-endpoints.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { countersEndpoint, type CountersEnvironment } from './counters-endpoint.ts';
import { personSearchEndpoint, type PersonSearchEnvironment } from './person-search.ts';

/** What the desk of clerks asks for besides what every client may. */
export function deskEndpoints(
  environment: PersonSearchEnvironment & CountersEnvironment,
): readonly Endpoint[] {
  return [
    personSearchEndpoint(environment),
    checkEndpoint(environment),
    ...cardEndpoints(environment),
    countersEndpoint(environment),
  ];
}
