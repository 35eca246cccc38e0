import { ListenError } from '../../verifier/http/listen-error.ts';

const TRIES = 100;

/** Listen at a usual port, or the next that nobody has. @throws whatever else keeps it from listening */
export async function atFreePort<T>(usual: number, listenAt: (port: number) => Promise<T>): Promise<T> {
  for (let port = usual; ; port++) {
    try {
      return await listenAt(port);
    } catch (error) {
      const isTaken = error instanceof ListenError && error.code === 'PORT_IN_USE';
      if (!isTaken || port === usual + TRIES) throw error;
    }
  }
}
