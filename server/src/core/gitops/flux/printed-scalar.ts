/**
 * How kustomize writes a string when it prints a resource (go-yaml 2, `stringv` in encode.go and the emitter's choice of style).
 * Flux substitutes in that text, so the style decides what a variable's value may do: `"${n}"` is printed plain,
 * and a value `3` makes it a number.
 */
import { resolvePlain11 } from '../../yaml/yaml-11';

export type PrintedStyle = 'plain' | 'single' | 'double' | 'literal';

/** The style in which the text is printed as a value in block context. */
export function printedStyle(text: string): PrintedStyle {
	if (hasSpecialCharacters(text)) return 'double';
	if (text.includes('\n')) return / (\n|$)/.test(text) ? 'double' : 'literal';
	if (resolvePlain11(text) !== '!!str') return 'double';
	return isPlainAllowed(text) ? 'plain' : 'single';
}

/** The text as it is printed in that style, quotes included; a literal one without its header and indentation. */
export function printScalar(text: string, style: PrintedStyle): string {
	switch (style) {
		case 'plain':
		case 'literal':
			return text;
		case 'single':
			return `'${text.replaceAll("'", "''")}'`;
		case 'double':
			return `"${Array.from(text, escape).join('')}"`;
	}
}

/** `yaml_emitter_analyze_scalar`: what `is_printable` refuses, tabs and characters outside of the first plane among it. */
function hasSpecialCharacters(text: string): boolean {
	return /[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(text);
}

function isPlainAllowed(text: string): boolean {
	return !/^[#,[\]{}&*!|>'"%@`]|^[-?:](\s|$)|^---|^\.\.\.|^\s|\s$|:(\s|$)|\s#/.test(text);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
	['"', '\\"'],
	['\\', '\\\\'],
	['\n', '\\n'],
	['\t', '\\t'],
	['\r', '\\r'],
]);

function escape(character: string): string {
	const known = ESCAPES.get(character);
	if (known !== undefined) return known;
	if (!hasSpecialCharacters(character)) return character;
	const code = character.codePointAt(0)!;
	return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
