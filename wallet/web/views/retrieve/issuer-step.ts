import { element } from '../../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../../verifier/web/parts/said-text.ts';
import { readIssuerAddress } from '../../../retrieval/issuer-address.ts';
import { foreign, stepHeading } from '../parts.ts';
import { paragraph } from '../paragraphs.ts';
import { addressWords, field, stepForm, withForeign } from './flow.ts';
import type { Flow } from './flow.ts';

/** Whether this page came from this machine without TLS, as in a trial. */
export function isTrial(): boolean {
  return location.protocol === 'http:';
}

/** Whom to ask: one of those that the wallet's server names, or any other; and who will be asked, before anybody is. */
export function issuerStep(flow: Flow): readonly Node[] {
  const { wallet, offered, toPerson } = flow;
  const { say } = wallet.speaker;
  const offers = offered();
  let chosen = offers.length === 1 ? offers[0]?.url : undefined;
  const address = element('input', {
    type: 'text',
    inputmode: 'url',
    name: 'address',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    placeholder: 'https://',
  });
  const wrong = element('p', { class: 'field-fault', role: 'alert' });
  const asks = element('div', { 'aria-live': 'polite' });
  const other = field(say('retrieveAddress'), address);
  const read = (): string | undefined => chosen ?? readIssuerAddress(address.value, isTrial());
  const tell = (): void => {
    const issuer = read();
    wrong.replaceChildren();
    other.hidden = chosen !== undefined;
    asks.replaceChildren(
      ...(issuer === undefined
        ? []
        : [withForeign((host) => say('retrieveAsks', { host }), addressWords(issuer), 'strong')]),
    );
  };
  const choose = (issuer: string | undefined) => (): void => {
    chosen = issuer;
    tell();
    if (issuer === undefined) address.focus();
  };
  address.addEventListener('input', tell);
  tell();
  const choices = [
    ...offers.map(({ url, name }) =>
      choiceOf(url === chosen, choose(url), [
        foreign(name),
        element('span', { class: 'small' }, ' · ', foreign(addressWords(url))),
      ]),
    ),
    ...(offers.length === 0 ? [] : [choiceOf(false, choose(undefined), [saidNode(say('retrieveOther'))])]),
  ];
  const heading = stepHeading(say('retrieveIssuer'));
  const content =
    choices.length === 0
      ? [heading]
      : [element('fieldset', { class: 'choices plain' }, element('legend', {}, heading), ...choices)];
  return [
    paragraph(say('retrieveStep', { step: '1' }), 'small'),
    stepForm(flow, say('retrieveNext'), [...content, other, wrong, asks], () => {
      const issuer = read();
      if (issuer === undefined) {
        wrong.replaceChildren(saidNode(say('retrieveAddressWrong')));
        address.focus();
      } else toPerson(issuer);
      return Promise.resolve();
    }),
  ];
}

function choiceOf(isChosen: boolean, choose: () => void, words: readonly Node[]): HTMLElement {
  const input = element('input', { type: 'radio', name: 'issuer', checked: isChosen });
  input.addEventListener('change', choose);
  return element('label', { class: 'choice' }, input, element('span', {}, ...words));
}
