import pc from 'picocolors';
import yoctoSpinner from 'yocto-spinner';

/** Prints what a long command does: one line a step, with a spinner while a step takes its time. */
export interface Steps {
  /** Run one step; `told` makes its line from what it gave: what it proves, in a few words. */
  readonly step: <T>(title: string, work: () => Promise<T>, told: (result: T) => string) => Promise<T>;
  /** A heading between groups of steps. */
  readonly heading: (text: string) => void;
  /** Text of its own, such as a QR code. */
  readonly text: (text: string) => void;
}

/** Steps on the terminal, or plain lines where standard output is none. */
export function terminalSteps(color: boolean): Steps {
  const colors = pc.createColors(color);
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  return {
    async step(title, work, told) {
      const started = performance.now();
      const spinner = process.stdout.isTTY
        ? yoctoSpinner({ text: title, stream: process.stdout }).start()
        : undefined;
      // A pipe shows no spinner: say once that a step takes longer than a second.
      const late =
        spinner === undefined ? setTimeout(() => write(`  … ${title}, still working`), 1000) : undefined;
      try {
        const result = await work();
        spinner?.stop();
        const seconds = (performance.now() - started) / 1000;
        const took = seconds < 1 ? '' : `, ${seconds.toFixed(1)} s`;
        write(`${colors.green('✓')} ${colors.bold(title)}: ${told(result)}${colors.dim(took)}`);
        return result;
      } catch (error) {
        spinner?.stop();
        write(`${colors.red('✗')} ${colors.bold(title)}`);
        throw error;
      } finally {
        clearTimeout(late);
      }
    },
    heading: (text) => write(`\n${colors.bold(colors.cyan(text))}`),
    text: write,
  };
}
