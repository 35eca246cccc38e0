import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf, codeOf, openDoor, paste, pressBig, verdictOn } from './door.ts';

/** The chunks of a card that is cut at these places, as issuers wrote them before one code could hold it. */
function chunksOf(jws: string, ...cuts: readonly number[]): readonly string[] {
  const bounds = [0, ...cuts, jws.length];
  const total = cuts.length + 1;
  return Array.from({ length: total }, (_, place) =>
    encodeCardUri(jws.slice(bounds[place], bounds[place + 1]), 'shc').replace(
      'shc:/',
      `shc:/${place + 1}/${total}/`,
    ),
  );
}

const NORA = cardOf({ given: 'Nora', family: 'Chunk' });
const MAX = cardOf({ given: 'Max', family: 'Other' });

test(
  'a camera that sees one chunk after the other says how many there are, and then decides',
  { skip: withoutChromium },
  async () => {
    // The last comes twice: it is seen, and nothing changes.
    const [one, two, three] = chunksOf(NORA, 250, 500);
    const film = [one, three, three, two].map((text = '') => ({
      picture: codeOf(text, 5),
      frames: 15,
    }));
    const door = await openDoor({ film });
    try {
      await pressBig(door.page);
      await door.page.locator('.hint', { hasText: 'Part 2 of 3. Now show the next code.' }).waitFor();
      assert.equal((await verdictOn(door.page, 'accepted')).name, 'Nora Chunk');
    } finally {
      await door.close();
    }
    assert.deepEqual(door.complaints, []);
  },
);

test('chunks of two guests make nobody’s card, and nobody a forger', { skip: withoutChromium }, async () => {
  const door = await openDoor();
  try {
    // Cut so that everything but the signature is one guest's, and the signature the other's.
    const [content] = chunksOf(NORA, NORA.lastIndexOf('.'));
    const [, signature] = chunksOf(MAX, MAX.lastIndexOf('.'));
    await paste(door.page, [content, signature].join('\n'));
    assert.match((await verdictOn(door.page, 'unreadable')).reason ?? '', /Parts of the card are missing/);
  } finally {
    await door.close();
  }
  assert.deepEqual(door.complaints, []);
});
