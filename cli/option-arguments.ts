import { InvalidArgumentError } from 'commander';
import { LANGUAGES, lookUp } from '../verifier/pipeline/words/language.ts';
import type { Language } from '../verifier/pipeline/words/language.ts';

/** http or https URLs; commander hands over one value at a time. @throws InvalidArgumentError */
export function httpUrls(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    throw new InvalidArgumentError('It must be an http or https URL, such as http://127.0.0.1:8545.');
  }
  return [...before, text];
}

/** Of up to nine digits. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** The address of a contract, in lower case. @throws InvalidArgumentError */
export function contractAddress(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new InvalidArgumentError('It must be an address: 0x and 40 hexadecimal digits.');
  }
  return text.toLowerCase();
}

/** The kid of a P-256 key, its RFC 7638 thumbprint. @throws InvalidArgumentError */
export function kid(text: string): string {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) {
    throw new InvalidArgumentError('It must be the kid of a key: 43 characters.');
  }
  return text;
}

/** One of the languages that people are spoken to in. @throws InvalidArgumentError */
export function spokenLanguage(tag: string): Language {
  const language = lookUp(tag);
  if (language === undefined) throw new InvalidArgumentError(`It must be one of ${LANGUAGES.join(', ')}.`);
  return language;
}

/** A port to listen on; 0 for any that is free. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('It must be a port: a whole number from 0 to 65535.');
  }
  return Number(text);
}
