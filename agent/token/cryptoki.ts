import { access } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

import type * as pkcs11js from 'pkcs11js';

import { IssuerError } from '../issuer-error.ts';
import { resultOf } from './token-fault.ts';

/** pkcs11js with its constants. */
export type Binding = typeof pkcs11js;

const NOT_INITIALIZED = 0x190;
const ALREADY_INITIALIZED = 0x191;
/** A token that is gone must not have everybody's sessions closed again and again. */
const RESTART_AFTER_MS = 1000;

/**
 * A token's library. By PKCS #11 (v2.40 §6.6) a process is one application, with one set of sessions and one login for
 * each token, so that all who name the same path share it; its handles are good until the library is started anew.
 */
export class Cryptoki {
  static readonly #loaded = new Map<string, Promise<Cryptoki>>();

  readonly binding: Binding;
  readonly module: pkcs11js.PKCS11;
  #startedAt = performance.now();
  #starts = 1;
  #calls = 0;
  #idle: () => void = () => undefined;
  #restarting: Promise<void> | undefined;

  private constructor(binding: Binding, module: pkcs11js.PKCS11) {
    this.binding = binding;
    this.module = module;
  }

  /** IssuerError TOKEN_BINDING_MISSING without pkcs11js, TOKEN_MODULE_UNUSABLE if the path leads to no such library. */
  static async load(path: string): Promise<Cryptoki> {
    const known = Cryptoki.#loaded.get(path);
    if (known !== undefined) return known;
    const loading = loadLibrary(path).then(({ binding, module }) => new Cryptoki(binding, module));
    Cryptoki.#loaded.set(path, loading);
    // Mended, it can be tried again.
    loading.catch(() => Cryptoki.#loaded.delete(path));
    return loading;
  }

  /** How often it was started: handles of an earlier time can be somebody else's by now. */
  get starts(): number {
    return this.#starts;
  }

  /** Runs calls that must not be cut off by a restart. */
  async use<T>(run: (cryptoki: Cryptoki) => Promise<T> | T): Promise<T> {
    while (this.#restarting !== undefined) await this.#restarting;
    this.#calls++;
    try {
      return await run(this);
    } finally {
      if (--this.#calls === 0) this.#idle();
    }
  }

  /**
   * Starts the library anew, once nothing is under way in it, unless it was since the start in which the fault was seen:
   * many find tokens that came back only then. Right after a start, false, or later. Never to be called within `use`.
   */
  async restart(seen: number, { wait }: { readonly wait: boolean }): Promise<boolean> {
    // A library that was ended has no sessions that could be spared.
    if (seen === this.#starts && this.#isStarted()) {
      const early = this.#startedAt + RESTART_AFTER_MS - performance.now();
      if (early > 0 && !wait) return false;
      if (early > 0) await setTimeout(early);
    }
    if (seen !== this.#starts) {
      await this.#restarting;
      return true;
    }
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = undefined;
    });
    await this.#restarting;
    return true;
  }

  #isStarted(): boolean {
    try {
      this.module.C_GetInfo();
      return true;
    } catch (error) {
      return resultOf(error) !== NOT_INITIALIZED;
    }
  }

  async #restart(): Promise<void> {
    if (this.#calls > 0) {
      await new Promise<void>((idle) => {
        this.#idle = idle;
      });
    }
    this.#startedAt = performance.now();
    this.#starts++;
    try {
      this.module.C_Finalize();
    } catch {
      // It was not even started.
    }
    try {
      initialize(this.binding, this.module);
    } catch {
      // Whoever calls it next is told.
    }
  }
}

async function loadLibrary(path: string): Promise<{ binding: Binding; module: pkcs11js.PKCS11 }> {
  const binding = await loadBinding();
  const unusable = (cause: unknown): IssuerError =>
    new IssuerError('TOKEN_MODULE_UNUSABLE', 'At this path is no PKCS #11 library that can be used.', {
      cause,
    });
  await access(path).catch((error: unknown) => {
    throw unusable(error);
  });
  try {
    const module = new binding.PKCS11();
    module.load(path);
    initialize(binding, module);
    return { binding, module };
  } catch (error) {
    throw unusable(error);
  }
}

async function loadBinding(): Promise<Binding> {
  try {
    const { default: binding } = (await import('pkcs11js')) as unknown as { default: Binding };
    return binding;
  } catch (error) {
    throw new IssuerError(
      'TOKEN_BINDING_MISSING',
      'Tokens are reached through pkcs11js, which is not installed or not built here: docs/key-ceremony.md says how.',
      { cause: error },
    );
  }
}

/** Signatures are made in threads of the crypto pool, so that the library has to lock. */
function initialize(binding: Binding, module: pkcs11js.PKCS11): void {
  try {
    module.C_Initialize({ flags: binding.CKF_OS_LOCKING_OK });
  } catch (error) {
    if (resultOf(error) !== ALREADY_INITIALIZED) throw error;
  }
}
