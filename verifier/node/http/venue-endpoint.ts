import type { Endpoint } from '../../http/endpoint.ts';
import type { HolderRequests } from '../holder-requests.ts';
import type { Venue } from '../venue.ts';
import { VENUE } from './answers.ts';

/**
 * What a scanner that decides by itself has to know besides the trust data: what this venue holds cards to, and what it
 * asks holders.
 */
export function venueEndpoint(
  venue: Venue,
  requests?: Pick<HolderRequests, 'purpose' | 'profiles'>,
): Endpoint {
  return {
    method: 'get',
    path: '/venue',
    summary: 'What this venue holds cards to, for a scanner that decides by itself.',
    gives: { 'application/json': VENUE },
    problems: [],
    handlers: [
      (_request, response) => {
        const { now, rules, allowUnanchored, policy } = venue.terms({});
        const trust = venue.trust();
        const ruleFiles = typeof trust === 'string' ? [] : trust.document.ruleFiles;
        const asks =
          requests === undefined ? null : { purpose: requests.purpose, profiles: requests.profiles };
        response.json({ now, rules, allowUnanchored, policy: policy ?? null, ruleFiles, asks });
      },
    ],
  };
}
