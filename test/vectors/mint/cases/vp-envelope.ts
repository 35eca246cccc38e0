import { pass } from '../cards.ts';
import { NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';
import { CHALLENGE, envelope, HOLDER, heldVc, OTHER_HOLDER, vp } from '../vp.ts';

const UNSUPPORTED = 'unreadable: UNSUPPORTED_FORMAT';
const NOT_PROVEN = 'rejected: HOLDER_NOT_PROVEN';
const challenge = CHALLENGE;

/** A Pass in its QR form, bound to a holder. */
const held = (holder = HOLDER, members: object = {}): string => pass(KEYS.plain, members, {}, { id: holder });
const within = (text: string, mediaType: string): string =>
  vp([], { verifiableCredential: [envelope(text, mediaType)] });

export const VP_ENVELOPE = folder('vp/envelope', 'VCDM 2.0 §4.13.1, RFC 7515 §9.2.1', {
  'pass-as-jose': {
    why: 'A bound Pass in its QR form is a JWS of no type of its own.',
    input: within(held(), 'application/jose'),
    challenge,
    expect: 'accepted: VALID',
  },
  'pass-of-another': {
    why: 'It is bound to somebody else.',
    input: within(held(OTHER_HOLDER), 'application/jose'),
    challenge,
    expect: NOT_PROVEN,
  },
  'pass-of-nobody': {
    why: 'A Pass that is bound to nobody proves nobody, whoever signs.',
    input: within(pass(KEYS.plain), 'application/jose'),
    challenge,
    expect: NOT_PROVEN,
  },
  'pass-unasked': {
    why: 'Nobody asked for it.',
    input: within(held(), 'application/jose'),
    expect: NOT_PROVEN,
  },
  'pass-expired': {
    why: 'What a holder proves does not make a Pass last.',
    input: within(held(HOLDER, { exp: NOW - 1 }), 'application/jose'),
    challenge,
    expect: 'rejected: EXPIRED',
  },
  'pass-as-vc': {
    why: 'The envelope of a credential around a card: two readers would take two things from it.',
    input: within(held(), 'application/vc+jwt'),
    challenge,
    expect: UNSUPPORTED,
  },
  'vc-as-jose': {
    why: 'The envelope of a card around a credential.',
    input: within(heldVc(), 'application/jose'),
    challenge,
    expect: UNSUPPORTED,
  },
  'nothing-as-jose': {
    why: 'The envelope of a card around nothing.',
    input: within('', 'application/jose'),
    challenge,
    expect: UNSUPPORTED,
  },
});
