import type { Logger } from 'pino';
import { placesOf } from '../../http/request-log.ts';

/**
 * End the process on an error that nobody expected, without what Node would print: its message or the line of source
 * beside it may quote a card. Exit 70, as every internal fault.
 */
export function endSilently(log: Logger | undefined): void {
  const end = (error: unknown): void => {
    log?.fatal({ code: 'INTERNAL', places: placesOf(error) });
    process.exit(70);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
