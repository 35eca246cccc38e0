import yoctoSpinner from 'yocto-spinner';

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
  const spinner = stream.isTTY ? yoctoSpinner({ text: what, stream }).start() : undefined;
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
