import type { VenueStatus } from '../trust-document.ts';
import { exactly, seconds, shortText, wordOf } from './log-event.ts';
import type { Rows } from './log-event.ts';
import { introduce, known, malformed } from './projection.ts';

/** IIssuerRegistry.VenueStatus, by number. */
const STATUS: readonly (VenueStatus | undefined)[] = [undefined, 'active', 'suspended', 'withdrawn'];

export const PUBLICATION_EVENTS: Rows<
  'VenueRegistered' | 'VenueRenamed' | 'VenueStatusChanged' | 'RulesPublished'
> = {
  VenueRegistered({ venueId, jurisdiction, did, name }, { jurisdictions, venues }) {
    const id = exactly(venueId);
    const { code } = known(jurisdictions, shortText(jurisdiction));
    introduce(venues, id, { id, did, name, jurisdiction: code, status: 'active' });
  },

  VenueRenamed({ venueId, name }, { venues }) {
    const venue = known(venues, exactly(venueId));
    venues.set(venue.id, { ...venue, name });
  },

  VenueStatusChanged(event, { venues }) {
    const venue = known(venues, exactly(event.venueId));
    if (venue.status === 'withdrawn') throw malformed('A log event brings a withdrawn venue back.');
    venues.set(venue.id, { ...venue, status: wordOf(STATUS, event.status) });
  },

  RulesPublished(event, { jurisdictions, rules, versions }) {
    const { code } = known(jurisdictions, shortText(event.jurisdiction));
    const id = shortText(event.id);
    const version = exactly(event.version);
    if (version <= (versions.get(`${code}/${id}`) ?? 0)) {
      throw malformed('A log event publishes rules whose version does not rise.');
    }
    versions.set(`${code}/${id}`, version);
    const digest = /^0x0{64}$/.test(event.digest) ? null : event.digest;
    const validFrom = seconds(event.validFrom);
    rules.push({ jurisdiction: code, id, version, validFrom, digest, uri: event.uri });
  },
};
