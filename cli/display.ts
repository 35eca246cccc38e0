/** Controls, bidirectional marks and invisible characters: what could make one name look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
const MAX_SHOWN = 120;

/** Text from a card or a registry made fit for a terminal: no controls, no hidden characters, of bounded length. */
export function cleanText(text: string, most = MAX_SHOWN): string {
  const shown = Array.from(text.slice(0, 10 * most).replace(UNSEEN, ''));
  return shown.length <= most ? shown.join('') : `${shown.slice(0, most - 1).join('')}…`;
}

/** Scripts whose characters take two columns of a terminal (Unicode annex 11, wide and fullwidth). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/gu;

/** Text of our own tables with spaces after it, so that it fills that many columns of a terminal. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** How many columns of a terminal a text of our own tables takes. */
export function columnsOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

/** JSON in which hidden characters stand as escapes: the same data, and nothing that a terminal would obey. */
export function printableJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(UNSEEN, (found) =>
    found === '\n'
      ? found
      : Array.from({ length: found.length }, (_, at) => escapeUnit(found.charCodeAt(at))).join(''),
  );
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
