import { element } from '../../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../../verifier/web/parts/speaker.ts';
import { issuerService } from '../../../retrieval/issuer-service.ts';
import type { IssuerService, PersonTyped } from '../../../retrieval/issuer-service.ts';
import type { OfferedIssuer } from '../../../retrieval/offered-issuers.ts';
import type { PendingRetrieval } from '../../../retrieval/kept-retrieval.ts';
import type { Outcome } from '../../../retrieval/retrieve-passes.ts';
import { RetrievalFault } from '../../../retrieval/retrieval-fault.ts';
import type { Wallet } from '../../context.ts';
import { paragraph } from '../paragraphs.ts';
import { foreign, toneBox } from '../parts.ts';
import { waitWords } from '../wait-words.ts';

/** Getting passes, step by step: what the steps share while the screen is there. */
export interface Flow {
  readonly root: HTMLElement;
  readonly wallet: Wallet;
  /** The services that the wallet's server names, once it said so. */
  readonly offered: () => readonly OfferedIssuer[];
  readonly service: (issuer: string) => IssuerService;
  /** Who was typed: forgotten with the screen. */
  readonly typed: { person: PersonTyped | undefined };
  readonly toIssuer: () => void;
  readonly toPerson: (issuer: string) => void;
  readonly toCode: (pending: PendingRetrieval) => void;
  readonly toOutcomes: (outcomes: readonly Outcome[], pending: PendingRetrieval) => void;
  readonly toCorrection: (issuer: string, retrieval: string | undefined) => void;
  readonly isLeft: () => boolean;
  /** Have something end with the step that is on the screen. */
  readonly whileHere: (stop: () => void) => void;
}

/** A service as this wallet speaks to it. */
export function serviceAt(issuer: string, { speaker }: Wallet): IssuerService {
  return issuerService(issuer, {
    send: async (address, init) => fetch(address, init),
    language: speaker.language.base,
  });
}

/** An address as people read it. */
export function addressWords(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}

/** A sentence with something foreign in it, which is isolated from what stands around. */
export function withForeign(say: (value: string) => Said, value: string, kind?: string): HTMLElement {
  const { text, tag, direction } = say('\u0000');
  const [before = '', after = ''] = text.split('\u0000');
  return element('p', { class: kind, lang: tag, dir: direction }, before, foreign(value), after);
}

/** A field with its name. */
export function field(name: Said, input: HTMLElement, hint?: Said): HTMLElement {
  return element(
    'label',
    { class: 'field' },
    element('span', {}, saidNode(name)),
    input,
    hint === undefined ? undefined : element('span', { class: 'small' }, saidNode(hint)),
  );
}

/** A form that does something when it is sent, once at a time; what failed at the issuer is said above it. */
export function stepForm(
  { wallet, isLeft }: Pick<Flow, 'wallet' | 'isLeft'>,
  action: Said,
  content: readonly Node[],
  act: () => Promise<void>,
): HTMLFormElement {
  const submit = element('button', { type: 'submit', class: 'primary big' }, saidNode(action));
  const said = element('div', { role: 'alert', class: 'fault-place' });
  const form = element('form', { class: 'card' }, said, ...content, submit);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    said.replaceChildren();
    void wallet.attempt(async () => {
      try {
        await act();
      } catch (error) {
        if (!(error instanceof RetrievalFault)) throw error;
        if (!isLeft()) said.replaceChildren(faultBox(error, wallet));
      } finally {
        submit.disabled = false;
      }
    });
  });
  return form;
}

/** Why the issuer did not do it, what to do now, and from when on. */
export function faultBox(
  { code, waitSeconds }: RetrievalFault,
  { speaker }: Pick<Wallet, 'speaker'>,
): HTMLElement {
  const { say } = speaker;
  return toneBox(
    'warn',
    say(code),
    paragraph(say(`${code}_NOW`)),
    waitSeconds === null
      ? undefined
      : paragraph(say('retrieveWait', { time: waitWords(waitSeconds, speaker) }), 'strong'),
  );
}
