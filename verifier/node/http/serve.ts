import { listen } from '../../http/listen.ts';
import type { ListenOptions, RunningServer } from '../../http/listen.ts';
import type { Venue } from '../venue.ts';
import { createApp } from './app.ts';
import { withDefaults } from './options.ts';
import type { AppOptions } from './options.ts';

export type { RunningServer } from '../../http/listen.ts';

/** Where to listen, and what for. */
export interface ServeOptions extends AppOptions, ListenOptions {}

/**
 * Serve a venue over HTTP, on loopback unless told otherwise.
 *
 * @throws ListenError TLS_REQUIRED, PORT_IN_USE, ADDRESS_UNAVAILABLE or TLS_INVALID
 */
export async function serve(venue: Venue, options: ServeOptions = {}): Promise<RunningServer> {
  return listen(createApp(venue, options), withDefaults(options).limits, options);
}
