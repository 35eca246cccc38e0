import { readdirSync, readFileSync } from 'node:fs';
import { compilerOutput } from './compiler.ts';

/*
 * Solidity that tells where it has been: each statement, and each condition when it is true and when it is false, calls
 * an address at which the chain of coverage-process.ts listens. Conditions are those of if, for, while and ?:, taken
 * apart at && and ||. A block of assembly is one statement.
 */

/** Something that is to be reached; its id is its place in the list. */
export interface Point {
  readonly file: string;
  readonly line: number;
  readonly what: 'statement' | 'true' | 'false';
  /** Beginning of its source text. */
  readonly text: string;
}

export interface Instrumented {
  /** Sources by name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

/** A node of the compiler's syntax tree: `src` is "start:length:file" in bytes. */
interface Node {
  readonly nodeType: string;
  readonly src: string;
  readonly [member: string]: unknown;
}

type Edit = readonly [at: number, text: string];

const ROOT = new URL('../../', import.meta.url);
const LIBRARY = 'coverage/Reached.sol';

/** The address that Hardhat's chain listens at; what is called there takes the id, in 32 bytes. */
const REACHED = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;
library Reached {
    function _call(uint256 id) private view {
        assembly ("memory-safe") {
            mstore(0x00, id)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0x00, 0x20, 0x00, 0x00))
        }
    }
    function _asPure(function(uint256) internal view from) private pure returns (function(uint256) internal pure to) {
        assembly { to := from }
    }
    function at(uint256 id) internal pure {
        _asPure(_call)(id);
    }
    function when(uint256 id, bool condition) internal pure returns (bool) {
        at(condition ? id : id + 1);
        return condition;
    }
}
`;

/** Statements that end with a brace. */
const BRACED = new Set([
  'Block',
  'UncheckedBlock',
  'InlineAssembly',
  'IfStatement',
  'ForStatement',
  'WhileStatement',
]);
/** Statements that begin and end somewhere and hold no others. */
const PLAIN = new Set([
  'Break',
  'Continue',
  'EmitStatement',
  'ExpressionStatement',
  'InlineAssembly',
  'PlaceholderStatement',
  'Return',
  'RevertStatement',
  'VariableDeclarationStatement',
]);

/** The contracts of this project by their names. */
export function contractSources(): Record<string, string> {
  const names = readdirSync(new URL('contracts/', ROOT)).filter((name) => name.endsWith('.sol'));
  return Object.fromEntries(
    names.map((name) => [`contracts/${name}`, readFileSync(new URL(`contracts/${name}`, ROOT), 'utf8')]),
  );
}

/** Sources with their calls, and what these calls mean. */
export function instrument(sources: Readonly<Record<string, string>>): Instrumented {
  const settings = { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } };
  const parsed = compilerOutput(sources, settings) as { sources: Record<string, { ast: Node }> };
  const points: Point[] = [];
  const instrumented = Object.keys(sources).map((file): [string, string] => {
    const source = Buffer.from(sources[file] ?? '');
    const { ast } = parsed.sources[file] ?? {};
    const edits = ast === undefined ? [] : editsOf(ast, file, source, points);
    return [file, `import {Reached} from "${LIBRARY}"; ${edited(source, edits)}`];
  });
  return { sources: Object.fromEntries([...instrumented, [LIBRARY, REACHED]]), points };
}

/** The creation code of one contract, `file:Name`. */
export function compiledBytecode(sources: Readonly<Record<string, string>>, qualifiedName: string): string {
  const [file = '', name = ''] = qualifiedName.split(':');
  const output = compilerOutput(sources, {
    evmVersion: 'cancun',
    viaIR: true,
    // As little as keeps the stack from running too deep: this is run a few thousand times.
    optimizer: { enabled: true, details: { yul: true, yulDetails: { optimizerSteps: ':' } } },
    outputSelection: { [file]: { [name]: ['evm.bytecode.object'] } },
  }) as { contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>> };
  const object = output.contracts[file]?.[name]?.evm.bytecode.object;
  if (object === undefined) throw new Error(`There is no ${qualifiedName}.`);
  return `0x${object}`;
}

/** What no chain of coverage-process.ts heard of that ended with this folder. */
export function unreached(points: readonly Point[], folder: string): Point[] {
  const reached = new Set(
    readdirSync(folder)
      .filter((file) => file.startsWith('reached-'))
      .flatMap((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as number[]),
  );
  return points.filter((_, id) => !reached.has(id));
}

function editsOf(ast: Node, file: string, source: Buffer, points: Point[]): Edit[] {
  const edits: Edit[] = [];
  const point = (node: Node, what: Point['what']): number => {
    const { start, end } = placeOf(node);
    const line = source.subarray(0, start).toString().split('\n').length;
    const text = source.subarray(start, end).toString().split('\n')[0] ?? '';
    return points.push({ file, line, what, text }) - 1;
  };
  const reach = (node: Node): void => {
    if (node.nodeType === 'Block' || node.nodeType === 'UncheckedBlock') return;
    edits.push([placeOf(node).start, `Reached.at(${point(node, 'statement')}); `]);
  };
  const decide = (condition: Node): void => {
    const { start, end } = placeOf(condition);
    const id = point(condition, 'true');
    point(condition, 'false');
    edits.push([start, `Reached.when(${id}, `], [end, ')']);
  };

  const visit = (node: Node): void => {
    if (node.nodeType.endsWith('Statement') && !BRACED.has(node.nodeType) && !PLAIN.has(node.nodeType)) {
      throw new Error(`${file}: coverage does not know what a ${node.nodeType} is.`);
    }
    for (const statement of list(node['statements'])) reach(statement);
    for (const body of [node['trueBody'], node['falseBody'], node['body']]) {
      if (!isNode(body) || !/^(If|For|While)Statement$/.test(node.nodeType)) continue;
      if (body.nodeType === 'Block' || body.nodeType === 'UncheckedBlock') continue;
      edits.push([placeOf(body).start, '{ ']);
      reach(body);
      edits.push([endOf(body, source), ' }']);
    }
    if (isNode(node['condition'])) operandsOf(node['condition']).forEach(decide);
    else if (isLogical(node) && !inside.has(node)) operandsOf(node).forEach(decide);
    for (const child of childrenOf(node)) visit(child);
  };
  // What is decided as part of a condition is not decided a second time.
  const inside = new WeakSet<Node>();
  const operandsOf = (node: Node): Node[] => {
    inside.add(node);
    const components = list(node['components']);
    if (node.nodeType === 'TupleExpression' && components.length === 1) return components.flatMap(operandsOf);
    // Of `while (true)` nothing is decided.
    if (node.nodeType === 'Literal') return [];
    if (!isLogical(node)) return [node];
    return [node['leftExpression'], node['rightExpression']].filter(isNode).flatMap(operandsOf);
  };
  visit(ast);
  return edits;
}

function edited(source: Buffer, edits: readonly Edit[]): string {
  // Of edits at one place the earlier stands before the later: braces, the statement, then its conditions.
  const inOrder = edits.toSorted(([one], [other]) => one - other);
  const parts: string[] = [];
  let at = 0;
  for (const [place, text] of inOrder) {
    parts.push(source.subarray(at, place).toString(), text);
    at = place;
  }
  return [...parts, source.subarray(at).toString()].join('');
}

/** Behind the semicolon of a statement, which is no part of it for the compiler, or behind its last brace. */
function endOf(statement: Node, source: Buffer): number {
  const last = statement['falseBody'] ?? statement['trueBody'] ?? statement['body'];
  if (BRACED.has(statement.nodeType)) return isNode(last) ? endOf(last, source) : placeOf(statement).end;
  return source.indexOf(';', placeOf(statement).end - 1) + 1;
}

function placeOf({ src }: Node): { start: number; end: number } {
  const [start = 0, length = 0] = src.split(':').map(Number);
  return { start, end: start + length };
}

function isLogical(node: Node): boolean {
  return node.nodeType === 'BinaryOperation' && ['&&', '||'].includes(String(node['operator']));
}

function childrenOf(node: Node): Node[] {
  // Yul has conditions of its own.
  if (node.nodeType === 'InlineAssembly') return [];
  return Object.values(node).flatMap((value) => (isNode(value) ? [value] : list(value)));
}

function list(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'nodeType' in value;
}
