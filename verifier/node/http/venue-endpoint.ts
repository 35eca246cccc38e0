import type { Endpoint } from '../../http/endpoint.ts';
import type { Venue } from '../venue.ts';
import { VENUE } from './answers.ts';

/** What a scanner that decides by itself has to know besides the trust data: what this venue holds cards to. */
export function venueEndpoint(venue: Venue): Endpoint {
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
        response.json({ now, rules, allowUnanchored, policy: policy ?? null, ruleFiles });
      },
    ],
  };
}
