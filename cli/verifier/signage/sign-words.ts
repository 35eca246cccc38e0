import type { Language } from '../../../verifier/pipeline/words/language.ts';

/** What stands on the sign besides the rules, in one language. */
export interface SignWords {
  readonly title: string;
  readonly what: string;
  readonly kept: string;
  readonly bring: string;
  readonly paper: string;
  readonly rules: string;
  readonly noRules: string;
  readonly children: string;
  readonly refused: string;
  /** What stands between two sentences. */
  readonly space: string;
}

/** In each language that everything is said in. */
export const SIGN_WORDS: Readonly<Record<Language, SignWords>> = {
  en: {
    title: 'Health passes are checked here',
    what: 'We scan the code of your pass. We see your name, your birth date, and whether the pass is genuine, valid and within the rules below. We do not see your health record.',
    kept: 'Nothing about you is kept on file, and nobody is told that you were here.',
    bring: 'Please have two things ready: the code of your pass, and an ID with your name and birth date.',
    paper: 'A pass on paper is as good as one on a telephone.',
    rules: 'What we accept',
    noRules: 'Every pass that is genuine, valid today and not revoked.',
    children:
      'Children: a parent or guardian may show a child’s pass. The staff know from which age one is needed.',
    refused:
      'If your pass is refused, ask the staff: they see the reason. Whoever issued the pass can correct it; we cannot.',
    space: ' ',
  },
  'zh-Hant': {
    title: '此處查驗健康通行證',
    what: '我們會掃描您通行證上的 QR 碼。我們只會看到您的姓名、出生日期，以及通行證是否真實、有效並符合下列規則，不會看到您的健康紀錄。',
    kept: '不會留存您的任何紀錄，也不會告訴任何人您來過這裡。',
    bring: '請準備兩樣東西：通行證的 QR 碼，以及載有姓名和出生日期的身分證件。',
    paper: '紙本通行證與手機上的通行證效力相同。',
    rules: '我們接受',
    noRules: '所有真實、今日有效且未被撤銷的通行證。',
    children: '兒童：可由家長或監護人代為出示通行證。幾歲起需要通行證，請詢問工作人員。',
    refused:
      '如果您的通行證未通過，請詢問工作人員，他們看得到原因。通行證上的資料須由核發機關更正，我們無法更改。',
    space: '',
  },
  es: {
    title: 'Aquí se comprueban pases de salud',
    what: 'Escaneamos el código de su pase. Vemos su nombre, su fecha de nacimiento y si el pase es auténtico, válido y cumple las reglas de abajo. No vemos su historial de salud.',
    kept: 'No se guarda ningún registro sobre usted y a nadie se le dice que estuvo aquí.',
    bring:
      'Tenga dos cosas a mano: el código de su pase y un documento de identidad con su nombre y fecha de nacimiento.',
    paper: 'Un pase en papel vale lo mismo que uno en el teléfono.',
    rules: 'Qué aceptamos',
    noRules: 'Todo pase que sea auténtico, válido hoy y no esté revocado.',
    children:
      'Niños: el padre, la madre o un tutor puede mostrar el pase de un niño. El personal sabe desde qué edad hace falta.',
    refused:
      'Si su pase no es aceptado, pregunte al personal, que ve el motivo. Solo quien emitió el pase puede corregirlo; nosotros no.',
    space: ' ',
  },
};
