/** JMESPath with Kyverno's functions, bounded. A value that is not there is an error, as in Kyverno's own version of the language. */
import { compile, type JSONValue, registerFunction, search, TYPE_ANY } from '@jmespath-community/jmespath';
import { once } from '../../../base/once';
import type { Plain } from '../../../yaml/node';
import { Budget } from '../cel/budget';
import { NotEvaluated } from '../cel/program';
import { NeedsCluster } from './function-arguments';
import { kyvernoFunctions } from './jmespath-functions';
import type { PlainMap } from './plain-values';

export type QueryResult =
	| { readonly kind: 'value'; readonly value: Plain }
	/** Something on the way is missing. */
	| { readonly kind: 'not-found' }
	| { readonly kind: 'error'; readonly message: string }
	| { readonly kind: 'not-evaluated'; readonly why: string };

/** The library keeps its functions in one place for all; nothing but this module uses it. */
const registerFunctions = once(() => {
	const budget = new Budget();
	for (const [name, { arguments: count, run }] of Object.entries(kyvernoFunctions(budget))) {
		registerFunction(
			name,
			values => run(...(values as readonly Plain[])) as JSONValue,
			Array.from({ length: count }, () => ({ types: [TYPE_ANY] })),
			{ override: true },
		);
	}
	// The community's additions that Kyverno does not have and that make texts of any length.
	for (const name of ['pad_left', 'pad_right']) {
		registerFunction(
			name,
			() => {
				throw new Error(`unknown function: ${name}`);
			},
			[{ types: [TYPE_ANY], variadic: true }],
			{ override: true },
		);
	}
	return budget;
});

const MAX_SOURCE = 4_000;
/** How many times larger than its input a result may become by writing things twice. */
const MAX_COPIES = 4_096;

/** The value of an expression in a context. */
export function query(context: Plain, source: string): QueryResult {
	return evaluate(source, NOT_IN_KYVERNO, () => ({ context, source }));
}

/** What the functions of all queries in `run` cost is counted together. */
export function asOneQuery<T>(run: () => T): T {
	return registerFunctions().within(run);
}

/** As `query`, in the language of assertions, where `$name` stands for what is bound to the name. */
export function queryWithBindings(value: Plain, source: string, bindings: PlainMap): QueryResult {
	return evaluate(source, NOT_IN_ASSERTIONS, tree => {
		const names = variablesOf(tree).filter(name => Object.hasOwn(bindings, name));
		if (names.length === 0) return { context: value, source };
		const context = { value, bindings: Object.fromEntries(names.map(name => [name, bindings[name]!])) };
		return {
			context,
			source: `let ${names.map(name => `$${name} = bindings.${name}`).join(', ')} in value | (${source})`,
		};
	});
}

function evaluate(
	source: string,
	refused: ReadonlySet<unknown>,
	prepare: (tree: unknown) => { readonly context: Plain; readonly source: string },
): QueryResult {
	if (source.length > MAX_SOURCE)
		return { kind: 'not-evaluated', why: `the expression is longer than ${MAX_SOURCE} characters` };
	const budget = registerFunctions();
	try {
		const tree: unknown = compile(source);
		if (hasNode(tree, refused))
			return { kind: 'not-evaluated', why: `"${source}" is no JMESPath that Kyverno understands` };
		if (copiesOf(tree) > MAX_COPIES) return { kind: 'not-evaluated', why: 'the expression could grow too large' };
		const prepared = prepare(tree);
		const value = budget.within(() => search(prepared.context as JSONValue, prepared.source) as Plain | undefined);
		return value === null || value === undefined ? { kind: 'not-found' } : { kind: 'value', value };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		if (
			error instanceof NeedsCluster ||
			error instanceof NotEvaluated ||
			error instanceof RangeError ||
			/^Unknown function/.test(message)
		)
			return { kind: 'not-evaluated', why: message };
		return { kind: 'error', message };
	}
}

/** What the community has added to the language: with the root and variables, loops could run over everything again at each step. */
const NOT_IN_KYVERNO: ReadonlySet<unknown> = new Set(['Root', 'Variable', 'LetExpression']);

/** Assertions may name what was bound above them. */
const NOT_IN_ASSERTIONS: ReadonlySet<unknown> = new Set(['Root', 'LetExpression']);

function variablesOf(tree: unknown): readonly string[] {
	if (Array.isArray(tree)) return [...new Set(tree.flatMap(variablesOf))];
	if (typeof tree !== 'object' || tree === null) return [];
	if ('type' in tree && tree.type === 'Variable' && 'name' in tree) return [String(tree.name)];
	return variablesOf(Object.values(tree));
}

function hasNode(tree: unknown, types: ReadonlySet<unknown>): boolean {
	if (Array.isArray(tree)) return tree.some(item => hasNode(item, types));
	if (typeof tree !== 'object' || tree === null) return false;
	return ('type' in tree && types.has(tree.type)) || Object.values(tree).some(item => hasNode(item, types));
}

/** How often at most the input can stand in the result: the product of all lists and maps that the expression builds. */
function copiesOf(tree: unknown): number {
	if (Array.isArray(tree)) return tree.reduce<number>((product, item) => product * copiesOf(item), 1);
	if (typeof tree !== 'object' || tree === null) return 1;
	const own =
		'type' in tree && (tree.type === 'MultiSelectList' || tree.type === 'MultiSelectHash') && 'children' in tree
			? Math.max(1, (tree.children as readonly unknown[]).length)
			: 1;
	return Object.values(tree).reduce<number>((product, item) => product * copiesOf(item), own);
}
