import type { RunningServer } from '../../verifier/node/http/serve.ts';
import type { LiveVenue } from '../../verifier/node/live-trust.ts';
import { announceServer, retractServer } from '../../verifier/node/running-server.ts';

/** Where the operator's other commands ask, since they cannot open the store meanwhile. */
export interface OperatorDoor {
  /** Say again where it is, if what is to be said of it changed. */
  readonly announce: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Announce a node in the folder of its store. One that serves TLS gets a second door, on loopback and without: its
 * certificate is for other devices, and the folder is its owner's alone.
 *
 * @param doors the node itself if it serves without TLS, and what opens the second door
 */
export async function openDoor(
  venue: LiveVenue,
  folder: string,
  { plain, open }: { readonly plain: RunningServer | undefined; readonly open: () => Promise<RunningServer> },
): Promise<OperatorDoor> {
  const own = plain === undefined ? await open() : undefined;
  const url = (plain ?? own)?.url ?? '';
  let said = '';
  let saying: Promise<void> = Promise.resolve();
  const announce = (): void => {
    const { anchored, exporter } = venue.report();
    const server = { url, exporter: anchored ? exporter : null };
    if (JSON.stringify(server) === said) return;
    said = JSON.stringify(server);
    saying = saying
      .then(() => announceServer(folder, server))
      // A full disk keeps nobody from deciding; it is tried again at the next sync.
      .catch(() => void (said = ''));
  };
  announce();
  await saying;
  return {
    announce,
    async close() {
      await saying;
      await own?.stop();
      await retractServer(folder);
    },
  };
}
