import type { PassType } from '../../../credential/health-card.ts';
import type { KnownState } from '../rules/known-rules.ts';
import type { Language } from './language.ts';

/** What is said to people about rule sets themselves, in one language; `{name}` stands for a value. */
export interface RulesWords {
  readonly ruleSets: string;
  readonly valueSets: string;
  /** Of documents that are not here, so that nobody knows which they are. */
  readonly unknown: string;
  readonly labels: Readonly<Record<'state' | 'digest' | 'file', string>>;
  /** One plain sentence each. */
  readonly states: Readonly<Record<Exclude<KnownState, 'unusable'>, string>>;
  readonly window: string;
  readonly zone: string;
  readonly valueSet: string;
  readonly needsEvent: string;
  readonly allOf: string;
  readonly oneOf: string;
  readonly only: string;
  readonly base: string;
  readonly takes: string;
  readonly passTypes: Readonly<Record<PassType, string>>;
}

const ENGLISH: RulesWords = {
  ruleSets: 'Rule sets',
  valueSets: 'Value sets',
  unknown: 'Published documents that are not here',
  labels: { state: 'state', digest: 'digest', file: 'file' },
  states: {
    'shipped-only': 'It comes with the program; no jurisdiction has published it here.',
    unanchored: 'It is here, tied to no chain: it counts only where such trust data is allowed.',
    'in-force': 'It is published, in force and here.',
  },
  window: 'It holds from {from} to before {to}.',
  zone: 'Days are those of the time zone {zone}.',
  valueSet: 'Its codes and numbers are those of {name}, version {version}.',
  needsEvent: 'It counts back from an event: say when the event begins.',
  allOf: 'All of these must hold:',
  oneOf: 'One of these is enough:',
  only: 'What is asked:',
  base: 'The rules of {name}, version {version}, must hold as well:',
  takes: 'Card: {kinds}',
  passTypes: { vaccination: 'Vaccination Pass', pcr: 'PCR Test Pass', antigen: 'Antigen Test Pass' },
};

const TRADITIONAL_CHINESE: RulesWords = {
  ruleSets: '規則集',
  valueSets: '代碼與數值集',
  unknown: '已公布但本機沒有的文件',
  labels: { state: '狀態', digest: '摘要', file: '檔案' },
  states: {
    'shipped-only': '隨程式附上；此處沒有任何轄區公布過。',
    unanchored: '在本機，但未與區塊鏈對應：只有允許此類信任資料時才算數。',
    'in-force': '已公布、生效中，且在本機。',
  },
  window: '自 {from} 起生效，至 {to} 為止（不含）。',
  zone: '日期以時區 {zone} 為準。',
  valueSet: '代碼與數值依 {name} {version} 版。',
  needsEvent: '規則從活動時間往前推算：請提供活動開始時間。',
  allOf: '以下各項均須符合：',
  oneOf: '符合以下任一項即可：',
  only: '要求如下：',
  base: '並須符合 {name} {version} 版的規則：',
  takes: '卡片：{kinds}',
  passTypes: { vaccination: '疫苗接種通行證', pcr: 'PCR 檢測通行證', antigen: '抗原檢測通行證' },
};

const SPANISH: RulesWords = {
  ruleSets: 'Conjuntos de reglas',
  valueSets: 'Conjuntos de códigos y números',
  unknown: 'Documentos publicados que no están aquí',
  labels: { state: 'estado', digest: 'resumen', file: 'archivo' },
  states: {
    'shipped-only': 'Viene con el programa; aquí no lo ha publicado ninguna jurisdicción.',
    unanchored:
      'Está aquí, sin vínculo con una cadena de bloques: solo cuenta donde se admiten esos datos de confianza.',
    'in-force': 'Está publicado, en vigor y aquí.',
  },
  window: 'Rige desde {from} hasta antes de {to}.',
  zone: 'Los días son los de la zona horaria {zone}.',
  valueSet: 'Sus códigos y números son los de {name}, versión {version}.',
  needsEvent: 'Cuenta hacia atrás desde un evento: indique cuándo empieza.',
  allOf: 'Debe cumplirse todo lo siguiente:',
  oneOf: 'Basta con una de estas opciones:',
  only: 'Lo que se pide:',
  base: 'Además deben cumplirse las reglas {name}, versión {version}:',
  takes: 'Tarjeta: {kinds}',
  passTypes: {
    vaccination: 'Pase de vacunación',
    pcr: 'Pase de prueba PCR',
    antigen: 'Pase de prueba de antígenos',
  },
};

const TABLES: Readonly<Record<Language, RulesWords>> = {
  en: ENGLISH,
  'zh-Hant': TRADITIONAL_CHINESE,
  es: SPANISH,
};

/** What is said about rule sets in that language; apart from the other words, since few ask for it. */
export function rulesWordsOf(language: Language): RulesWords {
  return TABLES[language];
}
