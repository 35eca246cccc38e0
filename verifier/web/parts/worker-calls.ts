/** What a call to a worker is answered with. */
type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly fault: string });

/** A call that failed in the worker: the code of the error that was thrown there, or its name. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A worker as functions: each call is answered once. */
export interface Calls {
  readonly call: (name: string, argument?: unknown, transfer?: Transferable[]) => Promise<unknown>;
}

/** Call functions of a worker that `answerCalls` stands in. */
export function callsTo(worker: Worker): Calls {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  const fail = (): void => {
    for (const { reject } of waiting.values()) reject(new CallError('WORKER_ENDED'));
    waiting.clear();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if ('fault' in data) asker?.reject(new CallError(data.fault));
    else asker?.resolve(data.result);
  });
  worker.addEventListener('error', fail);
  worker.addEventListener('messageerror', fail);
  return {
    call: async (name, argument, transfer = []) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        worker.postMessage({ id: last, name, argument }, transfer);
      }),
  };
}

/**
 * Answer calls in a worker by these functions; what they throw goes back as its code or name, without
 * what it was about.
 */
export function answerCalls(functions: Readonly<Record<string, (argument: never) => unknown>>): void {
  addEventListener('message', ({ data }: MessageEvent<{ id: number; name: string; argument: never }>) => {
    const { id, name, argument } = data;
    void (async () => {
      try {
        postMessage({ id, result: await functions[name]?.(argument) });
      } catch (error) {
        postMessage({ id, fault: codeOf(error) });
      }
    })();
  });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
