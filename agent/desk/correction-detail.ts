import {
  OUTCOMES,
  type Correction,
  type Outcome,
  type PeopleFound,
  type PersonFound,
  type Step,
} from './answers.ts';
import { attempt, may, say, type Desk } from './desk.ts';
import { button, element, facts, field, foreign } from './elements.ts';
import { momentText } from './moments.ts';
import { lookFor } from './people-view.ts';

/** One request: who asks for what, and what is done about it; `changed` is told what became of it. */
export function showCorrection(
  desk: Desk,
  place: HTMLElement,
  correction: Correction,
  changed: (correction: Correction) => void,
): void {
  const { words, language } = desk;
  const said = words.corrections;
  const { number, state, clerk, family, given, birthDate, postalCode, outcome, step, unasked, reach } =
    correction;
  const heading = element('h2', { tabindex: '-1' }, `${said.request} `, element('code', {}, number));
  place.replaceChildren(
    heading,
    facts([
      [words.search.given, foreign(given)],
      [words.search.family, foreign(family)],
      [words.search.born, foreign(birthDate)],
      [words.search.zip, foreign(postalCode)],
      [said.filed, momentText(correction.filedAt, language)],
      [
        said.state,
        element(
          'span',
          {},
          words.states[state],
          clerk === null ? null : element('span', { class: 'lesser' }, whoText(desk, clerk)),
        ),
      ],
      [said.outcome, outcome === null ? null : words.outcomes[outcome]],
      [said.step, step === null ? null : stepText(desk, step)],
      [said.unasked, unasked.length === 0 ? null : foreign(unasked.join(', '))],
      [said.reach, reach === null ? null : foreign(reach)],
    ]),
    element('h3', {}, said.words),
    element('blockquote', {}, foreign(correction.words, 1000)),
    ...actions(desk, correction, changed),
  );
  heading.focus();
}

function actions(
  desk: Desk,
  correction: Correction,
  changed: (correction: Correction) => void,
): readonly HTMLElement[] {
  const { words, session, me } = desk;
  const said = words.corrections;
  const { number, state, clerk, family, given, birthDate: born, postalCode: zip } = correction;
  const find = button(said.find, {}, () => {
    lookFor(desk, { family, given, born, zip });
    desk.show('people');
  });
  const take = (over: boolean): HTMLButtonElement =>
    button(over ? said.takeOver : said.take, { class: 'first' }, (pressed) => {
      void attempt(desk, pressed, async () => {
        const taken = (await session.post('corrections/take', {
          number,
          ...(over ? { over } : {}),
        })) as Correction;
        changed(taken);
        desk.say(said.taken, 'good');
      });
    });
  if (state === 'done' || state === 'refused') return [element('div', { class: 'buttons start' }, find)];
  if (state === 'open') return [element('div', { class: 'buttons start' }, take(false), find)];
  if (clerk !== me.id) {
    return [
      element('p', { class: 'notice' }, said.others),
      element('div', { class: 'buttons start' }, take(true), find),
    ];
  }
  return [...resolveForm(desk, correction, changed), element('div', { class: 'buttons start' }, find)];
}

/** How it ends, and whether the person may try codes again: by the name as asked, and by the records that are the person's. */
function resolveForm(
  desk: Desk,
  correction: Correction,
  changed: (correction: Correction) => void,
): readonly HTMLElement[] {
  const { words, session } = desk;
  const said = words.corrections;
  const isAdmin = may(desk, 'admin');
  const outcome = element(
    'select',
    { id: 'outcome' },
    element('option', { value: '' }, said.choose),
    ...OUTCOMES.filter((one) => isAdmin || one !== 'unlocked').map((one) =>
      element('option', { value: one }, words.outcomes[one]),
    ),
  );
  const unlock = element('input', { type: 'checkbox', id: 'unlock' });
  const missing = element('p', { class: 'said', role: 'alert' });
  const persons = element('div', {});
  const chosen = new Set<PersonFound>();
  const look = button(said.lookUp, { class: 'small' }, (pressed) => {
    void attempt(desk, pressed, async () => {
      const { family, given, birthDate } = correction;
      const found = (await session.post('records/search', { family, given, birthDate })) as PeopleFound;
      chosen.clear();
      persons.replaceChildren(...personChoices(desk, found, chosen));
    });
  });
  outcome.addEventListener('change', () => {
    if (outcome.value === 'unlocked') unlock.checked = true;
  });
  const form = element(
    'form',
    { class: 'resolve', novalidate: true },
    element('h3', {}, said.end),
    field(said.outcome, outcome, { wide: true, hint: said.told }),
    missing,
    isAdmin
      ? element(
          'fieldset',
          {},
          element('legend', {}, said.unlockTitle),
          element('p', { class: 'choice' }, unlock, element('label', { for: 'unlock' }, said.unlock)),
          element('p', { class: 'hint' }, said.unlockHint),
          look,
          persons,
        )
      : element('p', { class: 'hint' }, said.unlockNot),
    element(
      'div',
      { class: 'buttons start' },
      element('button', { type: 'submit', class: 'first' }, said.resolve),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const picked = OUTCOMES.find((one) => one === outcome.value);
    if (picked === undefined) {
      missing.textContent = said.missing;
      outcome.focus();
      return;
    }
    void attempt(desk, form.querySelector<HTMLButtonElement>('[type=submit]'), async () => {
      changed(
        await resolve(desk, correction, {
          outcome: picked,
          unlock: isAdmin && unlock.checked,
          chosen: [...chosen],
        }),
      );
      desk.say(said.resolved, 'good');
    });
  });
  return [form];
}

async function resolve(
  { session }: Desk,
  { number }: Correction,
  {
    outcome,
    unlock,
    chosen,
  }: { readonly outcome: Outcome; readonly unlock: boolean; readonly chosen: readonly PersonFound[] },
): Promise<Correction> {
  const found = chosen.flatMap(({ bundle }) => patientOf(bundle));
  return (await session.post('corrections/resolve', {
    number,
    outcome,
    unlock,
    ...(unlock && found.length > 0 ? { found } : {}),
  })) as Correction;
}

function patientOf(bundle: object): readonly { readonly name: unknown; readonly birthDate: unknown }[] {
  const { entry = [] } = bundle as {
    readonly entry?: readonly { readonly resource: Record<string, unknown> }[];
  };
  return entry.flatMap(({ resource }) =>
    resource['resourceType'] === 'Patient'
      ? [{ name: resource['name'], birthDate: resource['birthDate'] }]
      : [],
  );
}

function personChoices(
  { words }: Desk,
  { people, unasked }: PeopleFound,
  chosen: Set<PersonFound>,
): readonly HTMLElement[] {
  if (people.length === 0) {
    const { open, none } = words.search;
    return [element('p', { class: 'empty' }, unasked.length > 0 ? open : none)];
  }
  return people.map((person, at) => {
    const box = element('input', { type: 'checkbox', id: `unlock-person-${at}` });
    box.addEventListener('change', () => {
      if (box.checked) chosen.add(person);
      else chosen.delete(person);
    });
    const label = element(
      'label',
      { for: box.id },
      foreign(person.names[0] ?? ''),
      ' ',
      foreign([person.birthDate, ...person.postalCodes].join(' · ')),
    );
    return element('p', { class: 'choice' }, box, label);
  });
}

function whoText({ words, me }: Desk, clerk: string): string {
  return clerk === me.id ? words.corrections.byYou : say(words.corrections.byOther, { clerk });
}

function stepText({ words }: Desk, step: string): string {
  return Object.hasOwn(words.steps, step) ? words.steps[step as Step] : step;
}
