import { encodeBase64url } from '../../../credential/base64url.ts';
import { encodeDeepLink } from '../../../credential/deep-link.ts';
import { renderQrPng } from '../../../credential/qr.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import {
  JURISDICTION,
  anchoredBits,
  DAY,
  ISSUED,
  mintCard,
  mintPass,
  newKey,
  NOW,
  pass,
  trustDocument,
  trustedKey,
} from '../../support/cards.ts';
import { listOf } from '../../support/lists.ts';
import { publishedAs, shippedText, doses } from '../../support/published-rules.ts';
import { mintVc } from '../../support/presentations.ts';
import type { WalletCases } from './cases.ts';

const NY = { code: 'US-NY', name: 'New York', suspended: false };
const RULES = ['US-NY/ENTRY', 'US-NY/COVID-19', 'US-NY/FULLY-VACCINATED'];

/** One of every kind of thing that is added to a wallet. */
export async function walletCases(): Promise<WalletCases> {
  const [issuer, stranger, bits] = [newKey(), newKey(), newKey()];
  const { data, anchor } = anchoredBits(bits, listOf(1, [1]));
  const texts = RULES.map(shippedText);
  const card = mintCard(issuer, { ...doses('2026-03-01', '2026-04-01') });
  const other = mintCard(issuer, {
    fhirBundle: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          fullUrl: 'resource:0',
          resource: {
            resourceType: 'Patient',
            name: [{ family: '陳', given: ['大文'] }],
            birthDate: '2011-01-01',
          },
        },
      ],
    },
  });
  const forged = `${card.slice(0, -5)}${card.endsWith('AAAAA') ? 'BBBBQ' : 'AAAAA'}`;
  const document = trustDocument({
    jurisdictions: [JURISDICTION, NY],
    keys: [trustedKey(issuer), trustedKey(bits, { revocation: 'bits' })],
    rules: texts.map((text) => publishedAs(text)),
    ruleFiles: texts,
    lists: [data],
    anchors: [anchor],
  });
  const revoked = mintPass(bits, { rid: 'AAAAAQ', passType: 'pcr' });
  return {
    document,
    now: NOW,
    cases: [
      { name: 'shc:/ text', input: { text: encodeCardUri(card, 'shc') }, expect: ['kept: VALID'] },
      { name: 'the same card as a JWS', input: { text: card }, expect: ['held'] },
      { name: 'a forged card', input: { text: forged }, expect: ['refused: SIGNATURE_INVALID'] },
      {
        name: 'a forged QR code',
        input: { text: encodeCardUri(forged, 'shc') },
        expect: ['refused: SIGNATURE_INVALID'],
      },
      {
        name: 'a card of an unknown issuer',
        input: { text: mintCard(stranger) },
        expect: ['apart: ISSUER_UNKNOWN'],
      },
      {
        name: 'a Pass in its QR form',
        input: { text: encodeCardUri(mintPass(issuer), 'pratique') },
        expect: ['kept: VALID'],
      },
      {
        name: 'a newer Pass of the same kind, as a VC',
        input: { text: mintVc(bits, pass({ nbf: ISSUED + 60, rid: 'AAAAAg' })) },
        expect: ['kept: VALID'],
      },
      {
        name: 'an expired Pass',
        input: { text: mintPass(issuer, { passType: 'antigen', exp: NOW - 1 }) },
        expect: ['kept: EXPIRED'],
      },
      { name: 'a revoked Pass', input: { text: revoked }, expect: ['kept: REVOKED'] },
      {
        name: 'a deep link with two cards, one forged',
        input: { text: encodeDeepLink([other, forged], 'https://wallet.example/SMARTHealthCard/') },
        expect: ['kept: VALID', 'refused: SIGNATURE_INVALID'],
      },
      {
        name: 'the text of a card file',
        input: { text: encodeCardFile([mintCard(issuer, { nbf: ISSUED - DAY })]) },
        expect: ['kept: VALID'],
      },
      {
        name: 'a picture of a QR code',
        input: {
          picture: encodeBase64url(await renderQrPng(mintCard(issuer, { nbf: ISSUED - 2 * DAY }), 'shc')),
        },
        expect: ['kept: VALID'],
      },
      {
        name: 'one part of a card of two',
        input: { text: 'shc:/1/2/5676290952' },
        expect: ['refused: INCOMPLETE_QR'],
      },
      {
        name: 'a card of a key with a status list, without a place in it',
        input: { text: mintCard(bits) },
        expect: ['refused: MALFORMED'],
      },
      { name: 'a letter', input: { text: 'Dear Sir or Madam' }, expect: ['refused: MALFORMED'] },
      {
        name: 'a web address',
        input: { text: 'https://example.org/' },
        expect: ['refused: UNSUPPORTED_FORMAT'],
      },
    ],
  };
}
