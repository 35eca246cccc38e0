/** What is measured, in the order of the table: its name, what it is, and at most how much gas it may take. */
const ROWS = [
  ['deploy', 'Deploy the registry, with its lens (to the thousand)', undefined],
  ['jurisdiction', 'Open a jurisdiction', undefined],
  ['jurisdictionSuspended', 'Suspend a jurisdiction', undefined],
  ['accreditorProposed', 'Propose an accreditor', undefined],
  ['accreditorAccepted', 'Accept to accredit', undefined],
  ['governorProposed', 'Propose a governor', undefined],
  ['governorAccepted', 'Accept to govern', undefined],
  ['roleOffered', 'Offer the role of a guardian', undefined],
  ['roleAccepted', 'Accept a role', undefined],
  ['issuer', 'Register an issuer', 130_000],
  ['listedIssuer', 'List an issuer, one of a hundred in a transaction', 150_000],
  ['issuerUpdated', 'State anew what an issuer is', undefined],
  ['statusBase', 'State anew where its status data is', undefined],
  ['issuerStatus', 'Suspend an issuer', undefined],
  ['issuerHeld', 'Hold an issuer', undefined],
  ['operator', 'Name an operator', undefined],
  ['controllerProposed', 'Propose a controller', undefined],
  ['controllerAccepted', 'Accept to control', undefined],
  ['issuerOffered', 'Offer an issuer to another jurisdiction', undefined],
  ['issuerAccepted', 'Accept an issuer', undefined],
  ['key', 'Register a key with proof of possession', 115_000],
  ['keyRelayed', 'The same, signed and relayed', undefined],
  ['listedKey', 'List a key, one of a hundred and fifty in a transaction', 100_000],
  ['keyRevocation', 'Begin to revoke cards of a key', undefined],
  ['keyRetired', 'Retire a key', undefined],
  ['keyCompromised', 'Report a key stolen', undefined],
  ['keyBurned', 'Burn a key', undefined],
  ['anchorFirst', 'Anchor a list for the first time', undefined],
  ['anchorAgain', 'Anchor it again', 42_000],
  ['anchorByOperator', 'Anchor it again, by the operator', undefined],
  ['anchorRelayed', 'Anchor it again, signed and relayed', 56_000],
  ['anchorRenewed', 'Say that the last anchor still stands', undefined],
  ['rulesFirst', 'Publish a rule set', undefined],
  ['rulesAgain', 'Publish its next version', undefined],
  ['venue', 'Register a venue', undefined],
  ['venueStatus', 'Suspend a venue', undefined],
  ['successor', 'Announce a successor', undefined],
] as const;

/** Gas of one transaction each. */
export type Figures = Record<(typeof ROWS)[number][0], number>;

/** What may not be exceeded, by name. */
export const BUDGETS: readonly [keyof Figures, number][] = ROWS.flatMap(([name, , budget]) =>
  budget === undefined ? [] : [[name, budget]],
);

/**
 * Others, as their own tests ran on a local chain with npm's compiler and each project's own settings (ERC-1056 and EAS
 * optimised, LACPass 200 runs, indy-besu not optimised).
 */
const PEERS: readonly (readonly [what: string, gas: string, ours: keyof Figures])[] = [
  ['ERC-1056: set an attribute (a key), first, then again', '52,866, 35,766', 'key'],
  ['LACPass: add a member', '253,997', 'issuer'],
  ['LACPass: revoke a member', '60,140', 'issuerStatus'],
  ['indy-besu: create a DID', '629,185', 'issuer'],
  ['EAS: attest', '180,132', 'issuer'],
  ['OpenAttestation: revoke one document', '47,980', 'anchorAgain'],
];

/** docs/gas.md: figures with and without the P-256 precompile (EIP-7951), and bytes of code. */
export function gasTable(
  { osaka, cancun }: Record<'osaka' | 'cancun', Figures>,
  sizes: { readonly registry: number; readonly lens: number },
): string {
  const ours = table(
    ['What', 'Gas', 'Without precompile', 'At most'],
    ROWS.map(([name, what, budget]) => [
      what,
      number(osaka[name]),
      number(cancun[name]),
      budget === undefined ? '' : number(budget),
    ]),
  );
  const peers = table(
    ['Elsewhere', 'Gas', 'What does that here', 'Gas'],
    PEERS.map(([what, gas, name]) => [what, gas, labelOf(name), number(osaka[name])]),
  );
  return `# What the registry costs

Written by \`node --test --test-update-snapshots test/contracts/gas.test.ts\`; the test fails when a figure is another.

Gas of one transaction, log included, on Hardhat's chain: names and URLs of the length that real ones have, counts of a
list of six million cards. "Without precompile" is a chain that verifies P-256 in Solidity, as before EIP-7951.

${ours}
The registry's code is ${number(sizes.registry)} bytes of the ${number(MAX_CODE_BYTES)} that EIP-170 permits, its lens ${number(sizes.lens)}.

## Beside others

Their own tests on a local chain, with the compiler of npm and each project's own settings.

${peers}
A key elsewhere is stored without a proof that anybody holds it. What OpenAttestation revokes is one document, what we
anchor the revocation of all of an issuer's.
`;
}

/** EIP-170. */
export const MAX_CODE_BYTES = 24_576;

function labelOf(name: keyof Figures): string {
  return ROWS.find(([row]) => row === name)?.[1] ?? name;
}

/** Columns as wide as prettier makes them, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = head.map((_, column) => rows.every((row) => /^[\d, ]*$/.test(row[column] ?? '')));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (isNumber[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(' | ')} |\n`;
  const rule = widths.map((width, i) =>
    isNumber[i] === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return line(head) + line(rule) + rows.map(line).join('');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
