import { pageLanguages } from '../../verifier/web/parts/speaker.ts';
import type { PageSpeaker } from '../../verifier/web/parts/speaker.ts';
import { arabic } from './words/ar.ts';
import { bengali } from './words/bn.ts';
import { english } from './words/en.ts';
import { spanish } from './words/es.ts';
import { haitianCreole } from './words/ht.ts';
import { italian } from './words/it.ts';
import { korean } from './words/ko.ts';
import { polish } from './words/pl.ts';
import { russian } from './words/ru.ts';
import { yiddish } from './words/yi.ts';
import { simplifiedChinese } from './words/zh-Hans.ts';
import { traditionalChinese } from './words/zh-Hant.ts';
import type { WalletLanguage, WalletWords } from './words/table.ts';

/** New York's languages; the first three are complete, the others say in their base what they lack. */
export const WALLET_LANGUAGES: readonly WalletLanguage[] = [
  english,
  traditionalChinese,
  spanish,
  simplifiedChinese,
  russian,
  yiddish,
  haitianCreole,
  korean,
  bengali,
  italian,
  polish,
  arabic,
];

/** Says the wallet's words in one language. */
export type Speaker = PageSpeaker<WalletWords>;

export const { speakerOf, preferredTag, missingWords } = pageLanguages(WALLET_LANGUAGES, english);
