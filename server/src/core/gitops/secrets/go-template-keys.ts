/**
 * The keys that a Go template takes from its data, a map of texts, as far as that is plain to see: `{{ .key }}`, `{{ index . "key" }}`, also as arguments of
 * functions that need a value. What decides, repeats, defines, keeps variables or calls something else is not judged, nor is what stands inside of it.
 */

/** A part of the template's text. */
interface Part {
	readonly from: number;
	readonly to: number;
}

export interface KeyUse extends Part {
	readonly key: string;
	/** `{{ .x }}` alone prints `<no value>` without the key, `index` an empty text; a function gets nothing, and may refuse it. */
	readonly how: 'alone' | 'index' | 'argument';
}

/** What text/template refuses to parse. */
export interface TemplateFault extends Part {
	readonly kind: 'unclosed' | 'dash' | 'unknown-function';
	/** The name that the fault is about: the field with its dash, the function. */
	readonly name: string;
	readonly line: number;
}

export type TemplateKeys =
	| { readonly kind: 'read'; readonly uses: readonly KeyUse[] }
	/** The first fault; text/template stops there. */
	| { readonly kind: 'refused'; readonly fault: TemplateFault };

const OPENS: ReadonlySet<string> = new Set(['if', 'range', 'with', 'define', 'block']);
const OTHER_KEYWORDS: ReadonlySet<string> = new Set(['else', 'end', 'template', 'break', 'continue']);

/** Of sprig and text/template: functions to whose result a value that is not there is no use. `default`, `or` and their like are none. */
const PLAIN: ReadonlySet<string> = new Set(
	`index print printf println html js urlquery quote squote toString trim upper lower title untitle b64enc b64dec b32enc b32dec
	sha1sum sha256sum sha512sum adler32sum bcrypt htpasswd trimSuffix trimPrefix trimAll trunc abbrev nospace replace indent nindent
	cat wrap repeat substr atoi int int64 float64 toJson toPrettyJson join splitList snakecase camelcase kebabcase`.split(
		/\s+/,
	),
);

/** What people know from helm, and what the controller takes away from sprig. */
export const FUNCTIONS_OF_HELM: ReadonlySet<string> = new Set(
	'include tpl lookup required toYaml toYamlPretty mustToYaml fromYaml fromYamlArray fromJsonArray toToml fromToml'.split(
		' ',
	),
);
const NO_FUNCTIONS: ReadonlySet<string> = new Set([...FUNCTIONS_OF_HELM, 'env', 'expandenv', 'getHostByName']);

/** A token of an action, from its last index on. */
const TOKEN =
	/\s*(?:("(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*')|(\$?(?:\.[\p{L}_][\p{L}\p{N}_]*)+|\$(?![\p{L}\p{N}_])|\.(?![\p{L}\p{N}_]))|([\p{L}_][\p{L}\p{N}_]*)|([|(),]|[-+]?\d[\w.]*)|(\S))/uy;

/** Reads a template. Each action is read once, so that this costs no more than the text is long. */
export function templateKeys(text: string): TemplateKeys {
	const uses: KeyUse[] = [];
	let depth = 0;
	for (let from = text.indexOf('{{'); from >= 0;) {
		const to = endOfAction(text, from);
		const refused = (fault: Pick<TemplateFault, 'kind' | 'name'>, end: number): TemplateKeys => ({
			kind: 'refused',
			fault: { ...fault, from, to: end, line: text.slice(0, from).split('\n').length },
		});
		if (to === undefined) return refused({ kind: 'unclosed', name: '' }, from + 2);
		const body = text
			.slice(from + 2, to - 2)
			.replace(/^-\s/, ' ')
			.replace(/\s-$/, ' ');
		if (!/^\s*\/\*/.test(body)) {
			const action = readAction(body);
			if (action.fault) return refused(action.fault, to);
			if (depth === 0) uses.push(...action.uses.map(use => ({ ...use, from, to })));
			if (OPENS.has(action.keyword)) depth++;
			else if (action.keyword === 'end') depth--;
		}
		from = text.indexOf('{{', to);
	}
	return { kind: 'read', uses };
}

/** Behind the `}}` that closes the action; those in quotes and comments do not. */
function endOfAction(text: string, from: number): number | undefined {
	const comment = /\{\{(-\s)?\s*\/\*/y;
	comment.lastIndex = from;
	if (comment.test(text)) {
		const closed = text.indexOf('*/', from);
		const end = closed < 0 ? -1 : text.indexOf('}}', closed);
		return end < 0 ? undefined : end + 2;
	}
	const quoted = /[^"'`}]+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\}(?!\})/y;
	quoted.lastIndex = from + 2;
	let at = from + 2;
	while (quoted.test(text)) at = quoted.lastIndex;
	return text.startsWith('}}', at) ? at + 2 : undefined;
}

interface Action {
	readonly keyword: string;
	readonly uses: readonly Pick<KeyUse, 'key' | 'how'>[];
	readonly fault?: Pick<TemplateFault, 'kind' | 'name'>;
}

function readAction(body: string): Action {
	const found: { readonly field: string; readonly before: string; readonly text: string | undefined }[] = [];
	const keyword = /^\s*(\w+)/.exec(body)?.[1] ?? '';
	const isKeyword = OPENS.has(keyword) || OTHER_KEYWORDS.has(keyword);
	let isPlain = !isKeyword;
	let count = 0;
	let before = '';
	const token = new RegExp(TOKEN);
	for (let at = token.exec(body); at; at = token.exec(body), count++) {
		const [, text, field, name, , other] = at;
		if (field !== undefined) {
			const dashed = /^-[\p{L}\p{N}_-]*/u.exec(body.slice(token.lastIndex))?.[0];
			if (dashed !== undefined && field.length > 1) {
				return { keyword, uses: [], fault: { kind: 'dash', name: field.slice(field.lastIndexOf('.') + 1) + dashed } };
			}
			found.push({ field, before, text: undefined });
		} else if (text !== undefined) found.push({ field: '', before, text: unquoted(text) });
		else if (name !== undefined && !(isKeyword && count === 0)) {
			if (NO_FUNCTIONS.has(name)) return { keyword, uses: [], fault: { kind: 'unknown-function', name } };
			isPlain &&= PLAIN.has(name);
		} else if (other !== undefined) isPlain = false;
		before = name ?? '';
	}
	if (!isPlain) return { keyword, uses: [] };
	return {
		keyword: '',
		uses: found.flatMap(({ field, before, text }, i): Pick<KeyUse, 'key' | 'how'>[] => {
			if (text !== undefined) return [];
			if (/^\$?\.?$/.test(field)) {
				const key = found[i + 1]?.text;
				return before === 'index' && key !== undefined ? [{ key, how: 'index' }] : [];
			}
			const [, key = ''] = field.split('.');
			return before === 'index' ? [] : [{ key, how: count === 1 ? 'alone' : 'argument' }];
		}),
	};
}

function unquoted(text: string): string | undefined {
	if (text.startsWith('`')) return text.slice(1, -1);
	return text.startsWith('"') && !text.includes('\\') ? text.slice(1, -1) : undefined;
}
