/**
 * The macros of CEL's extension libraries that the expression library lacks: comprehensions with two variables, `sortBy`, and those of optional values; cel-go
 * `ext/comprehensions.go`, `ext/lists.go`, `cel/macro.go`.
 */
import { type ASTNode, type Environment, Optional } from '@marcbachmann/cel-js';
import { mapEntries } from './cel-values';
import { compareValues, equal } from './list-functions';

/** What the library hands to a macro; it has no types of its own for these. */
interface Scope {
	forkWithVariable(name: string, type: unknown): Scope;
	reuse(parent: Scope): Scope;
	setIterValue(value: unknown, evaluator: Evaluator): Scope;
}
interface Checker {
	check(node: ASTNode, scope: Scope): unknown;
	getType(name: string): unknown;
}
interface Evaluator {
	run(node: ASTNode, scope: Scope): unknown;
}
interface Call {
	readonly ast: ASTNode;
	readonly args: readonly ASTNode[];
	readonly receiver: ASTNode;
}

/** Runs a node with values for the macro's variables. */
type Body = (node: ASTNode, ...values: readonly unknown[]) => unknown;

/** A macro on a receiver, whose first `variables` arguments name what its other arguments may use. */
function macro(
	variables: number,
	result: string,
	evaluate: (receiver: unknown, bodies: readonly ASTNode[], run: Body) => unknown,
) {
	return ({ ast, args, receiver }: Call) => {
		const names = args.slice(0, variables).map(node => {
			if (node.op !== 'id') throw new Error('the name of a variable is expected');
			return node.args;
		});
		const bodies = args.slice(variables);
		let scopes: Scope[] = [];
		return {
			ast,
			async: false,
			typeCheck(checker: Checker, _: unknown, scope: Scope) {
				checker.check(receiver, scope);
				scopes = [];
				let inner = scope;
				for (const name of names) scopes.push((inner = inner.forkWithVariable(name, checker.getType('dyn'))));
				for (const body of bodies) checker.check(body, inner);
				return checker.getType(result);
			},
			evaluate(evaluator: Evaluator, _: unknown, scope: Scope) {
				return evaluate(evaluator.run(receiver, scope), bodies, (node, ...values) => {
					let inner = scope;
					scopes.forEach((own, i) => {
						inner = own.reuse(inner).setIterValue(values[i], evaluator);
					});
					return evaluator.run(node, inner);
				});
			},
		};
	};
}

/** Index and element of a list, key and value of a map. */
function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
	if (Array.isArray(value)) return value.map((item, i) => [BigInt(i), item]);
	const entries = mapEntries(value);
	if (!entries) throw new Error('no such overload: a list or a map is expected');
	return entries;
}

/** Whether one of the entries is as wanted; an error counts only where no other entry decides. */
function decided(
	receiver: unknown,
	test: (...entry: readonly [unknown, unknown]) => unknown,
	wanted: boolean,
): boolean {
	let failure: unknown;
	for (const [key, value] of entriesOf(receiver)) {
		try {
			if (test(key, value) === wanted) return true;
		} catch (error) {
			failure ??= error;
		}
	}
	if (failure !== undefined) throw failure;
	return false;
}

function mapped(
	receiver: unknown,
	bodies: readonly ASTNode[],
	run: Body,
	add: (key: unknown, value: unknown) => void,
): void {
	const [filter, transform] = bodies.length > 1 ? bodies : [undefined, bodies[0]];
	for (const [key, value] of entriesOf(receiver)) {
		if (filter === undefined || run(filter, key, value) === true) add(key, run(transform!, key, value));
	}
}

function insert(map: Map<unknown, unknown>, key: unknown, value: unknown): void {
	if ([...map.keys()].some(other => equal(other, key))) throw new Error('insert failed: key already exists');
	map.set(key, value);
}

/** Adds them to an environment. */
export function addMacros(environment: Environment): Environment {
	const add = (signature: string, handler: ReturnType<typeof macro>) =>
		// The library's type of a handler knows nothing of macros.
		environment.registerFunction(signature, handler as unknown as (...values: unknown[]) => unknown);
	add(
		'list.all(ast, ast, ast): bool',
		macro(2, 'bool', (on, [body], run) => !decided(on, (k, v) => run(body!, k, v), false)),
	);
	add(
		'list.exists(ast, ast, ast): bool',
		macro(2, 'bool', (on, [body], run) => decided(on, (k, v) => run(body!, k, v), true)),
	);
	const one = (count: number) =>
		macro(count, 'bool', (on, [body], run) => {
			const keys = count === 1 ? mapEntries(on)?.map(([key]) => key) : undefined;
			return (
				entriesOf(keys ?? on).filter(([k, v]) => (count === 1 ? run(body!, v) : run(body!, k, v)) === true).length === 1
			);
		});
	add('list.existsOne(ast, ast): bool', one(1));
	add('list.existsOne(ast, ast, ast): bool', one(2));
	add('list.exists_one(ast, ast, ast): bool', one(2));
	const toList = macro(2, 'list', (on, bodies, run) => {
		const out: unknown[] = [];
		mapped(on, bodies, run, (_, value) => out.push(value));
		return out;
	});
	const toMap = macro(2, 'map', (on, bodies, run) => {
		const out = new Map<unknown, unknown>();
		mapped(on, bodies, run, (key, value) => out.set(key, value));
		return out;
	});
	const toEntries = macro(2, 'map', (on, bodies, run) => {
		const out = new Map<unknown, unknown>();
		mapped(on, bodies, run, (_, made) => {
			for (const [key, value] of mapEntries(made) ?? []) insert(out, key, value);
		});
		return out;
	});
	for (const parameters of ['ast, ast, ast', 'ast, ast, ast, ast']) {
		add(`list.transformList(${parameters}): list`, toList);
		add(`list.transformMap(${parameters}): map`, toMap);
		add(`list.transformMapEntry(${parameters}): map`, toEntries);
	}
	add(
		'list.sortBy(ast, ast): list',
		macro(1, 'list', (on, [body], run) =>
			entriesOf(on)
				.map(([, item]) => ({ item, by: run(body!, item) }))
				.sort((a, b) => compareValues(a.by, b.by))
				.map(({ item }) => item),
		),
	);
	add(
		'optional.optMap(ast, ast): optional',
		macro(1, 'optional', (on, [body], run) => (isPresent(on) ? Optional.of(run(body!, on.value())) : Optional.none())),
	);
	add(
		'optional.optFlatMap(ast, ast): optional',
		macro(1, 'optional', (on, [body], run) => (isPresent(on) ? run(body!, on.value()) : Optional.none())),
	);
	return environment;
}

function isPresent(value: unknown): value is Optional {
	if (!(value instanceof Optional)) throw new Error('no such overload: an optional value is expected');
	return value.hasValue();
}
