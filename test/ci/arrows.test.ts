import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A file of the tree, a line in it, and the rule that must find it. */
type Offence = readonly [file: string, line: string, rule: string];

const imports = (specifier: string): string => `export * from '${specifier}';`;
const ARROW = 'eslint(no-restricted-imports)';

const FORBIDDEN: readonly Offence[] = [
  ['credential/a.ts', imports('../contracts/abi.ts'), ARROW],
  ['credential/a.ts', imports('../agent/agent.ts'), ARROW],
  ['credential/a.ts', imports('../verifier/pipeline/verify.ts'), ARROW],
  ['credential/a.ts', imports('../wallet/main.ts'), ARROW],
  ['credential/a.ts', imports('../cli/exit.ts'), ARROW],
  ['credential/a.ts', imports('../test/support/data.ts'), ARROW],
  ['credential/a.ts', imports('./../verifier/../agent/agent.ts'), ARROW],
  ['credential/a.ts', imports('ethers'), ARROW],
  ['credential/a.ts', imports('@veramo/core'), ARROW],
  ['credential/a.ts', imports('node:fs'), ARROW],
  ['credential/a.ts', `export type { X } from '../agent/agent.ts';`, ARROW],
  ['credential/a.ts', `export const x = await import('../agent/agent.ts');`, ARROW],
  ['credential/a.ts', `export const x = await import('node:fs');`, ARROW],
  [
    'credential/a.ts',
    `export type X = import('../agent/agent.ts').X;`,
    'typescript(consistent-type-imports)',
  ],
  ['credential/a.ts', imports('fs'), 'import(no-nodejs-modules)'],
  ['credential/a.ts', `export const x = Buffer.alloc(1);`, 'eslint(no-restricted-globals)'],
  ['credential/a-node.ts', imports('../agent/agent.ts'), ARROW],

  ['verifier/pipeline/a.ts', imports('../../contracts/log-reader.ts'), ARROW],
  ['verifier/pipeline/a.ts', imports('../../contracts/ignition/modules/issuer-registry.ts'), ARROW],
  ['verifier/pipeline/a.ts', imports('../../agent/agent.ts'), ARROW],
  ['verifier/pipeline/a.ts', imports('../node/trust-store.ts'), ARROW],
  ['verifier/pipeline/a.ts', imports('../web/main.ts'), ARROW],
  ['verifier/pipeline/a.ts', imports('../../wallet/main.ts'), ARROW],
  ['verifier/pipeline/a.ts', imports('../../cli/exit.ts'), ARROW],
  ['verifier/pipeline/a.ts', imports('node:crypto'), ARROW],
  ['verifier/pipeline/a.ts', imports('crypto'), 'import(no-nodejs-modules)'],
  ['verifier/pipeline/a.ts', imports('ethers'), ARROW],
  ['verifier/pipeline/a.ts', imports('level'), ARROW],
  ['verifier/pipeline/a.ts', `export const now = Date.now();`, 'eslint(no-restricted-properties)'],
  ['verifier/pipeline/a.ts', `export const x = fetch('https://a.example');`, 'eslint(no-restricted-globals)'],

  ['verifier/node/a.ts', imports('../../agent/agent.ts'), ARROW],
  ['verifier/node/a.ts', imports('../web/main.ts'), ARROW],
  ['verifier/node/a.ts', imports('../../cli/exit.ts'), ARROW],
  ['verifier/node/a.ts', imports('../../wallet/main.ts'), ARROW],
  ['verifier/node/a.ts', imports('@veramo/core'), ARROW],

  ['verifier/web/a.ts', imports('../../agent/agent.ts'), ARROW],
  ['verifier/web/a.ts', imports('../node/trust-store.ts'), ARROW],
  ['verifier/web/a.ts', imports('../../contracts/abi.ts'), ARROW],
  ['verifier/web/a.ts', imports('node:fs'), ARROW],

  ['wallet/a.ts', imports('../agent/agent.ts'), ARROW],
  ['wallet/a.ts', imports('../verifier/node/trust-store.ts'), ARROW],
  ['wallet/a.ts', imports('../verifier/web/main.ts'), ARROW],
  ['wallet/a.ts', imports('../contracts/abi.ts'), ARROW],
  ['wallet/a.ts', imports('node:fs'), ARROW],

  ['agent/a.ts', imports('../verifier/node/trust-store.ts'), ARROW],
  ['agent/a.ts', imports('../verifier/web/main.ts'), ARROW],
  ['agent/a.ts', imports('../wallet/main.ts'), ARROW],
  ['agent/a.ts', imports('../cli/exit.ts'), ARROW],

  ['contracts/a.ts', imports('../credential/jwk.ts'), ARROW],
  ['contracts/a.ts', imports('../verifier/pipeline/verify.ts'), ARROW],
  ['contracts/a.ts', imports('../agent/agent.ts'), ARROW],
  ['contracts/a.ts', imports('../cli/exit.ts'), ARROW],
  ['contracts/ignition/modules/a.ts', imports('../../../credential/jwk.ts'), ARROW],

  ['agent/desk/a.ts', imports('../issuer.ts'), ARROW],
  ['agent/desk/a.ts', `export type { X } from '../products.ts';`, ARROW],
  ['agent/desk/a.ts', imports('../service/app.ts'), ARROW],
  ['agent/desk/a.ts', imports('../../verifier/http/problem.ts'), ARROW],
  ['agent/desk/a.ts', imports('../../contracts/abi.ts'), ARROW],
  ['agent/desk/a.ts', imports('zod'), ARROW],
  ['agent/desk/a.ts', imports('node:fs'), ARROW],
  ['agent/desk/words/a.ts', imports('../../issuer.ts'), ARROW],
  ['agent/a.ts', imports('./desk/main.ts'), ARROW],

  ['cli/a.ts', imports('../test/support/data.ts'), ARROW],

  ['agent/a.ts', `export default 1;`, 'import(no-default-export)'],
  ['agent/a.ts', `console.log(1);`, 'eslint(no-console)'],
  ['agent/a.ts', `export const x = process.env['HOME'];`, 'node(no-process-env)'],
  ['agent/a.ts', `Promise.resolve();`, 'typescript(no-floating-promises)'],
  ['agent/a.ts', `export const x = (y: any): unknown => y;`, 'typescript(no-explicit-any)'],
  ['agent/a.ts', `// a line\n`.repeat(301), 'eslint(max-lines)'],
  ['test/a.ts', `// a line\n`.repeat(601), 'eslint(max-lines)'],
];

const ALLOWED: readonly (readonly [file: string, line: string])[] = [
  ['credential/a.ts', imports('./errors.ts')],
  ['credential/a.ts', imports('pako')],
  ['credential/a-node.ts', imports('node:zlib')],
  ['verifier/pipeline/a.ts', imports('../../credential/jws.ts')],
  ['verifier/pipeline/a.ts', imports('../../contracts/abi.ts')],
  ['verifier/node/a.ts', imports('../pipeline/verify.ts')],
  ['verifier/node/a.ts', imports('../../contracts/log-reader.ts')],
  ['verifier/node/a.ts', imports('../../credential/jws.ts')],
  ['verifier/node/a.ts', imports('level')],
  ['verifier/web/a.ts', imports('../pipeline/verify.ts')],
  ['wallet/a.ts', imports('../verifier/pipeline/verify.ts')],
  ['wallet/a.ts', imports('../verifier/web/parts/camera.ts')],
  ['agent/a.ts', imports('../verifier/pipeline/verify.ts')],
  ['agent/a.ts', imports('../contracts/registry-client.ts')],
  ['agent/a.ts', imports('../credential/jws.ts')],
  ['agent/desk/a.ts', imports('./elements.ts')],
  ['agent/desk/a.ts', imports('../../verifier/pipeline/words/language.ts')],
  ['agent/desk/words/a.ts', imports('../answers.ts')],
  ['contracts/a.ts', imports('./abi.ts')],
  ['cli/a.ts', imports('../agent/agent.ts')],
  ['cli/a.ts', `console.log(1);`],
  ['test/a.ts', imports('../agent/agent.ts')],
  ['bench/a.ts', imports('../agent/agent.ts')],
];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

let folder = '';
let found = new Map<string, readonly string[]>();

/** Each snippet gets a file of its own beside the one it stands for, so that one run judges them all. */
const place = (file: string, index: number): string => file.replace(/a(-node)?\.ts$/, `case-${index}$1.ts`);
const forbiddenFile = (index: number): string => place(FORBIDDEN[index]?.[0] ?? '', index);
const allowedFile = (index: number): string => place(ALLOWED[index]?.[0] ?? '', 1000 + index);

async function lint(): Promise<readonly Diagnostic[]> {
  const child = spawn(join(ROOT, 'node_modules/.bin/oxlint'), ['--format=json'], { cwd: folder });
  let output = '';
  for await (const text of child.stdout.setEncoding('utf8')) output += String(text);
  return (JSON.parse(output) as { diagnostics: readonly Diagnostic[] }).diagnostics;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-arrows-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    await cp(join(ROOT, file), join(folder, file));
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const snippets = [
    ...FORBIDDEN.map(([, line], index) => [forbiddenFile(index), line] as const),
    ...ALLOWED.map(([, line], index) => [allowedFile(index), line] as const),
  ];
  for (const [file, line] of snippets) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${line}\n`);
  }
  const byFile = Map.groupBy(await lint(), ({ filename }) => filename.replaceAll('\\', '/'));
  found = new Map([...byFile].map(([file, diagnostics]) => [file, diagnostics.map(({ code }) => code)]));
});

after(() => rm(folder, { recursive: true, force: true }));

for (const [index, [file, line, rule]] of FORBIDDEN.entries()) {
  test(`${dirname(file)} may not say: ${line.split('\n')[0] ?? ''} (${rule})`, () => {
    assert.ok(found.get(forbiddenFile(index))?.includes(rule));
  });
}

for (const [index, [file, line]] of ALLOWED.entries()) {
  test(`${file} may say: ${line}`, () => {
    assert.equal(found.get(allowedFile(index)), undefined);
  });
}
