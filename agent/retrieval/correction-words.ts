import type { MessageLanguage } from './code-message.ts';

/** How a correction request ends. */
export const CORRECTION_OUTCOMES = {
  'record-corrected': 'done',
  'contact-corrected': 'done',
  unlocked: 'done',
  'record-is-right': 'refused',
  'identity-not-shown': 'refused',
  'ask-the-provider': 'refused',
} as const;
export type CorrectionOutcome = keyof typeof CORRECTION_OUTCOMES;

/** What the public is told: of a request that is not at its end, where it is. */
export type CorrectionSaid = 'open' | 'in-work' | CorrectionOutcome;

/** A plain sentence for each; none says anything of a person or of what a registry holds. */
export const CORRECTION_WORDS: Readonly<Record<MessageLanguage, Readonly<Record<CorrectionSaid, string>>>> = {
  en: {
    open: 'We have your request, and nobody has begun with it yet.',
    'in-work': 'Somebody is working on your request.',
    'record-corrected': 'Your request is done. Please ask for your pass again.',
    'contact-corrected': 'The way to reach you is corrected. Please ask for your pass again.',
    unlocked: 'You can ask for your pass again.',
    'record-is-right':
      'We looked at it and changed nothing. Please write everything as on your papers, and ask again.',
    'identity-not-shown': 'We could not make sure who you are. Please come with an identity document.',
    'ask-the-provider':
      'Please ask the place that vaccinated or tested you to send your record, and then ask again.',
  },
  'zh-Hant': {
    open: '我們已收到您的申請，尚未開始處理。',
    'in-work': '您的申請正在處理中。',
    'record-corrected': '您的申請已處理完成，請再次索取您的通行證。',
    'contact-corrected': '您的聯絡方式已更正，請再次索取您的通行證。',
    unlocked: '您可以再次索取您的通行證。',
    'record-is-right': '我們查核後未作更改。請依您的文件填寫所有資料，再次索取。',
    'identity-not-shown': '我們無法確認您的身分，請攜帶身分證件親自前來。',
    'ask-the-provider': '請要求為您接種或檢測的機構送出您的紀錄，然後再次索取。',
  },
  es: {
    open: 'Tenemos su solicitud y nadie ha empezado con ella todavía.',
    'in-work': 'Alguien está trabajando en su solicitud.',
    'record-corrected': 'Su solicitud está resuelta. Pida su pase de nuevo.',
    'contact-corrected': 'Hemos corregido la forma de contactarle. Pida su pase de nuevo.',
    unlocked: 'Puede pedir su pase de nuevo.',
    'record-is-right':
      'Lo hemos revisado y no hemos cambiado nada. Escriba todo como en sus papeles y pídalo de nuevo.',
    'identity-not-shown': 'No pudimos comprobar quién es usted. Venga con un documento de identidad.',
    'ask-the-provider': 'Pida a quien le vacunó o le hizo la prueba que envíe su registro y pídalo de nuevo.',
  },
};
