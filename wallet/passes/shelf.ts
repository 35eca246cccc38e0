import { list, record, text } from '../../credential/strict-reader.ts';
import type { KeptPass } from './kept-pass.ts';

/** A person whose passes are in the wallet, under a name of the user's choosing. */
export interface Person {
  readonly id: string;
  readonly label: string;
  /** Ids of passes, in the user's order. */
  readonly passes: readonly string[];
}

/** Everybody in the wallet, in the user's order; and what is kept apart. */
export interface Shelf {
  readonly people: readonly Person[];
  readonly apart: readonly string[];
}

export const EMPTY_SHELF: Shelf = { people: [], apart: [] };

const passId = text(/^[\w-]{22}$/, 22);
const MAX_LABEL_CHARS = 100;
const label = text(/\S/, MAX_LABEL_CHARS);

/** Reads the shelf of the vault; throws ShapeError. */
export const readShelf = record<Shelf>({
  people: list(record<Person>({ id: passId, label, passes: list(passId) })),
  apart: list(passId),
});

/** Put a pass on top of its person's, whom it makes known if it is the first. */
export function placed(shelf: Shelf, pass: KeptPass, all: readonly KeptPass[]): Shelf {
  const cleared = without(shelf, pass.id, true);
  if (pass.facts === null) return { ...cleared, apart: [...cleared.apart, pass.id] };
  const person = cleared.people.find(({ passes }) =>
    passes.some((id) =>
      isSamePerson(
        all.find((other) => other.id === id),
        pass,
      ),
    ),
  );
  if (person === undefined) {
    const made = { id: pass.id, label: labelOf(pass.facts.subject?.name), passes: [pass.id] };
    return { ...cleared, people: [...cleared.people.filter(hasPasses), made] };
  }
  return {
    ...cleared,
    people: cleared.people
      .map((one) => (one === person ? { ...one, passes: [pass.id, ...one.passes] } : one))
      .filter(hasPasses),
  };
}

/** Take a pass from the shelf; a person without passes leaves with the last. */
export function without({ people, apart }: Shelf, id: string, keepPeople = false): Shelf {
  const left = people.map((person) => ({ ...person, passes: person.passes.filter((one) => one !== id) }));
  return { people: keepPeople ? left : left.filter(hasPasses), apart: apart.filter((one) => one !== id) };
}

/** Call a person something else; an empty name changes nothing. */
export function renamed(shelf: Shelf, person: string, name: string): Shelf {
  const trimmed = labelOf(name);
  if (name.trim() === '') return shelf;
  return {
    ...shelf,
    people: shelf.people.map((one) => (one.id === person ? { ...one, label: trimmed } : one)),
  };
}

/** Move a person so many places down; up, if negative. */
export function movedPerson(shelf: Shelf, person: string, places: number): Shelf {
  return { ...shelf, people: moved(shelf.people, ({ id }) => id === person, places) };
}

/** Move a pass so many places down among its person's; up, if negative. */
export function movedPass(shelf: Shelf, pass: string, places: number): Shelf {
  return {
    ...shelf,
    people: shelf.people.map((one) => ({ ...one, passes: moved(one.passes, (id) => id === pass, places) })),
  };
}

function moved<T>(items: readonly T[], is: (item: T) => boolean, places: number): readonly T[] {
  const from = items.findIndex(is);
  if (from < 0) return items;
  const to = Math.min(items.length - 1, Math.max(0, from + places));
  const rest = items.toSpliced(from, 1);
  return rest.toSpliced(to, 0, ...items.slice(from, from + 1));
}

/** By name and birth date as their issuers wrote them: to guess that two spellings are one person would mix up people. */
function isSamePerson(one: KeptPass | undefined, other: KeptPass): boolean {
  const [a, b] = [one?.facts?.subject, other.facts?.subject];
  return a && b ? a.name === b.name && a.birthDate === b.birthDate : false;
}

function hasPasses({ passes }: Person): boolean {
  return passes.length > 0;
}

function labelOf(name: string | undefined): string {
  const trimmed = (name ?? '').trim();
  return trimmed === '' ? '?' : [...trimmed].slice(0, MAX_LABEL_CHARS / 2).join('');
}
