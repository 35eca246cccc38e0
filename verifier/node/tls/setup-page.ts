import { IntlMessageFormat } from 'intl-messageformat';
import { renderAddressQrSvg } from '../../../credential/qr.ts';
import { wordsOf } from '../../pipeline/words.ts';
import { LANGUAGES } from '../../pipeline/words/language.ts';
import type { Language } from '../../pipeline/words/language.ts';
import { html, Html } from './html.ts';
import type { LocalCa } from './local-ca.ts';
import { english } from './setup-words/en.ts';
import { spanish } from './setup-words/es.ts';
import { DEVICES } from './setup-words/table.ts';
import type { SetupWords } from './setup-words/table.ts';
import { traditionalChinese } from './setup-words/zh-Hant.ts';

/** The words of the setup page. They are no part of the table that every page carries: only this one needs them. */
export const SETUP_WORDS: Readonly<Record<Language, SetupWords>> = {
  en: english,
  'zh-Hant': traditionalChinese,
  es: spanish,
};

/**
 * The page that helps a device trust the local CA: one file of HTML with a style beside it and no script.
 *
 * @param origin where devices reach the node, such as https://venue-pc.local:8443
 */
export function setupPage(certificate: LocalCa['certificate'], origin: string, language: Language): string {
  const words = SETUP_WORDS[language];
  const until = new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(certificate.until * 1000);
  const local = new URL('/setup', origin);
  const values = { name: certificate.name, origin, local: local.href, until };
  const say = (message: string): string => String(new IntlMessageFormat(message, language).format(values));

  const { markup } = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${say(words.title)} · Pratique</title>
        <link rel="stylesheet" href="/setup/setup.css" />
      </head>
      <body>
        ${languageLinks(language)}
        <main>
          <h1>${say(words.title)}</h1>
          <p>${say(words.purpose)}</p>
          <section class="meaning">
            <h2>${say(words.meaning.title)}</h2>
            ${bulleted(words.meaning.points.map(say))}
          </section>
          ${checkSection(certificate, origin, words, say)}
          <section>
            <h2>${say(words.download.title)}</h2>
            <ul class="downloads">
              <li><a href="/setup/ca.mobileconfig">${say(words.download.apple)}</a></li>
              <li><a href="/setup/ca.crt">${say(words.download.others)}</a></li>
              <li class="lesser"><a href="/setup/ca.pem">${say(words.download.text)}</a></li>
            </ul>
          </section>
          <section>
            <h2>${say(words.install.title)}</h2>
            ${DEVICES.map((device) => {
              const { name, install } = words.install.devices[device];
              return html`<details>
                <summary>${say(name)}</summary>
                <ol>
                  ${install.map((step) => html`<li>${say(step)}</li>`)}
                </ol>
              </details>`;
            })}
          </section>
          <section>
            <h2>${say(words.remove.title)}</h2>
            <p>${say(words.remove.why)}</p>
            <dl>
              ${DEVICES.map((device) => {
                const { name, remove } = words.install.devices[device];
                return html`<dt>${say(name)}</dt>
                  <dd>${say(remove)}</dd>`;
              })}
            </dl>
          </section>
        </main>
      </body>
    </html> `;
  return markup;
}

function languageLinks(current: Language): Html {
  const links = LANGUAGES.map((language) => {
    const { name } = wordsOf(language);
    const link = html`<a href="/setup?lang=${language}" hreflang="${language}" lang="${language}"`;
    return html`<li>${link}${new Html(language === current ? ' aria-current="page"' : '')}>${name}</a></li>`;
  });
  return html`<nav>
    <ul>
      ${links}
    </ul>
  </nav>`;
}

function checkSection(
  { fingerprint, name }: LocalCa['certificate'],
  origin: string,
  { check, certificateName, validUntil }: SetupWords,
  say: (message: string) => string,
): Html {
  const anchor = `sha256-${fingerprint}`;
  const groups = fingerprint.match(/.{4}/g) ?? [];
  const code = new Html(renderAddressQrSvg(`${origin}/setup#${anchor}`, say(check.code)));
  return html`<section>
    <h2>${say(check.title)}</h2>
    <p>${say(check.why)}</p>
    <div class="check">
      <dl>
        <dt>${say(certificateName)}</dt>
        <dd><bdi>${name}</bdi></dd>
        <dt>${say(check.fingerprint)}</dt>
        <dd class="fingerprint" id="${anchor}">${groups.map((group) => html`<span>${group}</span> `)}</dd>
      </dl>
      <figure>
        ${code}
        <figcaption>${say(check.code)}</figcaption>
      </figure>
    </div>
    <p>${say(validUntil)}</p>
  </section>`;
}

function bulleted(items: readonly string[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}
