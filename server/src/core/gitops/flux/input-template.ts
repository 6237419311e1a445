/**
 * The templates of ResourceSets as far as they only put inputs in: `<< inputs.name | quote >>`, with the functions of sprig that people use
 * there. Whatever decides or repeats is not evaluated, and what it gives is unknown (flux-operator `BuildResource`).
 */
import { child, type Node, type ScalarNode } from '../../yaml/node';

export type Filled =
	| { readonly kind: 'text'; readonly text: string; readonly used: readonly ScalarNode[] }
	/** An input that is not given: the operator stops there. */
	| { readonly kind: 'missing'; readonly name: string }
	| { readonly kind: 'unknown' };

const ACTION = /<<(- )?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?!>>)[^"`])*?)( -)?>>/g;

/** Whether the text has anything to evaluate. */
export function hasAction(text: string): boolean {
	return text.includes('<<');
}

/** The text with its inputs put in. */
export function fillTemplate(text: string, inputs: Node | undefined): Filled {
	const used: ScalarNode[] = [];
	let out = '';
	let from = 0;
	for (const { 0: all, 1: trimsBefore, 2: body = '', 3: trimsBehind, index } of text.matchAll(ACTION)) {
		const before = text.slice(from, index);
		out += trimsBefore ? before.trimEnd() : before;
		from = index + all.length;
		if (trimsBehind) from += /^\s*/.exec(text.slice(from))![0].length;
		if (/^\s*\/\*[^]*\*\/\s*$/.test(body)) continue;
		const value = evaluate(body, inputs);
		if (value.kind !== 'value') return value;
		used.push(...value.used);
		out += value.text;
	}
	const rest = text.slice(from);
	return rest.includes('<<') ? { kind: 'unknown' } : { kind: 'text', text: out + rest, used };
}

type Evaluated =
	| { readonly kind: 'value'; readonly text: string; readonly used: readonly ScalarNode[] }
	| Exclude<Filled, { readonly kind: 'text' }>;

/** A pipeline: an operand, then functions that take it as their last argument. */
function evaluate(body: string, inputs: Node | undefined): Evaluated {
	const commands = wordsOf(body);
	if (!commands) return { kind: 'unknown' };
	const used: ScalarNode[] = [];
	let piped: string | undefined;
	for (const [first, ...rest] of commands) {
		const values: string[] = [];
		const isCall = first !== undefined && FUNCTIONS.has(first);
		for (const word of isCall ? rest : [first, ...rest]) {
			const value = word === undefined ? undefined : operand(word, inputs);
			if (value === undefined || value.kind === 'unknown') return { kind: 'unknown' };
			if (value.kind === 'missing') return value;
			used.push(...value.used);
			values.push(value.text);
		}
		if (piped !== undefined) values.push(piped);
		piped = isCall ? FUNCTIONS.get(first)!(values) : values.length === 1 ? values[0] : undefined;
		if (piped === undefined) return { kind: 'unknown' };
	}
	return piped === undefined ? { kind: 'unknown' } : { kind: 'value', text: piped, used };
}

/** The words of each command; nothing where there is more than words. */
function wordsOf(body: string): readonly (readonly string[])[] | undefined {
	const commands: string[][] = [[]];
	const word = /\s*(?:("(?:[^"\\\n]|\\.)*"|`[^`]*`)|(\|)|([\w.-]+))/y;
	const text = body.trim();
	while (word.lastIndex < text.length) {
		const at = word.exec(text);
		if (!at) return undefined;
		if (at[2] !== undefined) commands.push([]);
		else commands.at(-1)!.push(at[1] ?? at[3]!);
	}
	return commands;
}

function operand(word: string, inputs: Node | undefined): Evaluated {
	if (word.startsWith('`')) return { kind: 'value', text: word.slice(1, -1), used: [] };
	if (word.startsWith('"')) {
		try {
			return { kind: 'value', text: String(JSON.parse(word)), used: [] };
		} catch {
			return { kind: 'unknown' };
		}
	}
	if (/^\d{1,6}$/.test(word)) return { kind: 'value', text: word, used: [] };
	const [root, ...keys] = word.split('.');
	// What the operator adds of itself is not in the tree, or not the same.
	if (root !== 'inputs' || keys.length === 0 || keys[0] === 'id') return { kind: 'unknown' };
	let at = inputs;
	for (const [i, key] of keys.entries()) {
		if (at && at.kind !== 'map') return { kind: 'unknown' };
		at = child(at, key);
		if (!at) return { kind: 'missing', name: keys.slice(0, i + 1).join('.') };
	}
	return at?.kind === 'scalar' && isPrintedAsWritten(at.text, at.tag)
		? { kind: 'value', text: at.text, used: [at] }
		: { kind: 'unknown' };
}

/** Numbers are float64 there, and large or broken ones print otherwise. */
function isPrintedAsWritten(text: string, tag: string): boolean {
	if (tag === '!!int' || tag === '!!float') return /^-?(0|[1-9]\d{0,5})$/.test(text);
	return tag === '!!str' || (tag === '!!bool' && /^(true|false)$/.test(text));
}

/** By name, with the piped value last; nothing for arguments that they do not take. */
const FUNCTIONS: ReadonlyMap<string, (values: readonly string[]) => string | undefined> = new Map([
	['quote', one(text => (/^[\x20-\x7e]*$/.test(text) ? JSON.stringify(text) : undefined))],
	['squote', one(text => `'${text}'`)],
	['toString', one(text => text)],
	['lower', one(text => text.toLowerCase())],
	['upper', one(text => text.toUpperCase())],
	['trim', one(text => text.trim())],
	['default', two((other, text) => (['', '0', 'false'].includes(text) ? other : text))],
	['trimPrefix', two((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text))],
	['trimSuffix', two((suffix, text) => (suffix && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text))],
	[
		'replace',
		([from, to, text, ...more]) =>
			from && to !== undefined && more.length === 0 ? text?.replaceAll(from, () => to) : undefined,
	],
]);

function one(of: (text: string) => string | undefined): (values: readonly string[]) => string | undefined {
	return ([text, ...more]) => (text === undefined || more.length > 0 ? undefined : of(text));
}

function two(of: (first: string, text: string) => string): (values: readonly string[]) => string | undefined {
	return ([first, text, ...more]) =>
		first === undefined || text === undefined || more.length > 0 ? undefined : of(first, text);
}
