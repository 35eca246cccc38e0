import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { IssuerError } from '../../agent/issuer-error.ts';
import { loadRecords, type LoadReport } from '../../agent/records/load-records.ts';
import { RecordTable } from '../../agent/records/record-table.ts';
import { EXIT } from '../exit.ts';
import { cleanText } from '../display.ts';
import { withProgress } from '../trust/progress.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface LoadOptions extends IssuerOptions {
  readonly source: string;
  readonly format?: 'ndjson' | 'csv';
  readonly refused?: string;
}

/** `pratique issuer records load`: exit 65 if a person of the file was refused. */
export async function runLoadRecords(path: string, options: LoadOptions): Promise<void> {
  const { source, format = path.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson' } = options;
  const refusedPath = options.refused ?? `${path}.refused.ndjson`;
  await withIssuer(options, async (issuer) => {
    const file = await open(path, 'r').catch(() => {
      throw new IssuerError('INPUT_UNREADABLE', 'The file of records cannot be read.');
    });
    const refusals = new RefusedFile(refusedPath);
    try {
      const now = Math.floor(Date.now() / 1000);
      const done = await loadRecords(issuer.service, {
        file,
        format,
        source,
        now,
        onProgress: lineASecond(),
        onRefused: (line, reason) => {
          refusals.add(`${JSON.stringify({ line, reason })}\n`);
        },
      });
      await refusals.end();
      if (refusals.count > 0) process.exitCode = EXIT.refused;
      const refusedFile = refusals.count === 0 ? null : refusedPath;
      report(options, { ...done, refused: countsOf(done), refusedFile }, linesOf(done, refusedFile));
    } finally {
      await file.close();
    }
  });
}

/** `pratique issuer records list`. */
export async function runListRecords(options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const sources = await withProgress('Counting records', async () =>
      new RecordTable(issuer.service).list(),
    );
    report(
      options,
      { sources },
      sources.length === 0
        ? ['No records are loaded.']
        : sources.map(({ source, persons }) => `${String(persons).padStart(9)}  ${source}`),
    );
  });
}

/** `pratique issuer records drop`. */
export async function runDropRecords(source: string, options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const persons = await withProgress(`Dropping records of ${source}`, async () =>
      new RecordTable(issuer.service).drop(source),
    );
    if (persons === 0) throw new IssuerError('SOURCE_UNKNOWN', 'No records are loaded under this name.');
    report(options, { source, persons }, [
      `Dropped the records of ${persons} persons of ${cleanText(source)}.`,
    ]);
  });
}

const SAID_EVERY_MS = 1000;

function lineASecond(): (persons: number) => void {
  let said = performance.now();
  return (persons) => {
    if (performance.now() - said < SAID_EVERY_MS) return;
    said = performance.now();
    process.stderr.write(`Loading: ${persons} persons so far\n`);
  };
}

/** A file that is made when there is something to write; nothing of a person is in it. */
class RefusedFile {
  readonly #path: string;
  #stream: WriteStream | undefined;
  #failed = false;
  count = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(line: string): void {
    this.count++;
    if (this.#stream === undefined) {
      this.#stream = createWriteStream(this.#path, { mode: 0o600 });
      this.#stream.on('error', () => {
        this.#failed = true;
      });
    }
    this.#stream.write(line);
  }

  /** IssuerError OUTPUT_UNWRITABLE; the records are loaded all the same. */
  async end(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) return;
    if (!this.#failed) {
      stream.end();
      await once(stream, 'close').catch(() => undefined);
    }
    if (this.#failed) {
      throw new IssuerError(
        'OUTPUT_UNWRITABLE',
        'The records are loaded, and the file of those that were refused cannot be written.',
      );
    }
  }
}

function countsOf({ refused }: LoadReport): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(refused).map(([reason, { persons }]) => [reason, persons]));
}

function linesOf(done: LoadReport, refusedFile: string | null): readonly string[] {
  const { source, taken, changed, unchanged, duplicates, withdrawn } = done;
  const refused = Object.entries(countsOf(done)).toSorted(([, a], [, b]) => b - a);
  return [
    `Records of ${cleanText(source)}: ${taken} persons new, ${changed} changed, ${unchanged} as they were.`,
    ...(duplicates === 0 ? [] : [`  ${duplicates} stand in the file twice alike.`]),
    ...(withdrawn === 0
      ? []
      : [`  ${withdrawn} of them went again: the file holds two records of one identifier.`]),
    ...refused.map(([reason, count]) => `  ${String(count).padStart(9)} refused: ${reason}`),
    ...(refusedFile === null ? [] : [`  refused  ${cleanText(refusedFile)}: which lines, and why`]),
  ];
}
