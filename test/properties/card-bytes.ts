import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { FormatError } from '../../credential/errors.ts';
import { encodeCardUri, parseCardUri } from '../../credential/shc-uri.ts';
import { encodeCardFile, parseCardFile } from '../../credential/smart-health-card-file.ts';
import { StatusList } from '../../credential/status-list.ts';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import {
  anchoredBits,
  anchoredTrust,
  decide,
  mintCard,
  mintPass,
  newKey,
  pass,
  trustDocument,
  trustedKey,
} from '../support/cards.ts';
import { mintLegacyVc, mintVc } from '../support/presentations.ts';
import type { Property } from './run.ts';
import { card } from './seeds.ts';

const key = newKey();
const { data, anchor } = anchoredBits(key, new StatusList(1));
const trust = anchoredTrust(
  trustDocument({ keys: [trustedKey(key, { revocation: 'bits' })], anchors: [anchor], lists: [data] }),
);

/** A whole card as it is shown, and how a verifier comes from there to the token. */
interface Shown {
  readonly name: string;
  readonly text: string;
  readonly read: (text: string) => Evidence;
}

const asIs = (text: string): Evidence => ({ text });
const fromQr = (text: string): Evidence => parseCardUri(text);
const fromFile = (text: string): Evidence => ({ text: parseCardFile(text)[0] ?? '' });

const SHOWN: readonly Shown[] = [
  { name: 'health card', text: mintCard(key, card), read: asIs },
  { name: 'pass', text: mintPass(key), read: asIs },
  { name: 'vc+jwt', text: mintVc(key, card), read: asIs },
  { name: 'VCDM 1.1 JWT', text: mintLegacyVc(key, pass()), read: asIs },
  { name: 'shc:/ text', text: encodeCardUri(mintCard(key, card), 'shc'), read: fromQr },
  { name: 'pratique:/ text', text: encodeCardUri(mintPass(key), 'pratique'), read: fromQr },
  { name: 'card file', text: encodeCardFile([mintPass(key)]), read: fromFile },
];

async function answer({ read }: Shown, text: string): Promise<Decision | undefined> {
  try {
    const { text: token, scheme } = read(text);
    return await decide({ text: token, scheme }, trust);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * A card in which one byte is another is refused or is the same card, byte after byte: each is exchanged for that many
 * others, 255 being all.
 */
export const CARD_BYTES: readonly Property[] = SHOWN.map((shown) => ({
  name: shown.name,
  async run(others) {
    const { text } = shown;
    let runs = 0;
    const sound = await answer(shown, text);
    assert.equal(sound?.outcome, 'accepted');
    for (let at = 0; at < text.length; at++) {
      for (const byte of otherBytes(text.charCodeAt(at), others)) {
        const changed = await answer(
          shown,
          text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1),
        );
        if (changed?.outcome === 'accepted') assert.deepEqual(changed, sound, `byte ${at} as ${byte}`);
        runs += 1;
      }
    }
    return { runs };
  },
}));

function otherBytes(byte: number, count: number): readonly number[] {
  const all = Array.from({ length: 255 }, (_, step) => (byte + 1 + step) % 256);
  if (count >= all.length) return all;
  // A change of the lowest bit stays within most alphabets.
  return [byte ^ 1, ...Array.from({ length: count - 1 }, () => all[randomInt(255)] ?? 0)];
}
