import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { sampleRecord } from '../../agent/sample-records.ts';
import { IssuerError } from '../../agent/issuer-error.ts';

export interface SampleOptions {
  readonly people: number;
  readonly seed: number;
  readonly today?: string;
  readonly out?: string;
}

/** Records written at a time: as many as fit into memory without a thought. */
const BATCH = 256;

/** `pratique issuer sample`: records of made-up people, a FHIR bundle a line. */
export async function runSample({ people, seed, today, out }: SampleOptions): Promise<void> {
  const day = today ?? new Date().toISOString().slice(0, 10);
  const stream = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 });
  try {
    for (let place = 0; place < people; place += BATCH) {
      const lines = Array.from({ length: Math.min(BATCH, people - place) }, (_, at) =>
        JSON.stringify(sampleRecord(seed, place + at, day)),
      );
      if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain');
    }
    if (stream !== process.stdout) {
      stream.end();
      await finished(stream);
    }
  } catch (error) {
    throw new IssuerError('OUTPUT_UNWRITABLE', 'The records cannot be written there.', { cause: error });
  }
}
