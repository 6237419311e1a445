/** Fills in `{{ JMESPath }}` variables and `$(path)` references of rules; kyverno `pkg/engine/variables`. */
import type { Plain } from '../../../yaml/node';
import { query } from './jmespath';
import { get, isList, isMap, mapOf, printed } from './plain-values';

/** What a rule can ask of: `request`, `element`, `images`, and what its own context adds. */
export type Context = { readonly [name: string]: Plain };

/** A variable that has no value; the rule ends with an error. */
export class Unresolved extends Error {
	override readonly name = 'Unresolved';
}

/** A variable that only a cluster could resolve; nothing is said of the rule. */
export class Unanswerable extends Error {
	override readonly name = 'Unanswerable';
}

/** Innermost first: a variable may have variables in it. */
const VARIABLE = /(\\?)\{\{((?:[^{}]|\{[^{}]*\})*)\}\}/;
/** Stands for braces that a backslash keeps, until all variables are filled in. */
const KEPT = '\u0000';
const MAX_SUBSTITUTIONS = 200;
const MAX_TEXT = 100_000;

/** The value with all variables filled in. Throws `Unresolved` and `Unanswerable`. */
export function substitute(value: Plain, context: Context): Plain {
	return walk(value, text => substituteText(text, context));
}

/** As `substitute`, but a variable without value is null; kyverno `SubstituteAllInPreconditions`. */
export function substituteLeniently(value: Plain, context: Context): Plain {
	return walk(value, text => {
		try {
			return substituteText(text, context);
		} catch (error) {
			if (error instanceof Unresolved) return null;
			throw error;
		}
	});
}

function walk(value: Plain, change: (text: string) => Plain): Plain {
	if (typeof value === 'string') return change(value);
	if (isList(value)) return value.map(item => walk(item, change));
	if (!isMap(value)) return value;
	return mapOf(
		Object.entries(value).map(([key, item]) => {
			const name = change(key);
			return [typeof name === 'string' ? name : printed(name), walk(item, change)];
		}),
	);
}

function substituteText(text: string, context: Context): Plain {
	let at = text;
	for (let count = 0; count < MAX_SUBSTITUTIONS; count++) {
		const found = VARIABLE.exec(at);
		if (!found) return at.replaceAll(KEPT, '{{');
		const [written, escape = '', inner = ''] = found;
		if (escape) {
			at = at.slice(0, found.index) + KEPT + written.slice(3) + at.slice(found.index + written.length);
			continue;
		}
		const value = resolve(inner.trim(), context);
		if (at === written) {
			if (typeof value !== 'string') return value;
			at = value;
		} else {
			const inserted = typeof value === 'string' ? value : JSON.stringify(value, bigAsNumber);
			at = at.slice(0, found.index) + inserted + at.slice(found.index + written.length);
		}
		if (at.length > MAX_TEXT) throw new Unanswerable('a text grows too long while its variables are filled in');
	}
	throw new Unanswerable('variables bring in variables without end');
}

/** Integers beyond 2^53 lose digits, as in Go's JSON. */
function bigAsNumber(_: string, value: unknown): unknown {
	return typeof value === 'bigint' ? Number(value) : value;
}

function resolve(expression: string, context: Context): Plain {
	const source =
		get(context, 'request', 'operation') === 'DELETE'
			? expression.replaceAll('request.object', 'request.oldObject')
			: expression.replace(/^@$/, 'target');
	const result = query(context, source);
	switch (result.kind) {
		case 'value':
			return result.value;
		case 'not-evaluated':
			throw new Unanswerable(result.why);
		case 'not-found':
			if (asksForUser(source)) throw new Unanswerable(`"${expression}" asks who sends a request`);
			throw new Unresolved(`variable ${expression} is not resolved`);
		case 'error':
			if (asksForUser(source)) throw new Unanswerable(`"${expression}" asks who sends a request`);
			throw new Unresolved(`failed to resolve ${expression}: ${result.message}`);
	}
}

function asksForUser(source: string): boolean {
	return /\b(request\.(userInfo|roles|clusterRoles)|serviceAccount(Name|Namespace))\b/.test(source);
}

/**
 * Fills in `$(./../path)` references to other places of the same pattern; kyverno `substituteReferences`. Without a leaf there, the text stays.
 */
export function substituteReferences(pattern: Plain): Plain {
	const visit = (value: Plain, path: readonly string[]): Plain => {
		if (typeof value === 'string')
			return value.replace(/\$\(([^ )]+)\)/g, (written, reference: string) => {
				const operator = /^(>=|<=|>|<|!)/.exec(reference)?.[0] ?? '';
				const target = leafAt(pattern, resolvePath(path, reference.slice(operator.length)));
				return target === undefined ? written : operator + target;
			});
		if (isList(value)) return value.map((item, i) => visit(item, [...path, String(i)]));
		if (isMap(value)) return mapOf(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
		return value;
	};
	return visit(pattern, []);
}

function resolvePath(from: readonly string[], reference: string): readonly string[] {
	const out = reference.startsWith('/') ? [] : [...from];
	for (const part of reference.split('/')) {
		if (part === '..') out.pop();
		else if (part !== '' && part !== '.') out.push(part);
	}
	return out;
}

/** Anchors around keys do not count on the way. */
function leafAt(pattern: Plain, path: readonly string[]): string | undefined {
	let at: Plain | undefined = pattern;
	for (const part of path) {
		const bare = (key: string) => key.replace(/^[<=^X+]?\((.+)\)$/, '$1');
		if (isList(at)) at = at[Number(part)];
		else if (isMap(at)) at = Object.entries(at).find(([key]) => bare(key) === bare(part))?.[1];
		else return undefined;
	}
	return at === undefined || at === null || isList(at) || isMap(at) ? undefined : String(at);
}
