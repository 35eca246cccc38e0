import type { Card, CredentialCheck, IssuedCredential, PersonFound, ProductAnswer } from './answers.ts';
import { askDialog } from './ask-dialog.ts';
import { showSheet, type Sheet } from './card-sheet.ts';
import { cardTable, productText } from './card-table.ts';
import { attempt, say, type Desk } from './desk.ts';
import { element, facts, foreign } from './elements.ts';
import { momentText } from './moments.ts';
import { productTable } from './product-table.ts';
import { recordFacts } from './record-facts.ts';
import { onceKey } from './service.ts';

/** What is kept of a record while it is shown. */
export interface RecordState {
  check: CredentialCheck | undefined;
  cards: Card[];
  sheet: Sheet | undefined;
  /** Idempotency-Keys of what was asked for and has not been seen to be done: asked again, it comes once all the same. */
  readonly asked: Map<string, string>;
  /** Whether a card is being issued right now. */
  issuing: boolean;
}

type Qualified = Extract<ProductAnswer, { readonly qualified: true }>;

/** One person's record: what is on it, what each product says of it, the person's cards. */
export function showRecord(desk: Desk, place: HTMLElement, person: PersonFound, state: RecordState): void {
  const { words, session } = desk;
  const again = (): void => {
    showRecord(desk, place, person, state);
  };
  if (state.sheet !== undefined) {
    showSheet(desk, place, state.sheet, () => {
      state.sheet = undefined;
      again();
      place.querySelector<HTMLElement>('h2')?.focus();
    });
    return;
  }
  const [name = '', ...others] = person.names;
  const bearer = { name, birthDate: person.birthDate };
  const onRecord = element('div', { 'aria-busy': 'true' });
  const products = element('div', { 'aria-busy': 'true' });
  const cards = element('div');

  const issue = (answer: Qualified, replaces: Card | undefined): void => {
    // The second of two clicks must not be a second card.
    if (state.issuing) return;
    state.issuing = true;
    const asked = `${answer.product} ${replaces?.id ?? ''}`;
    const once = state.asked.get(asked) ?? onceKey();
    state.asked.set(asked, once);
    void attempt(desk, null, async () => {
      const credential = { credentialSubject: { fhirBundle: person.bundle } };
      const options = {
        product: answer.product,
        ...(replaces === undefined ? {} : { replaces: replaces.id }),
      };
      const issued = (await session.post(
        'credentials/issue',
        { credential, options },
        once,
      )) as IssuedCredential;
      const [fresh, old] = await Promise.all([
        session.post('cards/show', { id: issued.card.id }) as Promise<Card>,
        replaces === undefined
          ? undefined
          : (session.post('cards/show', { id: replaces.id }) as Promise<Card>),
      ]);
      state.cards = [fresh, ...state.cards.map((card) => (card.id === old?.id ? old : card))];
      const { product, until } = answer;
      state.sheet = {
        card: issued.card,
        product,
        until,
        timeZone: state.check?.timeZone ?? 'UTC',
        name,
        birthDate: person.birthDate,
        replaced: old !== undefined,
      };
      state.asked.delete(asked);
      again();
      desk.say(words.issued.title, 'good');
    }).finally(() => {
      state.issuing = false;
    });
  };
  const askIssue = (answer: Qualified): void => {
    const old = state.cards.find(
      ({ product, state: standing }) => product === answer.product && standing === 'valid',
    );
    if (old === undefined) issue(answer, undefined);
    else
      askReplace(desk, old, () => {
        issue(answer, old);
      });
  };

  const showCards = (): void => {
    cards.replaceChildren(
      element('h3', {}, words.cards.title),
      state.cards.length === 0
        ? element('p', { class: 'empty' }, words.cards.none)
        : cardTable(desk, state.cards, bearer, (changed) => {
            state.cards = state.cards.map((card) => (card.id === changed.id ? changed : card));
            showCards();
            showChecked();
          }),
    );
  };
  const showChecked = (): void => {
    const { check } = state;
    if (check === undefined) return;
    onRecord.replaceChildren(recordFacts(desk, check));
    products.replaceChildren(
      element('h3', {}, words.product.title),
      productTable(desk, check, state.cards, askIssue),
      element(
        'p',
        { class: 'hint' },
        say(words.record.countedBy, { name: check.countedBy, zone: check.timeZone }),
      ),
    );
    for (const part of [onRecord, products]) part.removeAttribute('aria-busy');
  };

  const heading = element('h2', { tabindex: '-1' }, foreign(name));
  place.replaceChildren(
    heading,
    facts([
      [words.search.born, foreign(person.birthDate)],
      [words.record.source, foreign(person.sources.map(({ source }) => source).join(', '))],
      [words.search.zip, person.postalCodes.length === 0 ? null : foreign(person.postalCodes.join(', '))],
      [
        words.record.otherNames,
        others.length === 0
          ? null
          : element('span', {}, ...others.flatMap((one, at) => [at === 0 ? null : '; ', foreign(one)])),
      ],
      [words.record.contacts, contactsText(desk, person)],
    ]),
    products,
    cards,
    onRecord,
  );
  showCards();
  heading.focus();
  if (state.check !== undefined) {
    showChecked();
    return;
  }
  void attempt(desk, null, async () => {
    const credential = { credentialSubject: { fhirBundle: person.bundle } };
    state.check = (await session.post('credentials/check', { credential })) as CredentialCheck;
    showChecked();
  });
}

function contactsText({ words }: Desk, { contacts }: PersonFound): HTMLElement {
  if (contacts.length === 0) return element('span', {}, words.record.noContacts);
  return element(
    'span',
    {},
    ...contacts.map(({ kind, hint }) =>
      element('span', { class: 'line' }, `${words.record[kind]} `, foreign(hint)),
    ),
  );
}

function askReplace(desk: Desk, old: Card, go: () => void): void {
  const { words, language } = desk;
  askDialog({
    title: words.product.reissueTitle,
    body: [
      element('p', {}, words.product.reissueText),
      facts([
        [words.cards.product, productText(words, old.product)],
        [words.cards.issued, momentText(old.issuedAt, language)],
        [words.cards.number, element('code', {}, old.rid)],
      ]),
    ],
    leave: words.shell.cancel,
    does: {
      label: words.product.reissueDo,
      run: () => {
        go();
        return true;
      },
    },
  });
}
