import yoctoSpinner, { type Spinner } from 'yocto-spinner';

/**
 * Say on standard error that a command is still at work, so that nobody takes it for stuck: a spinner on a terminal,
 * elsewhere a line a second from the first second on. `stream` is replaced in tests only.
 */
export async function withProgress<T>(
  what: string,
  work: () => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  const started = performance.now();
  const spinner = stream.isTTY ? spinnerOn(stream, what) : undefined;
  const timer = setInterval(() => {
    const text = `${what}: ${Math.round((performance.now() - started) / 1000)} s so far`;
    if (spinner === undefined) stream.write(`${text}\n`);
    else spinner.text = text;
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    spinner?.stop();
  }
}

/** The spinner ends the process at a signal, in the middle of whatever it does, unless somebody else sees to signals. */
function spinnerOn(stream: NodeJS.WriteStream, text: string): Spinner {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const others = signals.map((name) => process.listeners(name));
  const spinner = yoctoSpinner({ text, stream }).start();
  for (const [at, name] of signals.entries()) {
    const before = others[at] ?? [];
    if (before.length === 0) continue;
    for (const own of process.listeners(name)) if (!before.includes(own)) process.off(name, own);
  }
  return spinner;
}
