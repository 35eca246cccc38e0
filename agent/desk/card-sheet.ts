import type { IssuedCredential, ProductName, QrOutline } from './answers.ts';
import { productText } from './card-table.ts';
import { problemWords, type Desk } from './desk.ts';
import { button, element, facts, foreign } from './elements.ts';
import { momentText } from './moments.ts';

/** A card that was just issued, and what is said with it. */
export interface Sheet {
  readonly card: IssuedCredential['card'];
  readonly product: ProductName;
  readonly until: number | null;
  /** The zone in which it ends at midnight. */
  readonly timeZone: string;
  readonly name: string;
  readonly birthDate: string;
  readonly replaced: boolean;
}

const SVG = 'http://www.w3.org/2000/svg';
/** SMART Health Cards, "File download". */
const FILE_TYPE = 'application/smart-health-card';

/** Shows a card to be scanned, printed or saved; `done` goes back. */
export function showSheet(desk: Desk, place: HTMLElement, sheet: Sheet, done: () => void): void {
  const { words, language, me } = desk;
  const { issued } = words;
  const { card, name, birthDate, product, until, timeZone, replaced } = sheet;
  const heading = element('h2', { tabindex: '-1' }, issued.title);
  const picture = element('div', { class: 'qr', 'aria-busy': 'true' });
  const profile = product.endsWith('-plus') ? 'pass-plus' : 'pass';
  place.replaceChildren(
    element(
      'article',
      { class: 'sheet' },
      heading,
      element(
        'p',
        { class: 'screen-only' },
        `${issued.said} ${replaced ? issued.replaced : ''} ${card.fitsQr ? issued.scan : ''}`,
      ),
      element(
        'div',
        { class: 'sheet-body' },
        card.fitsQr ? picture : element('p', { class: 'notice' }, issued.tooLong),
        facts([
          [issued.name, foreign(name)],
          [issued.born, foreign(birthDate)],
          [issued.product, productText(words, product)],
          [issued.until, until === null ? words.product.noEnd : momentText(until, language, timeZone)],
          [issued.issuer, foreign(me.iss)],
          [issued.number, element('code', {}, card.rid)],
        ]),
      ),
      element(
        'div',
        { class: 'buttons screen-only' },
        card.fitsQr
          ? button(issued.print, { class: 'first' }, () => {
              globalThis.print();
            })
          : null,
        profile === 'pass-plus'
          ? button(issued.save, {}, () => {
              save(card);
            })
          : null,
        button(issued.done, {}, done),
      ),
      element('p', { class: 'hint screen-only' }, issued.once),
    ),
  );
  heading.focus();
  // All of the code on the screen, for whoever holds a telephone over it.
  heading.scrollIntoView({ block: 'start' });
  if (card.fitsQr) void draw(desk, picture, { jws: card.jws, profile });
}

async function draw(
  desk: Desk,
  picture: HTMLElement,
  asked: { readonly jws: string; readonly profile: string },
): Promise<void> {
  try {
    const outline = (await desk.session.post('cards/qr', asked)) as QrOutline;
    picture.replaceChildren(qrElement(outline, desk.words.issued.qr));
  } catch (error) {
    desk.say(problemWords(desk, error), 'bad');
  } finally {
    picture.removeAttribute('aria-busy');
  }
}

/** Black on white in every theme: readers do not find a code that is not. */
function qrElement({ size, path }: QrOutline, name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const attributes = { viewBox: `0 0 ${size} ${size}`, role: 'img', 'shape-rendering': 'crispEdges' };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.setAttribute('aria-label', name);
  for (const [d, fill] of [
    [`M0 0h${size}v${size}H0z`, '#fff'],
    [path, '#000'],
  ] as const) {
    const part = document.createElementNS(SVG, 'path');
    part.setAttribute('d', d);
    part.setAttribute('fill', fill);
    svg.append(part);
  }
  return svg;
}

/** The card as a file for the person's phone (SMART Health Cards, "File download"). */
function save({ jws, rid }: Sheet['card']): void {
  const blob = new Blob([JSON.stringify({ verifiableCredential: [jws] })], { type: FILE_TYPE });
  const address = URL.createObjectURL(blob);
  const link = element('a', { href: address, download: `${rid}.smart-health-card` });
  link.click();
  // The download has begun by the next turn.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 0);
}
