import { wordsOf } from '../words.ts';
import type { Language } from './language.ts';
import { rulesWordsOf } from './rules.ts';
import type { PassType, Profile } from '../../../credential/health-card.ts';
import { PAPER_WORDS } from './paper.ts';

/** The languages of a paper, the first on top. */
export type PaperLanguages = readonly [Language, Language];

/** What a paper says of its card, as verified. */
export interface PaperCard {
  readonly name: string;
  /** Null where the issuer knew none. */
  readonly birthDate: string | null;
  readonly profile: Profile;
  readonly passType: PassType | null;
  /** By the registry. */
  readonly issuer: string;
  /** Unix seconds. */
  readonly nbf: number;
  readonly exp: number | null;
}

/** One fact: what it is, in both languages, and what it says. */
export interface PaperFact {
  readonly label: string;
  readonly value: string;
}

/** The texts of one card's paper. */
export interface PaperText {
  /** In both languages. */
  readonly kind: string;
  readonly name: string;
  readonly facts: readonly PaperFact[];
  readonly notes: readonly string[];
}

/**
 * Put a card into words: those of the issuer's print and of the wallet's alike.
 *
 * @param timeZone IANA name of the zone that its times are told in
 */
export function paperText(card: PaperCard, languages: PaperLanguages, timeZone: string): PaperText {
  const both = (say: (language: Language) => string): string => [...new Set(languages.map(say))].join(' · ');
  const label = (name: keyof (typeof PAPER_WORDS)['en']): string =>
    both((language) => PAPER_WORDS[language][name]);
  const { profile, passType, name, birthDate, issuer, nbf, exp } = card;
  return {
    kind: both((language) =>
      passType === null ? wordsOf(language).profiles[profile] : rulesWordsOf(language).passTypes[passType],
    ),
    name,
    facts: [
      { label: label('born'), value: birthDate ?? '–' },
      { label: label('until'), value: exp === null ? label('noEnd') : moment(exp, timeZone) },
      { label: label('issued'), value: moment(nbf, timeZone) },
      { label: label('issuer'), value: issuer },
    ],
    notes: languages.flatMap((language) => [`${PAPER_WORDS[language].show} ${PAPER_WORDS[language].keep}`]),
  };
}

/** A moment to the minute, as everybody reads it the same (ISO 8601), with its zone. */
function moment(seconds: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  const parts = new Map(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}
