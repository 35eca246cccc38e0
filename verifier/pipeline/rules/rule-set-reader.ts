import { secondsFromDateTime } from '../../../credential/date-time.ts';
import { FormatError } from '../../../credential/errors.ts';
import {
  entries,
  list,
  objectOf,
  oneOf,
  oneOfKind,
  orNull,
  record,
  ShapeError,
  text,
} from '../../../credential/strict-reader.ts';
import type { Read } from '../../../credential/strict-reader.ts';
import { plainName, registryCode, semanticVersion, words } from '../../../credential/value-set.ts';
import type { Alternative, Layer, Remedy, RemedyValue, Rule, RuleSet, Words } from './rule-set.ts';

const CERTIFICATE_TYPES = new Map([
  ['GR', 'General'],
  ['VR', 'Vaccination'],
  ['TR', 'Test'],
  ['RR', 'Recovery'],
]);
/** Of a rule, as the EU writes them. */
export const identifier = text(/^(?:GR|VR|TR|RR|IR)-[A-Z0-9-]{1,32}-\d{4}$/, 40);

/** A moment as RFC 3339 writes it, with its zone; read as seconds since 1970. */
export const moment: Read<number> = (value) => {
  try {
    return secondsFromDateTime(value);
  } catch (error) {
    if (error instanceof FormatError)
      throw new ShapeError('something else where a moment with its zone belongs');
    throw error;
  }
};

const instant: Read<string> = (value) => {
  moment(value);
  return value as string;
};

/** The EU writes a list of languages where we write an object; both are read. */
const descriptions: Read<Words> = (value) => {
  if (!Array.isArray(value)) return words(value);
  const listed = list(record<{ lang: string; desc: string }>({ lang: text(/^/, 35), desc: text(/^/, 1000) }));
  const said = listed(value);
  const unique = new Map(said.map(({ lang, desc }) => [lang, desc]));
  if (unique.size !== said.length) throw new ShapeError('a sentence that is said twice in one language');
  return words(Object.fromEntries(unique));
};

const remedy = record<Remedy>({
  text: descriptions,
  values: entries(
    plainName,
    record<RemedyValue>({ of: text(/^[\x21-\x7e]+$/, 200), plusDays: orNull(plainName) }),
  ),
});

const ruleMembers = record<Rule>({
  Identifier: identifier,
  Type: oneOf('Acceptance', 'Invalidation'),
  Country: registryCode,
  Version: semanticVersion,
  SchemaVersion: oneOf('1.0.0'),
  Engine: oneOf('CERTLOGIC'),
  EngineVersion: semanticVersion,
  CertificateType: oneOf('General', 'Vaccination', 'Test', 'Recovery'),
  Description: descriptions,
  ValidFrom: instant,
  ValidTo: instant,
  AffectedFields: list(text(/^[\x21-\x7e]+$/, 200)),
  Logic: objectOf,
  Remedy: orNull(remedy),
});

const rule: Read<Rule> = (value) => {
  const read = ruleMembers(value);
  const type = CERTIFICATE_TYPES.get(read.Identifier.slice(0, 2));
  if (
    read.Identifier.slice(3, -5) !== read.Country ||
    (type !== undefined && type !== read.CertificateType)
  ) {
    throw new ShapeError('a rule whose identifier says otherwise than the rule');
  }
  assertWindow(read.ValidFrom, read.ValidTo);
  return read;
};

const name = { jurisdiction: registryCode, id: registryCode };

const alternative = record<Alternative>({
  name: plainName,
  title: words,
  takes: record<Alternative['takes']>({
    profiles: list(oneOf('pass', 'pass-plus'), 1),
    passTypes: list(oneOf('vaccination', 'pcr', 'antigen')),
  }),
  // An alternative without a rule would let in whoever shows anything of its kind.
  allOf: list(identifier, 1),
});

const layer = oneOfKind<Layer>({
  'any-of': record<Extract<Layer, { kind: 'any-of' }>>({
    kind: oneOf('any-of'),
    title: words,
    alternatives: list(alternative, 1),
  }),
  'rule-set': record<Extract<Layer, { kind: 'rule-set' }>>({ kind: oneOf('rule-set'), ...name }),
});

const MAX_LAYERS = 8;

const layers: Read<readonly Layer[]> = (value) => {
  const read = list(layer, 1)(value);
  if (read.length > MAX_LAYERS) throw new ShapeError('more layers than anybody governs by');
  return read;
};

const ruleSet = record<RuleSet>({
  format: oneOf('pratique-rule-set-1'),
  ...name,
  version: semanticVersion,
  title: words,
  timeZone: text(/^[A-Za-z0-9+_/-]+$/, 64),
  validFrom: instant,
  validTo: instant,
  valueSet: record<RuleSet['valueSet']>({ ...name, version: semanticVersion }),
  layers,
  rules: list(rule),
});

/**
 * Reads a rule set from its JSON, strictly: what is passed over could be what refuses somebody. Whether its parts add up
 * is `findingsOf`'s question.
 *
 * @throws ShapeError if it is none
 */
export function readRuleSet(json: unknown): RuleSet {
  const read = ruleSet(json);
  assertWindow(read.validFrom, read.validTo);
  return read;
}

function assertWindow(from: string, to: string): void {
  if (!(secondsFromDateTime(from) < secondsFromDateTime(to)))
    throw new ShapeError('a window that is never open');
}
