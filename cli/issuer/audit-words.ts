import type { AuditEntry, AuditKind } from '../../agent/audit/audit-entry.ts';
import { moment } from '../../contracts/moment.ts';
import { cleanText } from '../display.ts';

type Of<K extends AuditKind> = Extract<AuditEntry, { readonly kind: K }>;

/** What was done, by the kind of the entry. */
const SENTENCES: { readonly [K in AuditKind]: (is: Of<K>) => string } = {
  'issuer-made': () => 'made the issuer',
  'store-restored': () => 'restored the store from a backup',
  'key-made': ({ kid }) => `made key ${kid}`,
  'key-window-recorded': ({ kid, validFrom, validUntil }) =>
    `took over that key ${kid} signs from ${moment(validFrom)} ${validUntil === 0 ? 'without end' : `until ${moment(validUntil)}`}`,
  'key-ended': ({ kid, state }) => `took over that key ${kid} is ${state}`,
  'key-destroyed': ({ kid }) => `threw the private part of key ${kid} away`,
  'policy-said': ({ timeZone, valueSetDigest, limitsDigest }) =>
    `said to issue by value set ${valueSetDigest}, days by ${timeZone}${limitsDigest === undefined ? '' : `, limits ${limitsDigest}`}`,
  'registry-bound': ({ chainId, registry, issuerId }) =>
    `tied the issuer to registry ${registry} on chain ${chainId}, issuer ${issuerId}`,
  'registry-learned': () => 'learned whom the registry trusts now',
  'asked-by': ({ client, id }) => `did so for client ${client}: card ${id}`,
  'client-added': ({ client, scopes, by }) =>
    `took in client ${client}, which may ${scopes.join(', ')}${said(by)}`,
  'client-disabled': ({ client, by }) => `lets client ${client} do nothing any more${said(by)}`,
  'client-quota-said': ({ client, quota: { issue, revoke, bulk, clients }, by }) =>
    `lets client ${client} issue ${issue.hour} cards an hour and ${issue.day} a day, revoke ${revoke.hour} and ${revoke.day}, hand in ${bulk.hour} and ${bulk.day} lines of bulks, and take in ${clients.hour} and ${clients.day} clients${said(by)}`,
  'quota-alarm': ({ client, of, window, level }) =>
    `ALARM: client ${client} ${level === 'unusual' ? 'does far more than it usually does' : `has reached ${level} % of its quota`}: ${of}, this ${window}`,
  'card-retrieved': ({ id }) => `did so for a resident who showed a code: card ${id}`,
  'records-load-begun': ({ source }) => `began to load records of ${source}`,
  'records-loaded': ({ source, taken, changed, withdrawn, refused }) =>
    `loaded records of ${source}: ${taken} persons new, ${changed} changed, ${withdrawn} withdrawn, ${refused} refused`,
  'records-dropped': ({ source, persons }) => `dropped the records of ${persons} persons of ${source}`,
  'correction-taken': ({ client, correction }) => `client ${client} took correction request ${correction}`,
  'correction-resolved': ({ client, correction, outcome }) =>
    `client ${client} ended correction request ${correction}: ${outcome}`,
  'person-unlocked': ({ client, correction }) =>
    `client ${client} let the person of correction request ${correction} try codes again`,
  'bulk-order': ({ order, step, client, digest, lines, cards, code }) =>
    [
      `bulk order ${order} was ${step}${client === undefined ? '' : ` by client ${client}`}`,
      ...(lines === undefined ? [] : [`${lines} lines`]),
      ...(cards === undefined ? [] : [`${cards} cards`]),
      ...(digest === undefined ? [] : [`input ${digest}`]),
      ...(code === undefined ? [] : [code]),
    ].join(', '),
  'card-issued': ({ id, payloadHash }) => `issued card ${id}, payload ${payloadHash}`,
  'cards-issued': ({ batch, kid, first, taken, cards }) =>
    `issued ${cards} cards of bulk ${batch} by key ${kid}, indices ${first} to ${first + taken - 1} in its order`,
  'indices-reserved': ({ kid, first, count }) =>
    `took indices ${first} to ${first + count - 1} of key ${kid} in its order`,
  'card-revoked': ({ id, reason }) => `revoked card ${id}, ${reason}`,
  'list-anchored': ({ kid, counter, revoked, length }) =>
    `took over that the chain holds list ${kid}, counter ${counter}, ${revoked} of ${length} revoked`,
  'corrections-seen': ({ client, requests }) => `showed client ${client} ${requests} correction requests`,
  'records-seen': ({ client, person }) => `showed client ${client} what is known of person ${person}`,
};

/** A deed of the log in words. */
export function deedInWords(entry: AuditEntry): string {
  // A log that was tampered with can say anything.
  const sentence = SENTENCES[entry.kind] as ((is: AuditEntry) => string) | undefined;
  return cleanText(sentence?.(entry) ?? 'did something of an unknown kind', MOST);
}

function said(by: string | undefined): string {
  return by === undefined ? '' : `, as client ${by} said`;
}

const MOST = 300;
