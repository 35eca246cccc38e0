/** Controls, bidirectional marks and invisible characters: what could make one name look like another, or turn a line. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
/** Persian and the scripts of India join and part letters by these, between letters. */
const JOINER = /(?<=[\p{L}\p{M}])[\u200c\u200d](?=\p{L})/gu;
/** No script stacks more marks on a letter; a hundred of them reach over the lines above and below. */
const STACKED = /(\p{M}{4})\p{M}+/gu;
/** Stands for a joiner while the others are taken out: no character at all (Unicode, noncharacters). */
const KEPT: Readonly<Record<string, string>> = { '\u200c': '\ufdd0', '\u200d': '\ufdd1' };
const MAX_SHOWN = 200;

/** A text that somebody else wrote, fit to be shown: nothing hidden in it, of bounded length and height. */
export function shownText(text: string, most = MAX_SHOWN): string {
  const plain = text
    .slice(0, 10 * most)
    .replaceAll(/[\ufdd0\ufdd1]/g, '')
    .replaceAll(/[\t\n\r]+/g, ' ')
    .replaceAll(JOINER, (joiner) => KEPT[joiner] ?? '')
    .replaceAll(UNSEEN, '')
    .replaceAll('\ufdd0', '\u200c')
    .replaceAll('\ufdd1', '\u200d')
    .replaceAll(STACKED, '$1');
  const characters = Array.from(plain);
  return characters.length <= most ? plain : `${characters.slice(0, most - 1).join('')}…`;
}
