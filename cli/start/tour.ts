import type { Doors } from './doors.ts';
import { SAMPLE_PEOPLE } from './sample-people.ts';
import type { KeptService } from './service.ts';

/** Where everything is, and what to do with it in a minute. */
export function tour(service: KeptService, doors: Doors): readonly string[] {
  const [maria] = SAMPLE_PEOPLE;
  return [
    ...boxed([
      ['issuer desk', `${service.url}/desk`],
      ['wallet', doors.wallet],
      ['scanner', doors.scanner],
    ]),
    '',
    'A tour of a minute; nobody in it exists:',
    '  1 Retrieve  Open the wallet, choose a PIN, press “Get my passes”. You are',
    `              ${lineOf(maria)}. The code that is sent to`,
    `              ${maria.phone} comes here, into this terminal.`,
    '  2 Show      At her Vaccination Pass press “Show code”, then “Show the Pass”.',
    '  3 Scan      Open the scanner and hold the wallet’s code to its camera. With one machine: take a picture',
    '              of the screen with the code on it, and paste or drop that into the scanner: green.',
    '  4 Revoke    Sign in at the desk by the key of a clerk, find her, revoke that pass. Here it says',
    '              when that has reached the chain: within 5 seconds.',
    '  5 Again     Load the scanner anew 5 seconds later (by itself it asks every minute), and scan: red.',
    '',
    `  key of a clerk       ${service.keys.clerk}`,
    `  key of a supervisor  ${service.keys.supervisor}`,
    '',
    'On record are, and may retrieve their passes:',
    ...SAMPLE_PEOPLE.map((person) => `  ${lineOf(person)}: ${person.says}`),
    '',
    `The issuer answers at ${service.url}, for programs too: ${service.url}/openapi.json`,
  ];
}

function lineOf({ given, family, birthDate, zip }: (typeof SAMPLE_PEOPLE)[number]): string {
  return `${given} ${family}, born ${birthDate}, ZIP code ${zip}`;
}

function boxed(rows: readonly (readonly [what: string, url: string])[]): readonly string[] {
  const lines = rows.map(([what, url]) => `${what.padEnd(13)}${url}`);
  const width = Math.max(...lines.map(({ length }) => length));
  const edge = '─'.repeat(width + 2);
  return [`┌${edge}┐`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `└${edge}┘`];
}
