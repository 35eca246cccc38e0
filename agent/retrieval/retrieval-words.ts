import type { Disqualification } from '../qualification.ts';
import type { MessageLanguage } from './code-message.ts';

/** What a resident may be told who gets no card. */
export type RetrievalSaid =
  | Disqualification
  | 'NOTHING_ATTESTED'
  | 'CODE_WRONG'
  | 'RETRIEVAL_ENDED'
  | 'RETRIEVAL_INVALID'
  | 'RETRIEVAL_LIMITED'
  | 'RETRIEVAL_LOCKED'
  | 'PROOF_INVALID'
  | 'HOLDER_NOT_BOUND'
  | 'NOT_READY'
  | 'STORE_UNAVAILABLE'
  | 'RECORD_INVALID'
  | 'NOT_PLAUSIBLE'
  | 'TOO_MANY_CARDS'
  | 'CARD_TOO_LARGE'
  | 'CORRECTION_INVALID'
  | 'CORRECTION_UNKNOWN';

/** A plain sentence for each, and what to do; none says whether anybody is on record. */
export const RETRIEVAL_WORDS: Readonly<Record<MessageLanguage, Readonly<Record<RetrievalSaid, string>>>> = {
  en: {
    NO_ACCEPTED_DOSE: 'Your record holds no dose of an accepted vaccine.',
    SERIES_INCOMPLETE: 'Your record does not hold all doses that are needed yet.',
    NO_NEGATIVE_RESULT: 'Your record holds no negative result of this test.',
    TEST_TIME_MISSING:
      'Your record does not say at what time the test was taken. Ask the place that tested you.',
    POSITIVE_RESULT: 'Your record holds a positive result, or one that cannot be read.',
    TOO_EARLY: 'It is too early for this pass.',
    WINDOW_OVER: 'The time for this pass is over.',
    NOTHING_ATTESTED: 'Your record holds no vaccination and no test yet.',
    CODE_WRONG: 'This is not the code that was sent. Look at the message once more.',
    RETRIEVAL_ENDED: 'This code is over or used up. Please ask for a new one.',
    RETRIEVAL_INVALID:
      'Please write your name, your date of birth, your ZIP code of five digits or your code of eight digits once more.',
    RETRIEVAL_LIMITED: 'There were too many tries. Please try again later.',
    RETRIEVAL_LOCKED: 'There were too many wrong codes. Please send a correction request; we will help you.',
    PROOF_INVALID: 'Your wallet could not show that it is yours. Please try again.',
    HOLDER_NOT_BOUND: 'This pass is bound to no wallet. Please ask for it without one.',
    NOT_READY: 'We cannot issue passes at the moment. Your code is not lost: try again in a few minutes.',
    STORE_UNAVAILABLE: 'We cannot issue passes at the moment. Please try again in a few minutes.',
    RECORD_INVALID:
      'Your record has a fault, and no pass can be made of it. Please send a correction request.',
    NOT_PLAUSIBLE:
      'Something in your record cannot be right, and no pass is made of it. Please send a correction request.',
    TOO_MANY_CARDS:
      'You have been given this pass many times lately. Please use one of those, or try again tomorrow.',
    CARD_TOO_LARGE: 'Your record is too long for this pass. Please send a correction request.',
    CORRECTION_INVALID: 'This is not a tracking number, or your request is too long.',
    CORRECTION_UNKNOWN: 'There is no request of this number.',
  },
  'zh-Hant': {
    NO_ACCEPTED_DOSE: '您的紀錄中沒有獲認可疫苗的接種。',
    SERIES_INCOMPLETE: '您的紀錄尚未包含所需的全部劑次。',
    NO_NEGATIVE_RESULT: '您的紀錄中沒有這項檢測的陰性結果。',
    TEST_TIME_MISSING: '您的紀錄未註明採檢時間，請洽為您檢測的機構。',
    POSITIVE_RESULT: '您的紀錄中有陽性結果，或無法讀取的結果。',
    TOO_EARLY: '現在還不能領取這種通行證。',
    WINDOW_OVER: '這種通行證的期限已過。',
    NOTHING_ATTESTED: '您的紀錄中尚無任何接種或檢測。',
    CODE_WRONG: '這不是我們送出的驗證碼，請再看一次訊息。',
    RETRIEVAL_ENDED: '此驗證碼已失效或已使用，請重新索取。',
    RETRIEVAL_INVALID: '請重新填寫姓名、出生日期、五位數郵遞區號或八位數驗證碼。',
    RETRIEVAL_LIMITED: '嘗試次數過多，請稍後再試。',
    RETRIEVAL_LOCKED: '驗證碼錯誤次數過多。請送出更正申請，我們會協助您。',
    PROOF_INVALID: '您的錢包無法證明屬於您，請再試一次。',
    HOLDER_NOT_BOUND: '這種通行證不與錢包綁定，請不帶錢包再次索取。',
    NOT_READY: '目前無法簽發通行證。您的驗證碼仍然有效，請幾分鐘後再試。',
    STORE_UNAVAILABLE: '目前無法簽發通行證，請幾分鐘後再試。',
    RECORD_INVALID: '您的紀錄有誤，無法製成通行證，請送出更正申請。',
    NOT_PLAUSIBLE: '您的紀錄中有不可能正確的內容，無法製成通行證，請送出更正申請。',
    TOO_MANY_CARDS: '您最近已多次取得此通行證，請使用已有的通行證，或明天再試。',
    CARD_TOO_LARGE: '您的紀錄過長，無法製成此通行證，請送出更正申請。',
    CORRECTION_INVALID: '這不是申請編號，或您的申請過長。',
    CORRECTION_UNKNOWN: '查無此編號的申請。',
  },
  es: {
    NO_ACCEPTED_DOSE: 'Su registro no contiene ninguna dosis de una vacuna aceptada.',
    SERIES_INCOMPLETE: 'Su registro aún no contiene todas las dosis necesarias.',
    NO_NEGATIVE_RESULT: 'Su registro no contiene ningún resultado negativo de esta prueba.',
    TEST_TIME_MISSING: 'Su registro no dice a qué hora se tomó la prueba. Pregunte a quien se la hizo.',
    POSITIVE_RESULT: 'Su registro contiene un resultado positivo o uno que no se puede leer.',
    TOO_EARLY: 'Todavía es pronto para este pase.',
    WINDOW_OVER: 'El plazo para este pase ha terminado.',
    NOTHING_ATTESTED: 'Su registro aún no contiene ninguna vacuna ni prueba.',
    CODE_WRONG: 'Este no es el código enviado. Mire el mensaje otra vez.',
    RETRIEVAL_ENDED: 'Este código ha caducado o ya se usó. Pida uno nuevo.',
    RETRIEVAL_INVALID:
      'Escriba de nuevo su nombre, su fecha de nacimiento, su código postal de cinco cifras o su código de ocho cifras.',
    RETRIEVAL_LIMITED: 'Hubo demasiados intentos. Inténtelo más tarde.',
    RETRIEVAL_LOCKED:
      'Hubo demasiados códigos equivocados. Envíe una solicitud de corrección y le ayudaremos.',
    PROOF_INVALID: 'Su cartera no pudo demostrar que es suya. Inténtelo de nuevo.',
    HOLDER_NOT_BOUND: 'Este pase no se vincula a ninguna cartera. Pídalo sin ella.',
    NOT_READY: 'Ahora no podemos emitir pases. Su código no se pierde: inténtelo dentro de unos minutos.',
    STORE_UNAVAILABLE: 'Ahora no podemos emitir pases. Inténtelo dentro de unos minutos.',
    RECORD_INVALID:
      'Su registro tiene un error y no se puede hacer un pase con él. Envíe una solicitud de corrección.',
    NOT_PLAUSIBLE:
      'Algo en su registro no puede ser correcto y no se hace un pase con él. Envíe una solicitud de corrección.',
    TOO_MANY_CARDS: 'Ha recibido este pase muchas veces últimamente. Use uno de ellos o inténtelo mañana.',
    CARD_TOO_LARGE: 'Su registro es demasiado largo para este pase. Envíe una solicitud de corrección.',
    CORRECTION_INVALID: 'Este no es un número de seguimiento, o su solicitud es demasiado larga.',
    CORRECTION_UNKNOWN: 'No hay ninguna solicitud con este número.',
  },
};
