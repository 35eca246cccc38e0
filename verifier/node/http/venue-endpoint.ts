import type { Endpoint } from '../../http/endpoint.ts';
import type { HolderRequests } from '../holder-requests.ts';
import type { Venue } from '../venue.ts';
import { VENUE } from './answers.ts';

/** Ids of the set-up codes that count no more, as they are withdrawn by now. */
export type WithdrawnSetups = () => Promise<readonly string[]>;

/** What a venue tells besides its terms. */
interface Besides {
  readonly requests?: Pick<HolderRequests, 'purpose' | 'profiles'> | undefined;
  readonly withdrawn?: WithdrawnSetups | undefined;
}

/**
 * What a scanner that decides by itself has to know besides the trust data: what this venue holds cards to, and what it
 * asks holders.
 */
export function venueEndpoint(
  venue: Venue,
  { requests, withdrawn = async () => Promise.resolve([]) }: Besides = {},
): Endpoint {
  return {
    method: 'get',
    path: '/venue',
    summary: 'What this venue holds cards to, for a scanner that decides by itself.',
    gives: { 'application/json': VENUE },
    problems: [],
    handlers: [
      async (_request, response) => {
        // What cannot be read is answered with a fault: a scanner that was told of none would go on.
        const withdrawnSetups = await withdrawn();
        const { now, rules, allowUnanchored, policy } = venue.terms({});
        const trust = venue.trust();
        const ruleFiles = typeof trust === 'string' ? [] : trust.document.ruleFiles;
        const asks =
          requests === undefined ? null : { purpose: requests.purpose, profiles: requests.profiles };
        response.json({
          now,
          rules,
          allowUnanchored,
          policy: policy ?? null,
          ruleFiles,
          asks,
          withdrawnSetups,
        });
      },
    ],
  };
}
