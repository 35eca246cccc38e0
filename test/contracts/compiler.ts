import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Solc {
  compile(input: string, readers: { import: (path: string) => { contents: string } }): string;
}

const ROOT = new URL('../../', import.meta.url);

/** The compiler's answer, for what Hardhat does not ask of it; errors are thrown. */
export function compilerOutput(sources: Readonly<Record<string, string>>, settings: object): unknown {
  const solc = createRequire(import.meta.url)('solc') as Solc;
  const named = Object.entries(sources).map(([name, content]) => [name, { content }]);
  const input = { language: 'Solidity', sources: Object.fromEntries(named) as object, settings };
  const read = (path: string): { contents: string } => ({
    contents: readFileSync(new URL(path.startsWith('@') ? `node_modules/${path}` : path, ROOT), 'utf8'),
  });
  const output: unknown = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
  const { errors = [] } = output as { errors?: { severity: string; formattedMessage: string }[] };
  const error = errors.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.formattedMessage);
  return output;
}
