import { wordsOf } from '../../verifier/pipeline/words.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import { rulesWordsOf } from '../../verifier/pipeline/words/rules.ts';
import type { KeptPass } from './kept-pass.ts';
import type { Shelf } from './shelf.ts';

/** The ids of the passes in which every word of the query is found: in names, issuer, kind of pass or year; all without a word. */
export function searchPasses(
  query: string,
  passes: readonly KeptPass[],
  shelf: Shelf,
  language: Language,
): readonly string[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return passes
    .filter((pass) => {
      const said = folded(saidOf(pass, shelf, language).join(' '));
      return words.every((word) => said.includes(word));
    })
    .map(({ id }) => id);
}

function saidOf({ id, facts }: KeptPass, { people }: Shelf, language: Language): readonly string[] {
  const labels = people.filter(({ passes }) => passes.includes(id)).map(({ label }) => label);
  if (facts === null) return labels;
  const { subject, issuer, profile, passType, nbf } = facts;
  return [
    ...labels,
    subject?.name ?? '',
    subject?.birthDate ?? '',
    issuer.name,
    issuer.jurisdiction,
    wordsOf(language).profiles[profile],
    passType === null ? '' : rulesWordsOf(language).passTypes[passType],
    String(new Date(nbf * 1000).getUTCFullYear()),
  ];
}

/** Without case and accents: a keyboard may lack what an issuer wrote. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
