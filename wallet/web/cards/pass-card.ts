import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import type { Wallet } from '../context.ts';
import { saidButton } from '../said-button.ts';
import { kindName, kindWords, momentWords, nameNode } from './pass-words.ts';
import { stateChip, stateOf } from './pass-state.ts';

/** A pass as a card, with the way to its code and to what it says. */
export function passCard(shown: ShownPass, wallet: Wallet): HTMLElement {
  const { speaker, go } = wallet;
  const { say } = speaker;
  const { pass, facts } = shown;
  const { id } = pass;
  const state = stateOf(shown);
  const details = saidButton(
    say('details'),
    () => {
      go({ name: 'pass', id });
    },
    { class: 'quiet', 'aria-describedby': `kind-${id}` },
  );
  // Nothing is shown of what nobody vouches for.
  if (facts === null) {
    return element(
      'article',
      { class: 'pass pass-apart', 'data-pass': id },
      element('h3', { class: 'pass-kind', id: `kind-${id}` }, saidNode(say('apartCard'))),
      element(
        'p',
        { class: 'small' },
        saidNode(say('addedOn', { date: momentWords(pass.addedAt, speaker) })),
      ),
      stateChip(state, speaker),
      element('div', { class: 'pass-acts' }, details),
    );
  }
  const { subject, issuer, exp } = facts;
  const show = saidButton(
    say('showCode'),
    () => {
      go({ name: 'show', id });
    },
    { class: 'primary pass-show', 'aria-describedby': `kind-${id}` },
  );
  return element(
    'article',
    { class: `pass pass-${kindName(facts)}`, 'data-pass': id, 'data-dim': state !== 'good' },
    element(
      'header',
      { class: 'pass-head' },
      element('h3', { class: 'pass-kind', id: `kind-${id}` }, saidNode(kindWords(facts, speaker))),
      element('p', { class: 'pass-issuer' }, nameNode(issuer.name)),
    ),
    element(
      'div',
      { class: 'pass-body' },
      // Above what comes from the card: no name can move it.
      stateChip(state, speaker),
      element(
        'p',
        { class: 'pass-name' },
        subject === null ? saidNode(say('nameless')) : nameNode(subject.name),
      ),
      element(
        'p',
        { class: 'pass-until' },
        ...(exp === null
          ? [saidNode(say('endless'))]
          : [saidNode(say('validUntil')), ' ', element('strong', {}, momentWords(exp, speaker))]),
      ),
    ),
    element('div', { class: 'pass-acts' }, show, details),
  );
}
