// Makes dist/: the JavaScript of everything `pratique` reaches, and the data it reads. Node strips no types inside
// node_modules, so the published package cannot be the sources.

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildPages } from './pages.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });

const { status } = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  { stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);

cpSync('verifier/rules', 'dist/verifier/rules', { recursive: true });
for (const file of ['desk.css', 'desk-icon.svg']) cpSync(`agent/desk/${file}`, `dist/agent/desk/${file}`);
if (existsSync('cli/samples')) cpSync('cli/samples', 'dist/cli/samples', { recursive: true });
await buildPages(fileURLToPath(new URL('../dist/pages', import.meta.url)));
chmodSync('dist/cli/pratique.js', 0o755);
