import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, posix } from 'node:path';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A file of the page, ready to be sent. */
export interface DeskFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** RFC 9110 section 8.8.3. */
  readonly tag: string;
}

/** The root of the sources, or of the JavaScript that was made of them: the page is served from either, and never built. */
const ROOT = new URL('../../', import.meta.url);
const SCRIPT = extname(fileURLToPath(import.meta.url));
const MAIN = `agent/desk/main${SCRIPT}`;
const STYLE = 'agent/desk/desk.css';
const ICON = 'agent/desk/desk-icon.svg';
const IMPORTED = /^(?:import|export)\b[^;'"]*?\bfrom\s+['"](\.{1,2}\/[^'"]+)['"]/gm;

/** What the page is made of: the HTML, and each file by its path below `/desk/`. */
export interface DeskFiles {
  readonly page: DeskFile;
  readonly files: ReadonlyMap<string, DeskFile>;
}

/**
 * Reads the page with everything that its modules import, and nothing else: what may be asked for is this list, so that no
 * path leads out of it. Types are taken out of TypeScript as Node does it, which changes no line and needs no bundler.
 */
export async function readDeskFiles(): Promise<DeskFiles> {
  const files = new Map<string, DeskFile>();
  const modules: string[] = [];
  const waiting = [MAIN];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (modules.includes(path)) continue;
    modules.push(path);
    const script = scriptOf(await readFile(new URL(path, ROOT), 'utf8'));
    files.set(path, fileOf('text/javascript; charset=utf-8', script));
    for (const [, imported = ''] of script.matchAll(IMPORTED)) {
      waiting.push(posix.join(posix.dirname(path), imported));
    }
  }
  files.set(STYLE, fileOf('text/css; charset=utf-8', await readFile(new URL(STYLE, ROOT), 'utf8')));
  files.set(ICON, fileOf('image/svg+xml', await readFile(new URL(ICON, ROOT), 'utf8')));
  return { page: fileOf('text/html; charset=utf-8', pageOf(modules)), files };
}

/** Before its modules say anything, the page says that it needs them to. */
function pageOf(modules: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>Pratique</title>
    <link rel="icon" href="desk/${ICON}" />
    <link rel="stylesheet" href="desk/${STYLE}" />
${modules.map((path) => `    <link rel="modulepreload" href="desk/${path}" />`).join('\n')}
    <script type="module" src="desk/${MAIN}"></script>
  </head>
  <body>
    <noscript>
      <p>This page needs JavaScript.</p>
      <p lang="es">Esta página necesita JavaScript.</p>
      <p lang="zh-Hant">本頁面需要 JavaScript。</p>
    </noscript>
  </body>
</html>
`;
}

function scriptOf(source: string): string {
  return SCRIPT === '.ts' ? withoutTypes(source) : source;
}

/** Node warns once that this is experimental; on standard error, where alarms stand, that says nothing to an operator. */
function withoutTypes(source: string): string {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (...warning: [string | Error, ...unknown[]]): void => {
    if (warning[1] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, warning);
  };
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function fileOf(type: string, text: string): DeskFile {
  const bytes = Buffer.from(text);
  return { type, bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
}
