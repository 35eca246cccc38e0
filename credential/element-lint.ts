import type { Find } from './bundle-finding.ts';
import { isJsonArray, isJsonObject, MAX_JSON_DEPTH } from './json.ts';

/** What systems write where they know nothing. Names of real people, such as Null or Na, are not among them. */
const PLACEHOLDERS =
  /^(?:#?n\/a|n\.a\.|not (?:available|applicable|known|given|provided)|unknown|undefined|tbd|xxx|\?|--?)$/i;
/** What clerks and test systems write into a lot or a place; never held against a name, which somebody may bear. */
const MADE_UP = /^(?:test|dummy|sample|example|none|null|nil|na|0+|x+|1234(?:5(?:6(?:7(?:89?)?)?)?)?)$/i;
const NEVER_NAMES: ReadonlySet<string> = new Set(['lotNumber', 'display']);
/** RFC 2606 §3: nobody defines codes there. */
const EXAMPLE_SYSTEM = /^https?:\/\/(?:[a-z0-9-]+\.)*example\.(?:com|net|org)(?:[/:?#]|$)/i;
/** The first and last days that databases know. */
const PLACEHOLDER_DATE = /^(?:0001|1000|1753|1800|1900)-01-01|^9999-12-31/;

/** True of a text that systems write where they know nothing. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.test(text.trim()) || PLACEHOLDER_DATE.test(text);
}

function isMadeUp(member: string, text: string): boolean {
  if (member === 'system') return EXAMPLE_SYSTEM.test(text.trim());
  return NEVER_NAMES.has(member) && MADE_UP.test(text.trim());
}

/** What the elements of a bundle are held against. */
export interface ElementRules {
  /** The fullUrl of every entry. */
  readonly urls: ReadonlySet<string | undefined>;
  readonly find: Find;
}

/** True of the form in which cards write a fullUrl and a reference. */
export function isResourceUrl(url: string): boolean {
  return /^resource:(?:0|[1-9]\d*)$/.test(url);
}

/**
 * The path of a member. A name that FHIR could not have given is not shown: a card could say anything in it.
 */
export function memberPath(path: string, name: string): string {
  return `${path}.${/^_?[A-Za-z][A-Za-z0-9]{0,39}$/.test(name) ? name : '*'}`;
}

/**
 * Looks at every element of a resource for what minimising leaves out, for references, and for values that say nothing.
 * What is nested deeper than any JSON that is read here is passed over.
 */
export function lintElements(resource: Record<string, unknown>, path: string, rules: ElementRules): void {
  const { id, meta, text } = resource;
  const { find } = rules;
  if (id !== undefined) find('RESOURCE_ID', `${path}.id`);
  if (text !== undefined) find('RESOURCE_TEXT', `${path}.text`);
  if (meta !== undefined && !(isJsonObject(meta) && Object.keys(meta).join() === 'security')) {
    find('RESOURCE_META', `${path}.meta`);
  }
  lintObject({ ...resource, id: undefined, text: undefined }, path, { ...rules, depth: 0 });
}

type Rules = ElementRules & { readonly depth: number };

function lintObject(object: Record<string, unknown>, path: string, rules: Rules): void {
  const { find, urls } = rules;
  const { coding, text, display, code, system, reference } = object;
  if (text !== undefined && isJsonArray(coding)) find('CONCEPT_TEXT', `${path}.text`);
  if (display !== undefined && (code !== undefined || system !== undefined)) {
    find('CODING_DISPLAY', `${path}.display`);
  }
  if (typeof reference === 'string') {
    if (!isResourceUrl(reference)) find('REFERENCE_INVALID', `${path}.reference`);
    else if (!urls.has(reference)) find('REFERENCE_UNRESOLVED', `${path}.reference`);
  }
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === 'string' && isMadeUp(name, value)) find('PLACEHOLDER', memberPath(path, name));
    else if (value !== undefined) lintValue(value, memberPath(path, name), rules);
  }
}

function lintValue(value: unknown, path: string, rules: Rules): void {
  const { find, depth } = rules;
  if (typeof value === 'string') {
    if (value.trim() === '') find('EMPTY_VALUE', path);
    else if (isPlaceholder(value)) find('PLACEHOLDER', path);
    return;
  }
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) {
    find('EMPTY_VALUE', path);
    return;
  }
  if (depth > MAX_JSON_DEPTH) return;
  const inner = { ...rules, depth: depth + 1 };
  if (isJsonArray(value)) for (const [i, item] of value.entries()) lintValue(item, `${path}[${i}]`, inner);
  else if (isJsonObject(value)) lintObject(value, path, inner);
}
