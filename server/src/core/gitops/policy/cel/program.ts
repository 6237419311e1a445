/**
 * Compiles and runs CEL expressions, bounded: what could take too long or grow too large is refused before it runs, as the API server refuses it by its cost
 * limits. Whatever an expression does, the answer is a value, an error in the words of CEL, or the reason why it cannot be
 * evaluated here.
 */
import { type ASTNode, type Environment } from '@marcbachmann/cel-js';
import type { Budget } from './budget';
import { type CelValue, largestCollection, longestText } from './cel-values';
import { withoutOptionalLiterals } from './optional-literals';

export type CelResult =
	| { readonly kind: 'value'; readonly value: CelValue }
	| { readonly kind: 'error'; readonly message: string }
	| { readonly kind: 'not-evaluated'; readonly why: string };

export interface CelProgram {
	run(variables: Readonly<Record<string, CelValue>>): CelResult;
}

/** Thrown inside of a running expression by what only a cluster could answer; `run` turns it into its result. */
export class NotEvaluated extends Error {
	override readonly name = 'NotEvaluated';
}

/** Steps of loops that one expression may take at most. */
const MAX_STEPS = 2_000_000;
const MAX_SOURCE = 20_000;
/** Where methods are called, each step may look at the longest text there is. */
const CHARACTERS_A_STEP = 10_000;
/** Characters that one expression may put together. */
const MAX_SUM = 50_000_000;

/** The program of an expression; an expression that does not parse or fit its types gives one that answers with why. */
export function compile(environment: Environment, written: string, budget: Budget): CelProgram {
	if (written.length > MAX_SOURCE)
		return fixed({ kind: 'not-evaluated', why: `the expression is longer than ${MAX_SOURCE} characters` });
	try {
		const source = withoutOptionalLiterals(written);
		const first = environment.parse(source);
		const rewritten = rewrite(source, first.ast);
		const parsed = rewritten === source ? first : environment.parse(rewritten);
		const shape = shapeOf(parsed.ast);
		return {
			run(variables) {
				const size = Math.max(
					shape.largestLiteral,
					...Object.values(variables).map(value => largestCollection(value, shape.perCharacter)),
					2,
				);
				const text = Math.max(...Object.values(variables).map(longestText), 0);
				if (
					size ** shape.loops * 2 ** shape.binds * Math.max(1, shape.calls ? text / CHARACTERS_A_STEP : 1) >
					MAX_STEPS
				)
					return {
						kind: 'not-evaluated',
						why: 'the expression could take too long: its loops are nested too deep for the size of what they run over',
					};
				if (text * shape.sums > MAX_SUM)
					return { kind: 'not-evaluated', why: 'the expression puts together a text that grows too long' };
				try {
					return { kind: 'value', value: budget.within<CelValue>(() => parsed(variables)) };
				} catch (error) {
					return failure(error);
				}
			},
		};
	} catch (error) {
		return fixed({ kind: 'not-evaluated', why: firstLine(error) });
	}
}

function fixed(result: CelResult): CelProgram {
	return { run: () => result };
}

/** Errors of types and of unknown functions say that this engine cannot tell; those of values are CEL's own answer. */
const TYPE_ERRORS: ReadonlySet<string> = new Set([
	'no_matching_overload',
	'unknown_variable',
	'invalid_macro_argument',
	'unsupported_type',
	'variable_type_mismatch',
	'invalid_comprehension_range',
]);

function failure(error: unknown): CelResult {
	for (let at: unknown = error; at instanceof Error; at = at.cause)
		if (at instanceof NotEvaluated) return { kind: 'not-evaluated', why: at.message };
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return TYPE_ERRORS.has(code) || !(error instanceof Error)
		? { kind: 'not-evaluated', why: firstLine(error) }
		: { kind: 'error', message: firstLine(error) };
}

function firstLine(error: unknown): string {
	return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}

/** The nodes below one. */
function childrenOf(node: ASTNode): readonly ASTNode[] {
	const found: ASTNode[] = [];
	const add = (part: unknown) => {
		if (Array.isArray(part)) part.forEach(add);
		else if (part && typeof part === 'object' && 'op' in part) found.push(part as ASTNode);
	};
	add(node.args);
	return found;
}

const LOOPS: ReadonlySet<string> = new Set([
	'all',
	'exists',
	'exists_one',
	'existsOne',
	'map',
	'filter',
	'transformList',
	'transformMap',
	'transformMapEntry',
	'sortBy',
]);

interface Shape {
	/** How deep loops are nested. */
	readonly loops: number;
	/** How many names are bound to what may double in size each time. */
	readonly binds: number;
	readonly largestLiteral: number;
	/** Whether methods are called, apart from loops. */
	readonly calls: boolean;
	/** How many times something is added to something. */
	readonly sums: number;
	/** 1 where texts are cut into lists. */
	readonly perCharacter: 0 | 1;
}

const CUTS: ReadonlySet<string> = new Set(['split', 'findAll', 'getQuery']);

function shapeOf(root: ASTNode): Shape {
	let binds = 0;
	let sums = 0;
	let calls = false;
	let largestLiteral = 1;
	let perCharacter: 0 | 1 = 0;
	const depth = (node: ASTNode): number => {
		if (node.op === 'rcall' && node.args[0] === 'bind') binds++;
		if (node.op === '+') sums++;
		if (node.op === 'rcall' && !LOOPS.has(node.args[0])) calls = true;
		if (node.op === 'rcall' && CUTS.has(node.args[0])) perCharacter = 1;
		if (node.op === 'list' || node.op === 'map') largestLiteral = Math.max(largestLiteral, node.args.length);
		if (node.op === 'value' && typeof node.args === 'string')
			largestLiteral = Math.max(largestLiteral, largestCollection(node.args, 1));
		const below = Math.max(0, ...childrenOf(node).map(depth));
		return node.op === 'rcall' && LOOPS.has(node.args[0]) ? below + 1 : below;
	};
	const loops = depth(root);
	return { loops, binds, calls, sums, largestLiteral, perCharacter };
}

/**
 * Calls that are answered by functions of ours: `has` of a field behind an index, which the library refuses; `matches`, whose patterns are
 * RE2 and must not be JavaScript's; `orValue`, which cel-go also answers for what is no optional. The positions of names are kept in order, so that the last is replaced first.
 */
function rewrite(source: string, root: ASTNode): string {
	const edits: { readonly at: number; readonly length: number; readonly text: string }[] = [];
	const visit = (node: ASTNode): void => {
		if (node.op === 'call' && node.args[0] === 'has' && behindIndex(node.args[1][0]))
			edits.push({ at: source.indexOf('has', node.range.start), length: 3, text: HAS });
		const renamed = node.op === 'rcall' ? RENAMED[node.args[0]] : undefined;
		if (node.op === 'rcall' && renamed !== undefined) {
			const [name, { range }] = node.args;
			const found = new RegExp(`\\.\\s*${name}\\b`).exec(source.slice(range.end));
			if (found)
				edits.push({ at: range.end + found.index + found[0].length - name.length, length: name.length, text: renamed });
		}
		childrenOf(node).forEach(visit);
	};
	visit(root);
	return edits
		.toSorted((a, b) => b.at - a.at)
		.reduce((text, { at, length, text: by }) => text.slice(0, at) + by + text.slice(at + length), source);
}

/** The names under which `environment.ts` registers them. */
export const HAS = 'hasField';
export const MATCHES = 'matchesRe2';
export const OR_VALUE = 'orElse';

/** Methods whose behaviour is ours, by the name that users write. */
const RENAMED: Readonly<Record<string, string>> = { matches: MATCHES, orValue: OR_VALUE };

function behindIndex(node: ASTNode | undefined): boolean {
	for (let at = node; at && (at.op === '.' || at.op === '.?' || at.op === '[]'); at = at.args[0])
		if (at.op === '[]') return true;
	return node !== undefined && node.op === '.' && !isChainOfNames(node);
}

function isChainOfNames(node: ASTNode): boolean {
	let at: ASTNode = node;
	while (at.op === '.' || at.op === '.?') at = at.args[0];
	return at.op === 'id';
}
