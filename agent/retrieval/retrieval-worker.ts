import { setTimeout as sleep } from 'node:timers/promises';
import { IssuerError, type IssuerCode } from '../issuer-error.ts';
import { askSources } from '../records/ask-sources.ts';
import type { Contact, RecordSource } from '../records/record-source.ts';
import { codeMessage } from './code-message.ts';
import type { CodeSender } from './code-sender.ts';
import { findPerson, MAX_PERSONS, type Finding } from './find-person.ts';
import { codeHash, newCode } from './one-time-code.ts';
import { foundTag, MAX_TRIES } from './retrieval.ts';
import { claimOf } from './retrieval-limits.ts';
import { dueKey, dueOf, type Ask, type PendingMessage, type RetrievalState } from './retrieval-state.ts';
import type { SealedRecords } from './sealed-records.ts';

export interface WorkerOptions {
  readonly sources: readonly RecordSource[];
  readonly senders: readonly CodeSender[];
  /** The issuer's name, as it stands in messages. */
  readonly issuer: string;
  /** Of each source, in milliseconds. */
  readonly deadlineMs?: number;
  /** Told the code of what the work stopped at; it is tried again. */
  readonly onFault?: (code: IssuerCode) => void;
}

const DEADLINE_MS = 8000;
/** A source that is down keeps each search waiting for its deadline. */
const SEARCHES_AT_ONCE = 64;
const MESSAGES_AT_ONCE = 16;
const POLL_MS = 250;
/** Of a code that is good for less, nobody would have much. */
const LEAST_SECONDS = 60;
const RETRY_SECONDS = 10;

/**
 * Does what was begun: looks people up, makes codes and sends them. What is under way at a crash is done again after it;
 * a message goes out under the same key, with the same code.
 */
export class RetrievalWorker {
  readonly #state: RetrievalState;
  readonly #options: WorkerOptions;
  readonly #kinds: ReadonlySet<Contact['kind']>;

  constructor(state: RetrievalState, options: WorkerOptions) {
    this.#state = state;
    this.#options = options;
    this.#kinds = new Set(options.senders.map(({ kind }) => kind));
  }

  /** Works until told to stop. A store that fails is tried again: what is not done is still written down. */
  async run(signal: AbortSignal): Promise<void> {
    const loop = async (step: () => Promise<number>): Promise<void> => {
      while (!signal.aborted) {
        const done = await step().catch((error: unknown) => {
          this.#options.onFault?.(error instanceof IssuerError ? error.code : 'STORE_UNAVAILABLE');
          return 0;
        });
        if (done === 0) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
      }
    };
    // Apart, so that a slow mail server keeps nobody's search waiting.
    await Promise.all([loop(async () => this.lookUpDue(signal)), loop(async () => this.sendDue(signal))]);
  }

  /** Makes the searches that are due; the answer is how many. */
  async lookUpDue(signal?: AbortSignal): Promise<number> {
    const due = await this.#due(this.#state.asks, SEARCHES_AT_ONCE);
    await Promise.all(due.map(async ([key, ask]) => this.#lookUp(key, ask, signal)));
    return due.length;
  }

  /** Sends the messages that are due; the answer is how many. */
  async sendDue(signal: AbortSignal = new AbortController().signal): Promise<number> {
    const due = await this.#due(this.#state.messages, MESSAGES_AT_ONCE);
    await Promise.all(due.map(async ([key, message]) => this.#send(key, message, signal)));
    return due.length;
  }

  async #due<T extends object>(
    table: SealedRecords<T>,
    most: number,
  ): Promise<readonly (readonly [string, T])[]> {
    const due: (readonly [string, T])[] = [];
    for await (const [key, record] of table.entries()) {
      if (due.length === most || dueOf(key) > this.#state.clock()) break;
      due.push([key, record]);
    }
    return due;
  }

  async #lookUp(key: string, ask: Ask, signal: AbortSignal | undefined): Promise<void> {
    const { sources, deadlineMs = DEADLINE_MS } = this.#options;
    const answer = await askSources(sources, ask, {
      deadlineMs,
      ...(signal === undefined ? {} : { signal }),
    });
    // Told to stop in the middle, the sources were not asked; they are after the restart.
    if (signal?.aborted === true) return;
    this.#state.health.note(answer);
    const finding = findPerson(answer, ask, this.#kinds);
    await this.#state.turns.run(ask.id, async () =>
      this.#settle(
        key,
        ask,
        finding,
        answer.unasked.map(({ source }) => source),
      ),
    );
  }

  /** Writes the same number of records for nobody as for somebody. */
  async #settle(key: string, ask: Ask, finding: Finding, unasked: readonly string[]): Promise<void> {
    const { asks, retrievals, findings, messages, limits, policy, random, clock, store } = this.#state;
    const now = clock();
    const { id, language } = ask;
    const record = await retrievals.get(id);
    if (record === undefined || record.until - LEAST_SECONDS <= now || record.tries >= MAX_TRIES) {
      await store.commit([asks.del(key)]);
      return;
    }
    const person = finding.step === 'found' ? foundTag(this.#state, finding.identity) : record.person;
    const claims = [claimOf(policy, 'personHour', person), claimOf(policy, 'personDay', person)];
    // One person under many spellings: not one message more, and no sign of it.
    const isHeld = limits.waitFor([...claims, claimOf(policy, 'failures', person)], now) > 0;
    const persons = finding.step === 'found' && !isHeld ? finding.persons : [];
    const codes = Array.from({ length: MAX_PERSONS }, () => newCode(random));
    const { until } = record;
    const step = finding.step === 'found' && isHeld ? 'held-back' : finding.step;
    const pending = codes.map((code, at) => {
      const contacts = persons[at]?.contacts ?? [];
      const sendKey = this.#state.tag('message', `${id}|${at}`);
      return messages.put(dueKey(now, `${id}.${at}`), {
        id,
        key: sendKey,
        contacts,
        attempt: 0,
        code,
        language,
        until,
      });
    });
    const hashes = codes.map((code, at) =>
      persons[at] === undefined ? Buffer.from(random(32)).toString('base64url') : codeHash(id, code),
    );
    await this.#state.commit(
      [
        asks.del(key),
        ...(isHeld ? [] : limits.add(claims, now)),
        retrievals.put(id, { ...record, person, hashes, step, unasked }, record),
        findings.put(id, { until, persons: persons.map(({ records }) => records) }),
        ...pending,
      ],
      step,
      now,
    );
  }

  async #send(key: string, message: PendingMessage, signal: AbortSignal): Promise<void> {
    const { messages, store, clock } = this.#state;
    const seconds = message.until - clock();
    const [contact, ...others] = message.contacts;
    const sender = this.#options.senders.find(({ kind }) => kind === contact?.kind);
    if (contact === undefined || sender === undefined) {
      await store.commit([messages.del(key)]);
      return;
    }
    if (seconds < LEAST_SECONDS) return this.#drop(key);
    const { language, code } = message;
    const words = codeMessage({
      language,
      issuer: this.#options.issuer,
      code,
      minutes: Math.floor(seconds / 60),
    });
    try {
      await sender.send({ ...words, to: contact.value, key: `${message.key}-${others.length}` }, signal);
    } catch (error) {
      const isFinal = error instanceof IssuerError && error.code === 'MESSAGE_REFUSED';
      if (isFinal && others.length === 0) return this.#drop(key);
      // An address that is gone: the next way on record. A server that is busy: the same way, later.
      const next = isFinal ? { ...message, contacts: others } : { ...message, attempt: message.attempt + 1 };
      const due = isFinal ? clock() : clock() + RETRY_SECONDS * 2 ** message.attempt;
      await store.commit([messages.del(key), messages.put(dueKey(due, key.slice(16)), next)]);
      return;
    }
    await this.#state.commit([messages.del(key)], 'sent', clock());
  }

  async #drop(key: string): Promise<void> {
    await this.#state.commit([this.#state.messages.del(key)], 'not-sent', this.#state.clock());
  }
}
