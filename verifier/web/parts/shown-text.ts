/** Controls, bidirectional marks and invisible characters: what could make one name look like another, or draw over it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
/** Marks that stand on one letter beyond these are a tower that reaches out of its line. */
const TOWER = /(\p{M}{4})\p{M}+/gu;
const MAX_SHOWN = 120;

/** Text of a card or a registry made fit to be shown in one line: whole characters, of bounded length. */
export function shownText(text: string, most = MAX_SHOWN): string {
  const seen = text
    .slice(0, 10 * most)
    .replace(UNSEEN, ' ')
    .replace(TOWER, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
  const shown = Array.from(seen);
  return shown.length <= most ? shown.join('') : `${shown.slice(0, most - 1).join('')}…`;
}
