import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../../../../verifier/pipeline/words/language.ts';
import { messagesOf } from '../../../../verifier/pipeline/words/message.ts';

test('a message takes the plural of its language', async () => {
  const [en, es, zh] = await Promise.all([messagesOf('en'), messagesOf('es'), messagesOf('zh-Hant')]);
  const one = { cards: 1, accepted: 1 };
  const none = { cards: 12, accepted: 0 };
  assert.deepEqual(
    [en('cards-decided', one), en('cards-decided', none)],
    ['1 card: 1 accepted.', '12 cards: none accepted.'],
  );
  assert.deepEqual(
    [es('cards-decided', one), es('cards-decided', none)],
    ['1 tarjeta: 1 aceptada.', '12 tarjetas: ninguna aceptada.'],
  );
  assert.deepEqual(
    [zh('cards-decided', one), zh('cards-decided', none)],
    ['共 1 張卡，1 張通過。', '共 12 張卡，沒有任何一張通過。'],
  );
});

test('no message leaves anything to be filled in, whatever the numbers', async () => {
  for (const language of LANGUAGES) {
    const say = await messagesOf(language);
    for (const count of [0, 1, 2, 5, 11, 21, 1_000_000]) {
      const text = say('cards-decided', { cards: count, accepted: count });
      assert.doesNotMatch(text, /[{}#]|undefined|NaN/, `${language}: ${text}`);
    }
  }
});
