import type { Handle } from 'pkcs11js';

import { IssuerError } from '../issuer-error.ts';
import type { TokenPlace } from '../signer.ts';
import { Cryptoki } from './cryptoki.ts';
import { isKeyMissing, isLost, tokenFault } from './token-fault.ts';
import { findSlot, logIn, type FoundSlot } from './token-login.ts';
import { Turns } from './turns.ts';

/** Answers the PIN of the token of that label. IssuerError PIN_MISSING if there is none. */
export type AskPin = (token: string) => Promise<string>;

/** A session whose user is logged in, for one operation at a time. */
export interface TokenSession {
  readonly cryptoki: Cryptoki;
  readonly handle: Handle;
  /** Handles of the private keys found so far, by kid. */
  readonly found: Map<string, Handle>;
}

/** What is known of a token since it was last found and logged in to. */
interface Connection extends FoundSlot {
  readonly cryptoki: Cryptoki;
  readonly starts: number;
  /** The login lasts while one session is open, and those that work are closed after a fault. */
  readonly login: Handle;
  readonly free: Handle[];
  readonly found: Map<string, Handle>;
  /** Given up, while others may still work in sessions of it. */
  isOver: boolean;
}

/** Signatures run in the four threads of the crypto pool. */
const MAX_SESSIONS = 4;

/**
 * One token: found by its label, logged in to when first used, and again whenever its sessions were lost, so that it can
 * be pulled and plugged in while the process runs.
 */
export class Token {
  readonly #place: TokenPlace;
  readonly #askPin: AskPin;
  readonly #turns = new Turns(MAX_SESSIONS);
  #serial: string | undefined;
  #pin: string | undefined;
  #refusedPin: string | undefined;
  #connecting: Promise<Connection> | undefined;

  /** @param serial of the token that is meant, if several carry its label */
  constructor(place: TokenPlace, askPin: AskPin, serial?: string) {
    this.#place = place;
    this.#askPin = askPin;
    this.#serial = serial;
  }

  /** The serial number of the token, once it was used. */
  get serial(): string {
    return this.#serial ?? '';
  }

  /**
   * Works in a session of the token; once more in a new one if the session was lost on the way.
   *
   * IssuerError KEY_UNKNOWN if the work says so twice, TOKEN_ABSENT, TOKEN_FAULT, TOKEN_FULL, TOKEN_BINDING_MISSING,
   * TOKEN_MODULE_UNUSABLE, PIN_MISSING, PIN_WRONG, PIN_LOCKED, PIN_NOT_SET.
   */
  async use<T>(work: (session: TokenSession) => Promise<T>, mode: 'read' | 'write' = 'read'): Promise<T> {
    return this.#turns.take(async () => {
      try {
        const connection = await this.#connected();
        try {
          return await within(connection, mode, work);
        } catch (error) {
          if (!isLost(error)) throw error;
          this.#forget(connection);
          // Some libraries show a token that was pulled as one without keys, until they are started anew.
          if (isKeyMissing(error)) await connection.cryptoki.restart(connection.starts, { wait: true });
        }
        return await within(await this.#connected(), mode, work);
      } catch (error) {
        throw tokenFault(error);
      }
    });
  }

  /** Closes its sessions, with the last of which the login ends. */
  async close(): Promise<void> {
    const connection = await this.#connecting?.catch(() => undefined);
    if (connection !== undefined) this.#forget(connection);
    this.#pin = undefined;
  }

  async #connected(): Promise<Connection> {
    if (this.#connecting !== undefined) {
      // Who waits for a login shares how it ends: one try of a wrong PIN is enough.
      const known = await this.#connecting;
      if (known.starts === known.cryptoki.starts) return known;
      this.#forget(known);
    }
    if (this.#connecting === undefined) {
      const connecting = this.#connect();
      this.#connecting = connecting;
      // The next one tries anew.
      connecting.catch(() => {
        if (this.#connecting === connecting) this.#connecting = undefined;
      });
    }
    return this.#connecting;
  }

  async #connect(): Promise<Connection> {
    const cryptoki = await Cryptoki.load(this.#place.module);
    const { starts } = cryptoki;
    try {
      return await this.#open(cryptoki);
    } catch (error) {
      if (!isLost(error) || !(await cryptoki.restart(starts, { wait: false }))) throw error;
      return this.#open(cryptoki);
    }
  }

  async #open(cryptoki: Cryptoki): Promise<Connection> {
    // Nobody is asked for the PIN of a token that is not there.
    await cryptoki.use(() => findSlot(cryptoki, this.#place.token, this.#serial));
    this.#pin ??= await this.#askPin(this.#place.token);
    const pin = this.#pin;
    try {
      // A service that tried a wrong PIN for every request would lock the token.
      if (pin === this.#refusedPin) {
        throw new IssuerError('PIN_WRONG', 'The token has refused this PIN before: it was not tried again.');
      }
      return await cryptoki.use(() => {
        const found = findSlot(cryptoki, this.#place.token, this.#serial);
        const session = logIn(cryptoki, found.slot, pin);
        this.#serial = found.serial;
        const { starts } = cryptoki;
        return { ...found, cryptoki, starts, login: session, free: [], found: new Map(), isOver: false };
      });
    } catch (error) {
      const fault = tokenFault(error);
      if (fault.code === 'PIN_WRONG') this.#refusedPin = pin;
      if (fault.code.startsWith('PIN_')) this.#pin = undefined;
      throw error;
    }
  }

  /** Gives up a connection, once: its handles can be others' soon. */
  #forget(connection: Connection): void {
    if (connection.isOver) return;
    // Overwritten by no other: those begin when this one is given up.
    this.#connecting = undefined;
    connection.isOver = true;
    const { cryptoki, login, free, starts } = connection;
    if (starts !== cryptoki.starts) return;
    for (const session of [login, ...free.splice(0)]) closeSession(cryptoki, session);
  }
}

async function within<T>(
  connection: Connection,
  mode: 'read' | 'write',
  work: (session: TokenSession) => Promise<T>,
): Promise<T> {
  const { cryptoki, slot, free, found } = connection;
  return cryptoki.use(async ({ binding, module, starts }) => {
    if (starts !== connection.starts) throw new IssuerError('TOKEN_FAULT', 'The token was started anew.');
    const writes = mode === 'write' ? binding.CKF_RW_SESSION : 0;
    const spare = mode === 'write' ? undefined : free.pop();
    const handle = spare ?? module.C_OpenSession(slot, binding.CKF_SERIAL_SESSION | writes);
    let isSound = false;
    try {
      const done = await work({ cryptoki, handle, found });
      isSound = true;
      return done;
    } finally {
      // After a fault an operation may still be under way in it.
      if (isSound && mode === 'read' && !connection.isOver) free.push(handle);
      else closeSession(cryptoki, handle);
    }
  });
}

function closeSession({ module }: Cryptoki, session: Handle): void {
  try {
    module.C_CloseSession(session);
  } catch {
    // It is closed.
  }
}
