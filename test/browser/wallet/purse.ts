import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import { addPasses } from '../../../wallet/passes/pass-box.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import type { TestKey } from '../../support/cards.ts';
import { DAY, mintPass } from '../../support/cards.ts';
import { cardOf, LISTED, NOW, venueOf } from '../venue.ts';
import type { Knowledge } from '../venue.ts';

// What is in a wallet before a test begins.

/** The card of a Pass of a person who does not exist. */
export function passOf(
  { given, family }: { readonly given: string; readonly family: string },
  content: Parameters<typeof mintPass>[1] = {},
  key: TestKey = LISTED,
): string {
  return mintPass(key, {
    nbf: NOW - DAY,
    exp: NOW + 200 * DAY,
    rid: 'rid-1',
    name: { family, given: [given] },
    ...content,
  });
}

export const passUri = (jws: string): string => encodeCardUri(jws, 'pratique');
export const plusUri = (jws: string): string => encodeCardUri(jws, 'shc');

/** Nora has a Pass and a Plus; Theo one Pass each that ended, was revoked, or is to come. */
export const NORA = { given: 'Nora', family: 'Nobody' };
export const THEO = { given: 'Theo', family: 'Nobody' };
export const NORAS_PASS = passUri(passOf(NORA));
export const NORAS_PLUS = plusUri(cardOf(NORA));

/** Put those into a wallet, judged by what the venue knows. */
export function holding(texts: readonly string[], knowledge?: Knowledge) {
  return async (vault: OpenVault): Promise<void> => {
    const trust = venueOf(knowledge).trust();
    const ports = { inflate: inflateRawNode, readPicture };
    for (const text of texts)
      await addPasses(vault, { text }, { trust, now: NOW, allowUnanchored: false }, ports);
  };
}

/** The chunks of a card cut at these places, as issuers wrote them before one code could hold it. */
export function chunksOf(jws: string, ...cuts: readonly number[]): readonly string[] {
  const bounds = [0, ...cuts, jws.length];
  const total = cuts.length + 1;
  return Array.from({ length: total }, (_, place) =>
    plusUri(jws.slice(bounds[place], bounds[place + 1])).replace('shc:/', `shc:/${place + 1}/${total}/`),
  );
}
