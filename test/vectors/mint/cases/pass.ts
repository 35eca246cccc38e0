import { card, HEALTH_CARD, pass, PASS, RECORD } from '../cards.ts';
import { ISSUED, NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const VALID = 'accepted: VALID';

const withSubject = (subject: object): string => pass(key, {}, {}, subject);

export const PASS_FORM = folder('pass', 'Profiles: Pass', {
  text: { why: 'A Pass as its bare JWS.', input: pass(key), expect: VALID },
  'scheme-pratique': {
    why: 'A Pass from a QR code of its own scheme.',
    input: { text: pass(key), scheme: 'pratique' },
    expect: VALID,
  },
  'scheme-shc': {
    why: 'A Pass under shc:/ would be taken for a health card elsewhere.',
    input: { text: pass(key), scheme: 'shc' },
    expect: MALFORMED,
  },
  'health-card-under-shc': {
    why: 'A health card from a QR code of its own scheme.',
    input: { text: card(key), scheme: 'shc' },
    expect: VALID,
  },
  'health-card-under-pratique': {
    why: 'A health card under pratique:/ is mixed up.',
    input: { text: card(key), scheme: 'pratique' },
    expect: MALFORMED,
  },
  'bound-to-a-holder': {
    why: 'A Pass may name the DID of its holder.',
    input: withSubject({ id: 'did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu' }),
    expect: VALID,
  },
  'holder-not-a-did': {
    why: 'A holder that is not a DID could prove nothing.',
    input: withSubject({ id: 'Nora Nobody' }),
    expect: MALFORMED,
  },
  'exp-missing': {
    why: 'A Pass without an end.',
    input: pass(key, { exp: undefined }),
    expect: MALFORMED,
  },
  expired: {
    why: 'A Pass whose end is past.',
    input: pass(key, { exp: NOW - 1 }),
    expect: 'rejected: EXPIRED',
  },
  'rid-missing': {
    why: 'A Pass that could not be revoked.',
    input: pass(key, {}, { rid: undefined }),
    expect: MALFORMED,
  },
  'payload-member-more': {
    why: 'A Pass carries nothing that staff do not see.',
    input: pass(key, { sub: 'did:example:1' }),
    expect: MALFORMED,
  },
  'vc-member-more': {
    why: 'The same inside vc.',
    input: pass(key, {}, { issuanceDate: ISSUED }),
    expect: MALFORMED,
  },
  'clinical-data': {
    why: 'A Pass says nothing clinical.',
    input: withSubject({ ...RECORD }),
    expect: MALFORMED,
  },
  'name-member-more': {
    why: 'The name has two members.',
    input: withSubject({ name: { family: 'Nobody', given: ['Nora'], prefix: ['Dr'] } }),
    expect: MALFORMED,
  },
  'family-blank': {
    why: 'A family name of white space.',
    input: withSubject({ name: { family: ' ', given: ['Nora'] } }),
    expect: MALFORMED,
  },
  'given-text': {
    why: 'Given names are a list.',
    input: withSubject({ name: { family: 'Nobody', given: 'Nora' } }),
    expect: MALFORMED,
  },
  'birth-date-not-a-day': {
    why: '1981 was no leap year.',
    input: withSubject({ birthDate: '1981-02-29' }),
    expect: MALFORMED,
  },
  'birth-date-partial': {
    why: 'A year alone is not compared with an ID.',
    input: withSubject({ birthDate: '1980' }),
    expect: MALFORMED,
  },
  'pass-type-unknown': {
    why: 'There are three kinds of Pass.',
    input: withSubject({ passType: 'recovery' }),
    expect: MALFORMED,
  },
  'type-more': {
    why: 'A Pass has one type.',
    input: pass(key, {}, { type: ['VerifiableCredential', PASS] }),
    expect: MALFORMED,
  },
  'health-card-type-with-pass-content': {
    why: 'A Pass that calls itself a health card holds no record.',
    input: pass(key, {}, { type: [HEALTH_CARD] }),
    expect: MALFORMED,
  },
  revoked: {
    why: 'A Pass is revoked by its index like any card.',
    input: pass(KEYS.bits, {}, { rid: 'AAAACQ' }),
    expect: 'rejected: REVOKED',
  },
  'of-a-stranger': {
    why: 'A Pass that somebody made at home.',
    input: { text: pass(KEYS.stranger), scheme: 'pratique' },
    expect: 'rejected: ISSUER_UNKNOWN',
  },
});
