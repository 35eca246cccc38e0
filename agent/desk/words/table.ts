import type { CodeWords, Said } from './code-table.ts';

/** The views of the page, in the order of its menu. */
export const VIEWS = ['people', 'cards', 'corrections', 'bulk', 'audit', 'counters'] as const;
export type View = (typeof VIEWS)[number];

/** All that the page says in one language. What stands in braces is filled in. */
export interface DeskWords extends CodeWords {
  readonly title: string;
  readonly skip: string;
  readonly menu: string;
  readonly language: string;
  /** What stands between the members of a list. */
  readonly comma: string;
  readonly views: Readonly<Record<View, string>>;
  readonly login: Said<
    'title' | 'label' | 'hint' | 'enter' | 'memory' | 'wrong' | 'empty' | 'locked' | 'idle' | 'refused'
  >;
  readonly shell: Said<
    'lock' | 'shortcuts' | 'scopes' | 'absent' | 'loading' | 'close' | 'cancel' | 'refresh' | 'nothing'
  >;
  readonly search: Said<
    | 'family'
    | 'given'
    | 'born'
    | 'bornHint'
    | 'zip'
    | 'zipHint'
    | 'find'
    | 'badDate'
    | 'noName'
    | 'none'
    | 'noneFor'
    | 'open'
    | 'found'
    | 'elsewhere'
    | 'unasked'
    | 'noSources'
    | 'seen'
    | 'results'
    | 'pick'
  >;
  readonly record: Said<
    | 'source'
    | 'otherNames'
    | 'contacts'
    | 'noContacts'
    | 'phone'
    | 'email'
    | 'onRecord'
    | 'nothing'
    | 'unread'
    | 'date'
    | 'what'
    | 'by'
    | 'counted'
    | 'counts'
    | 'countsNot'
    | 'unknownVaccine'
    | 'unknownTest'
    | 'countedBy'
  >;
  readonly product: Said<
    | 'title'
    | 'product'
    | 'answer'
    | 'action'
    | 'yes'
    | 'until'
    | 'noEnd'
    | 'no'
    | 'from'
    | 'day'
    | 'doses'
    | 'issue'
    | 'reissue'
    | 'noIssue'
    | 'reissueTitle'
    | 'reissueText'
    | 'reissueDo'
  >;
  readonly issued: Said<
    | 'title'
    | 'said'
    | 'scan'
    | 'qr'
    | 'print'
    | 'save'
    | 'done'
    | 'once'
    | 'tooLong'
    | 'replaced'
    | 'name'
    | 'born'
    | 'product'
    | 'until'
    | 'number'
    | 'issuer'
  >;
  readonly cards: Said<
    | 'title'
    | 'none'
    | 'product'
    | 'issued'
    | 'state'
    | 'number'
    | 'action'
    | 'valid'
    | 'revoked'
    | 'waiting'
    | 'onChain'
    | 'bulk'
    | 'revoke'
    | 'byPerson'
    | 'byNumber'
    | 'numberHint'
    | 'show'
    | 'noPerson'
  >;
  readonly revoke: Said<
    'title' | 'text' | 'card' | 'reason' | 'choose' | 'forGood' | 'do' | 'done' | 'missing' | 'of'
  >;
  readonly corrections: Said<
    | 'request'
    | 'state'
    | 'all'
    | 'number'
    | 'numberHint'
    | 'none'
    | 'filed'
    | 'outcome'
    | 'step'
    | 'unasked'
    | 'reach'
    | 'words'
    | 'find'
    | 'take'
    | 'takeOver'
    | 'taken'
    | 'others'
    | 'byYou'
    | 'byOther'
    | 'end'
    | 'choose'
    | 'missing'
    | 'told'
    | 'unlockTitle'
    | 'unlock'
    | 'unlockHint'
    | 'unlockNot'
    | 'lookUp'
    | 'resolve'
    | 'resolved'
  >;
  readonly bulk: Said<
    | 'order'
    | 'none'
    | 'fourEyes'
    | 'waiting'
    | 'lines'
    | 'state'
    | 'filedBy'
    | 'filed'
    | 'input'
    | 'decidedBy'
    | 'decided'
    | 'refusal'
    | 'progress'
    | 'progressText'
    | 'waitsFor'
    | 'fault'
    | 'digest'
    | 'check'
    | 'outcome'
    | 'what'
    | 'cards'
    | 'own'
    | 'withdraw'
    | 'mayNot'
    | 'approve'
    | 'refuse'
    | 'approveTitle'
    | 'approveText'
    | 'approved'
    | 'refuseTitle'
    | 'refuseText'
    | 'refused'
    | 'you'
    | 'client'
  >;
  readonly alarms: Said<
    'title' | 'you' | 'issue' | 'revoke' | 'bulk' | 'clients' | 'hour' | 'day' | 'reached' | 'unusual'
  >;
  readonly audit: Said<'nobody' | 'number' | 'time' | 'deed' | 'about' | 'older'>;
  readonly counters: Said<
    | 'nobody'
    | 'retrievals'
    | 'notServed'
    | 'days'
    | 'success'
    | 'steps'
    | 'step'
    | 'count'
    | 'share'
    | 'cards'
    | 'taken'
    | 'revoked'
    | 'waiting'
  >;
  readonly keys: Said<
    'title' | 'on' | 'help' | 'first' | 'views' | 'move' | 'open' | 'leave' | 'lock' | 'note'
  >;
}
