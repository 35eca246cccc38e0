import type { Handle } from 'pkcs11js';

import { IssuerError } from '../issuer-error.ts';
import type { Cryptoki } from './cryptoki.ts';
import { resultOf } from './token-fault.ts';

/** Where a token is plugged in. */
export interface FoundSlot {
  readonly slot: Handle;
  readonly serial: string;
}

/** Flags of `CK_TOKEN_INFO` (PKCS #11 v2.40 §3.2). */
const USER_PIN_INITIALIZED = 0x8;
const USER_PIN_LOCKED = 0x40000;
const USER_PIN_TO_BE_CHANGED = 0x80000;
const ALREADY_LOGGED_IN = 0x100;

/**
 * The slot of the token with a label: of several the one with the serial number.
 *
 * IssuerError TOKEN_ABSENT, also if there are several and none is the one; PIN_LOCKED, PIN_NOT_SET.
 */
export function findSlot({ module }: Cryptoki, label: string, serial: string | undefined): FoundSlot {
  const tokens = module.C_GetSlotList(true).flatMap((slot) => {
    try {
      return [{ slot, ...module.C_GetTokenInfo(slot) }];
    } catch {
      // A token that is being pulled.
      return [];
    }
  });
  const named = tokens.filter((token) => unpadded(token.label) === label);
  const found =
    named.length === 1 ? named[0] : named.find((token) => unpadded(token.serialNumber) === serial);
  if (found === undefined) {
    throw new IssuerError(
      'TOKEN_ABSENT',
      named.length === 0
        ? 'No token of this label is there: plug it in, or start it, and try again.'
        : 'Several tokens of this label are there: leave the one that is meant.',
    );
  }
  if ((found.flags & USER_PIN_LOCKED) !== 0) {
    throw new IssuerError(
      'PIN_LOCKED',
      'The PIN of the token is locked: its security officer has to set a new one.',
    );
  }
  if ((found.flags & USER_PIN_INITIALIZED) === 0 || (found.flags & USER_PIN_TO_BE_CHANGED) !== 0) {
    throw new IssuerError('PIN_NOT_SET', 'The PIN of the token has to be set first.');
  }
  return { slot: found.slot, serial: unpadded(found.serialNumber) };
}

/** A session of the user of the token, who is logged in for all sessions of this process. */
export function logIn({ module, binding }: Cryptoki, slot: Handle, pin: string): Handle {
  const session = module.C_OpenSession(slot, binding.CKF_SERIAL_SESSION);
  try {
    module.C_Login(session, binding.CKU_USER, pin);
  } catch (error) {
    if (resultOf(error) !== ALREADY_LOGGED_IN) {
      module.C_CloseSession(session);
      throw error;
    }
  }
  return session;
}

/** Text of PKCS #11 is padded with blanks. */
function unpadded(text: string): string {
  return text.replace(/[ \0]+$/, '');
}
