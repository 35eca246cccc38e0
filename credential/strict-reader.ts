/** Turns a value of unknown shape into one of a known shape, or throws `ShapeError`. */
export type Read<T> = (value: unknown) => T;

/** A reader for every member of an object. */
export type Fields<T> = { readonly [K in keyof T]-?: Read<T[K]> };

/** What was read has another shape. The message says what was found, to follow "… holds". */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  /** Names and places of members, from the outside in: where in the document it was found. */
  readonly path: readonly (string | number)[];

  constructor(message: string, path: readonly (string | number)[] = []) {
    super(message);
    this.path = path;
  }
}

/** The same error, seen from one level further out. */
function within(place: string | number, error: unknown): unknown {
  return error instanceof ShapeError ? new ShapeError(error.message, [place, ...error.path]) : error;
}

/** An object with these members, none missing and none unknown: to pass over what one does not know can fail open. */
export function record<T extends object>(fields: Fields<T>): Read<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value) => {
    const members = objectOf(value);
    // Its own: what every object has by birth is no member.
    if (Object.keys(members).length !== names.length || !names.every((name) => Object.hasOwn(members, name)))
      throw otherMembers(members, names);
    const result: Partial<T> = {};
    for (const name of names) {
      try {
        result[name] = fields[name](members[name]);
      } catch (error) {
        throw within(name, error);
      }
    }
    return result as T;
  };
}

/** At the first member that is too many, or else at the first that is missing. */
function otherMembers(members: object, names: readonly string[]): ShapeError {
  const place =
    Object.keys(members).find((name) => !names.includes(name)) ??
    names.find((name) => !Object.hasOwn(members, name));
  return new ShapeError('an object with other members than it needs', place === undefined ? [] : [place]);
}

/** A record whose member `kind` says which one it is. */
export function oneOfKind<T extends { readonly kind: string }>(kinds: {
  readonly [K in T['kind']]: Read<Extract<T, { kind: K }>>;
}): Read<T> {
  const readers = new Map<unknown, Read<T>>(Object.entries(kinds));
  return (value) => {
    const read = readers.get(objectOf(value)['kind']);
    if (read === undefined) throw new ShapeError('an object of a kind that does not exist');
    return read(value);
  };
}

/** More than anybody names in one place; of two such lists every pair may be compared. */
const MAX_ENTRIES = 200;

/** An object whose names are not known beforehand, 200 unless more are let in, as a map in the order of its members. */
export function entries<T>(
  name: Read<string>,
  item: Read<T>,
  most = MAX_ENTRIES,
): Read<ReadonlyMap<string, T>> {
  return (value) => {
    const members = Object.entries(objectOf(value));
    if (members.length > most) throw new ShapeError('an object with more members than anybody names');
    return new Map(
      members.map(([key, entry]) => {
        try {
          return [name(key), item(entry)] as const;
        } catch (error) {
          throw within(key, error);
        }
      }),
    );
  };
}

/** Any JSON object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeError('something else where an object belongs');
  }
  return value as Record<string, unknown>;
}

/** A list of such items, of at least so many. */
export function list<T>(item: Read<T>, least = 0): Read<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new ShapeError('something else where a list belongs');
    if (value.length < least) throw new ShapeError('a list without anything in it');
    return value.map((entry: unknown, at) => {
      try {
        return item(entry);
      } catch (error) {
        throw within(at, error);
      }
    });
  };
}

/** Such a value or null. */
export function orNull<T>(read: Read<T>): Read<T | null> {
  return (value) => (value === null ? null : read(value));
}

/** One of these words or numbers. */
export function oneOf<const T extends string | number>(...allowed: readonly T[]): Read<T> {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new ShapeError('a word that its table does not have');
    return found;
  };
}

/** A text of that form, of that many UTF-16 code units at most. */
export function text(pattern: RegExp, maxLength: number): Read<string> {
  return (value) => {
    if (typeof value !== 'string' || value.length > maxLength || !pattern.test(value)) {
      throw new ShapeError('a text of the wrong form or length');
    }
    return value;
  };
}

/** True or false. */
export const flag: Read<boolean> = (value) => {
  if (typeof value !== 'boolean') throw new ShapeError('something else where yes or no belongs');
  return value;
};

/** A whole number from 0: counts, ids, Unix seconds. */
export const whole: Read<number> = (value) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new ShapeError('something else where a whole number belongs');
  }
  return value;
};
