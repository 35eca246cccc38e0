/** Languages of what the issuer writes to people. */
export const MESSAGE_LANGUAGES = ['en', 'zh-Hant', 'es'] as const;
export type MessageLanguage = (typeof MESSAGE_LANGUAGES)[number];

/** A message with a one-time code. */
export interface CodeMessage {
  readonly subject: string;
  readonly text: string;
}

/** What a message is made of: nothing of the person, of a record or of a pass. */
export interface MessageFacts {
  readonly language: MessageLanguage;
  /** The issuer's name, as people know it. */
  readonly issuer: string;
  readonly code: string;
  /** Whole minutes for which the code is still good. */
  readonly minutes: number;
}

type Facts = Omit<MessageFacts, 'language'>;

/**
 * One sentence each: the code, how long it is good, never to tell it, and what to do if one did not ask. The code stands
 * last in the subject of no message: a locked phone shows the subject to whoever holds it.
 */
const WORDS: Readonly<Record<MessageLanguage, (facts: Facts) => CodeMessage>> = {
  en: ({ issuer, code, minutes }) => ({
    subject: `Your code from ${issuer}`,
    text: `${issuer}: your code is ${code}. It is good for ${minutes === 1 ? '1 minute' : `${minutes} minutes`}, once. Never tell it to anyone; we will not ask for it. If you did not ask for a code, ignore this message.`,
  }),
  'zh-Hant': ({ issuer, code, minutes }) => ({
    subject: `${issuer}的驗證碼`,
    text: `${issuer}：您的驗證碼是 ${code}，${minutes} 分鐘內有效，僅限使用一次。請勿告訴任何人，我們絕不會向您索取。若您未曾要求驗證碼，請忽略此訊息。`,
  }),
  es: ({ issuer, code, minutes }) => ({
    subject: `Su código de ${issuer}`,
    text: `${issuer}: su código es ${code}. Vale durante ${minutes === 1 ? '1 minuto' : `${minutes} minutos`} y una sola vez. No se lo diga nunca a nadie; nosotros no se lo pediremos. Si no pidió ningún código, ignore este mensaje.`,
  }),
};

/** The message in that language. */
export function codeMessage({ language, ...facts }: MessageFacts): CodeMessage {
  return WORDS[language](facts);
}
