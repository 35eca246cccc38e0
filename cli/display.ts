/** Controls, bidirectional marks and invisible characters: what could make one name look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
const MAX_SHOWN = 120;

/** Text from a card or a registry made fit for a terminal: no controls, no hidden characters, of bounded length. */
export function cleanText(text: string): string {
  const shown = Array.from(text.slice(0, 10 * MAX_SHOWN).replace(UNSEEN, ''));
  return shown.length <= MAX_SHOWN ? shown.join('') : `${shown.slice(0, MAX_SHOWN - 1).join('')}…`;
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
