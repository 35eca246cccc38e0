import type { VectorInput } from '../../../support/vectors.ts';
import { card } from '../cards.ts';
import { NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const MALFORMED = 'unreadable: MALFORMED';
const UNSUPPORTED = 'unreadable: UNSUPPORTED_FORMAT';
const VALID = 'accepted: VALID';

const BASE = 'https://wallet.example/cards';
const good = card(KEYS.plain);
const expired = card(KEYS.plain, { exp: NOW - 1 });
const fragmentOf = (...cards: readonly string[]): string =>
  encodeURIComponent(JSON.stringify({ verifiableCredential: cards }));

/** A link in a file of text, as somebody saved it. */
function link(text: string): VectorInput {
  return { file: { name: 'link.txt', base64: Buffer.from(`${text}\n`).toString('base64') } };
}

export const DEEP_LINK = folder('file/link', 'SMART Health Cards, "via Deep Link"', {
  'one-card': { why: 'A link to a wallet.', input: link(`${BASE}#${fragmentOf(good)}`), expect: VALID },
  'two-cards': {
    why: 'One answer for each card, in their order.',
    input: link(`${BASE}#${fragmentOf(good, expired)}`),
    expect: [VALID, 'rejected: EXPIRED'],
  },
  'not-encoded': {
    why: 'The JSON as it is, which browsers show after the #.',
    input: link(`${BASE}#{"verifiableCredential":["${good}"]}`),
    expect: VALID,
  },
  'no-cards': { why: 'A link to no card.', input: link(`${BASE}#${fragmentOf()}`), expect: MALFORMED },
  'json-broken': {
    why: 'A link that was cut short on its way.',
    input: link(`${BASE}#${fragmentOf(good).slice(0, -9)}`),
    expect: MALFORMED,
  },
  'escape-broken': {
    why: 'A link that is not URL-encoded.',
    input: link(`${BASE}#${fragmentOf(good).slice(0, -1)}`),
    expect: MALFORMED,
  },
  http: {
    why: 'A link that anybody on the way may have written.',
    input: link(`http://wallet.example/cards#${fragmentOf(good)}`),
    expect: UNSUPPORTED,
  },
  'no-fragment': { why: 'An ordinary address.', input: link(BASE), expect: UNSUPPORTED },
  'fragment-of-another-kind': {
    why: 'A link to a SMART Health Link, which is not read here.',
    input: link(`${BASE}#shlink:/eyJ1cmwiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9`),
    expect: UNSUPPORTED,
  },
  'cards-in-the-query': {
    why: 'Cards that every server on the way has read: they stand in the fragment or are none.',
    input: link(`${BASE}?${fragmentOf(good)}`),
    expect: UNSUPPORTED,
  },
});
