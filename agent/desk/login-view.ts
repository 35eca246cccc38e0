import type { Me } from './answers.ts';
import { element, field } from './elements.ts';
import { openSession, ServiceProblem, type Session } from './service.ts';
import type { DeskWords } from './words/table.ts';

/** Why the desk was left, if it was. */
export type Farewell = 'locked' | 'idle' | 'refused';

/** Asks for a key until the service knows it; `refused` is told when it does not any more. */
export function showLogin(
  main: HTMLElement,
  words: DeskWords,
  {
    farewell,
    enter,
    refused,
  }: {
    readonly farewell: Farewell | undefined;
    readonly enter: (session: Session, me: Me) => void;
    readonly refused: () => void;
  },
): void {
  const { login, problems } = words;
  const key = element('input', {
    id: 'key',
    type: 'password',
    required: true,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '4000',
  });
  const said = element('p', { class: 'said', role: 'alert' });
  const submit = element('button', { type: 'submit', class: 'first' }, login.enter);
  const form = element(
    'form',
    { class: 'login', novalidate: true },
    field(login.label, key, { hint: login.hint, wide: true }),
    said,
    submit,
    element('p', { class: 'hint' }, login.memory),
  );
  const fail = (text: string): void => {
    said.textContent = text;
    key.setAttribute('aria-invalid', 'true');
    key.focus();
    key.select();
  };
  const tryKey = async (): Promise<void> => {
    said.textContent = '';
    const secret = key.value.trim();
    if (secret === '') {
      fail(login.empty);
      return;
    }
    // The first answer decides, and is no farewell yet.
    let isIn = false;
    const session = openSession(secret, () => {
      if (isIn) refused();
    });
    submit.setAttribute('aria-disabled', 'true');
    try {
      const me = (await session.get('me')) as Me;
      isIn = true;
      key.value = '';
      enter(session, me);
    } catch (error) {
      session.end();
      const code = error instanceof ServiceProblem ? error.code : 'other';
      fail(code === 'UNAUTHORIZED' ? login.wrong : (problems[code] ?? problems['other'] ?? ''));
    } finally {
      submit.removeAttribute('aria-disabled');
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (submit.getAttribute('aria-disabled') !== 'true') void tryKey();
  });
  main.replaceChildren(
    element(
      'div',
      { class: 'entrance' },
      element('h1', {}, login.title),
      farewell === undefined ? null : element('p', { class: 'notice', role: 'status' }, login[farewell]),
      form,
    ),
  );
  key.focus();
}
