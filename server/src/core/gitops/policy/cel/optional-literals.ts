/**
 * Literals with optional entries, `[?a, b]` and `{?k: v}`, which the expression library does not parse: they are written as calls of functions that leave out what
 * has no value (cel-go `OptionalTypes`).
 */
import { type Environment, Optional } from '@marcbachmann/cel-js';
import { mapEntries } from './cel-values';

const ITEM = 'optionalEntry';
const LIST = 'presentItems';
const MAP = 'presentEntries';

/** Adds the functions that stand for such literals. */
export function addOptionalLiterals(environment: Environment): Environment {
	// The library takes no class of its own for an element, so an entry is an optional that is known to be one.
	const entries = new WeakSet<Optional>();
	/** What stands in the literal's place: nothing for an entry without value. */
	const present = (item: unknown): readonly unknown[] => {
		if (!(item instanceof Optional) || !entries.has(item)) return [item];
		const inner = item.value() as Optional;
		return inner.hasValue() ? [inner.value()] : [];
	};
	return environment
		.registerFunction(`${ITEM}(dyn): dyn`, (value: unknown) => {
			if (!(value instanceof Optional)) throw new Error('no such overload: an optional value is expected');
			const entry = Optional.of(value);
			entries.add(entry);
			return entry;
		})
		.registerFunction(`${LIST}(list): list`, (items: readonly unknown[]) => items.flatMap(present))
		.registerFunction(
			`${MAP}(map): map`,
			(map: unknown) =>
				new Map((mapEntries(map) ?? []).flatMap(([key, value]) => present(value).map(item => [key, item] as const))),
		);
}

/** Texts in quotes, comments, names and numbers; everything else is one character. */
const TOKEN =
	/\s+|\/\/[^\n]*|[bBrR]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|[A-Za-z_]\w*|[\d.]+|[^]/y;

interface Bracket {
	readonly kind: '[' | '{' | '(';
	/** Whether it begins a literal, and not an index or a call. */
	readonly isLiteral: boolean;
	/** Where in the output it stands. */
	readonly at: number;
	hasOptional: boolean;
	/** Whether the entry that is being read is optional. */
	isOpen: boolean;
}

/** The expression with such literals written as calls; the same text where there are none. */
export function withoutOptionalLiterals(source: string): string {
	if (!/[[{,]\s*\?/.test(source)) return source;
	const out: string[] = [];
	const open: Bracket[] = [];
	const token = new RegExp(TOKEN);
	let before = '';
	for (let at = token.exec(source); at; at = token.exec(source)) {
		const [text] = at;
		const inner = open.at(-1);
		const startsEntry = inner?.isLiteral === true && (before === inner.kind || before === ',');
		if (/^\s|^\/\//.test(text)) {
			out.push(text);
			continue;
		}
		if (text === '?' && startsEntry) {
			inner.hasOptional = true;
			inner.isOpen = true;
			if (inner.kind === '[') out.push(`${ITEM}(`);
		} else if (text === '[' || text === '{' || text === '(') {
			const isLiteral = text === '{' || (text === '[' && !/[\w)\]}"']$/.test(before)) || before === 'in';
			open.push({
				kind: text,
				isLiteral: isLiteral && text !== '(',
				at: out.length,
				hasOptional: false,
				isOpen: false,
			});
			out.push(text);
		} else if (text === ':' && inner?.kind === '{' && inner.isOpen) out.push(`: ${ITEM}(`);
		else if (/^[\]},)]$/.test(text) && inner) {
			if (inner.isOpen) out.push(')');
			inner.isOpen = false;
			out.push(text);
			if (text !== ',') {
				open.pop();
				if (inner.hasOptional) {
					out[inner.at] = `${inner.kind === '[' ? LIST : MAP}(${inner.kind}`;
					out.push(')');
				}
			}
		} else out.push(text);
		before = text;
	}
	return out.join('');
}
