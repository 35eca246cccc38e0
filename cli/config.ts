import { resolve } from 'node:path';

/** What the command line takes from its surroundings; read here and nowhere else. */
export interface Config {
  /** Where a venue's trust data lives unless `--store` says otherwise. */
  readonly trustStore: string;
  /** Whether to draw colours: a terminal that did not ask for none (no-color.org). */
  readonly color: boolean;
}

/** Read the configuration from the process. */
export function readConfig(): Config {
  return {
    trustStore: resolve('.pratique', 'trust'),
    color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  };
}
