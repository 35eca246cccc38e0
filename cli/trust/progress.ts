/** Say on standard error that a command is still at work, from one second on, so that nobody takes it for stuck. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stderr.write(`${what}: ${seconds} s so far\n`);
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
