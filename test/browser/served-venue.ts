import { serve } from '../../verifier/node/http/serve.ts';
import type { RunningServer, ServeOptions } from '../../verifier/node/http/serve.ts';
import type { Venue } from '../../verifier/node/venue.ts';
import { venueOf } from './venue.ts';
import type { Knowledge } from './venue.ts';

/** A server of one page, of a venue whose knowledge a test changes. */
export interface ServedVenue {
  readonly url: string;
  readonly port: string;
  /** Have it know something else from now on. */
  readonly know: (knowledge: Knowledge) => void;
  readonly stop: () => Promise<void>;
  /** Again, at the same port. */
  readonly start: () => Promise<void>;
}

/** Serve the pages of that folder. */
export async function serveVenue(
  pages: string,
  knowledge: Knowledge | undefined,
  options: ServeOptions = {},
  /** The server of the page; a verifier node unless told. */
  open: (venue: Venue, options: ServeOptions) => Promise<RunningServer> = serve,
): Promise<ServedVenue> {
  let venue = venueOf(knowledge);
  let withdrawn = knowledge?.withdrawn ?? [];
  const live: Venue = {
    trust: () => venue.trust(),
    terms: (asked) => venue.terms(asked),
    report: () => venue.report(),
    bundle: async () => venue.bundle(),
    log: () => venue.log(),
  };
  const listenAt = async (port: number): Promise<RunningServer> =>
    open(live, {
      ...options,
      port,
      threads: 0,
      pages: async () => Promise.resolve(pages),
      withdrawnSetups: async () => Promise.resolve(withdrawn),
    });
  let node = await listenAt(0);
  const { port } = new URL(node.url);
  return {
    url: node.url,
    port,
    know: (next) => {
      venue = venueOf(next);
      withdrawn = next.withdrawn ?? [];
    },
    stop: async () => node.stop(),
    start: async () => {
      node = await listenAt(Number(port));
    },
  };
}
