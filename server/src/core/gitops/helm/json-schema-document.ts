/**
 * A JSON schema document: which draft it is of, and where its references lead. Only what stands in the document itself is followed;
 * the web is not asked.
 */
import type { Plain } from '../../yaml/node';

export type JsonSchema = boolean | { readonly [key: string]: Plain };

/** A place in the schema's text. */
export type SchemaObject = { readonly [key: string]: Plain };

export function asSchema(value: Plain | undefined): JsonSchema | undefined {
	if (typeof value === 'boolean') return value;
	return isObject(value) ? value : undefined;
}

export function isObject(value: Plain | undefined): value is SchemaObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Later drafts check formats only where they are told to (`AssertFormat`), and change a few keywords. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

const DRAFTS: ReadonlyMap<string, Draft> = new Map([
	['json-schema.org/draft-04/schema', 4],
	['json-schema.org/draft-06/schema', 6],
	['json-schema.org/draft-07/schema', 7],
	['json-schema.org/draft/2019-09/schema', 2019],
	['json-schema.org/draft/2020-12/schema', 2020],
	['json-schema.org/schema', 2020],
]);

/** The draft that a document names, or the newest where it names none; nothing where it names something else. */
export function draftOf(root: Plain | undefined): Draft | undefined {
	const named = isObject(root) && typeof root['$schema'] === 'string' ? root['$schema'] : '';
	return named === '' ? 2020 : DRAFTS.get(named.replace(/^https?:\/\//, '').replace(/#$/, ''));
}

/** The schema document with its anchors and embedded ids. */
export class Schemas {
	readonly draft: Draft;
	readonly #root: JsonSchema;
	readonly #named = new Map<string, JsonSchema>();
	readonly #bases = new Map<JsonSchema, string>();

	constructor(root: JsonSchema) {
		this.#root = root;
		this.draft = draftOf(root) ?? 2020;
		this.#index(root, '', 0);
	}

	/** Follows a reference that stands in `from`; `remote` where it leads out of the document. */
	resolve(reference: string, from: JsonSchema): JsonSchema | 'remote' | 'missing' {
		const [location = '', fragment = ''] = splitOnce(reference, '#');
		const base = this.#bases.get(from) ?? '';
		const full = location === '' ? base : resolveUrl(base, location);
		const start = full === '' ? this.#root : this.#named.get(full);
		if (start === undefined) return 'remote';
		if (fragment === '') return start;
		if (!fragment.startsWith('/')) return this.#named.get(`${full}#${fragment}`) ?? 'missing';
		return followPointer(start, fragment) ?? 'missing';
	}

	/** Gives every schema its base, and every id and anchor its schema. */
	#index(value: Plain | undefined, base: string, depth: number): void {
		if (depth > 200) return;
		if (Array.isArray(value)) for (const item of value as readonly Plain[]) this.#index(item, base, depth + 1);
		if (!isObject(value)) return;
		const id = value[this.draft === 4 ? 'id' : '$id'];
		let here = base;
		if (typeof id === 'string') {
			if (id.startsWith('#')) this.#named.set(`${base}${id}`, value);
			else {
				here = resolveUrl(base, id.replace(/#$/, ''));
				this.#named.set(here, value);
			}
		}
		for (const keyword of ['$anchor', '$dynamicAnchor']) {
			const anchor = value[keyword];
			if (typeof anchor === 'string') this.#named.set(`${here}#${anchor}`, value);
		}
		this.#bases.set(value, here);
		for (const [key, inner] of Object.entries(value)) if (!NOT_SCHEMAS.has(key)) this.#index(inner, here, depth + 1);
	}
}

/** Keywords whose values are data. */
const NOT_SCHEMAS: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required', 'type']);

function splitOnce(text: string, at: string): readonly [string, string] {
	const index = text.indexOf(at);
	return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

/** Enough of RFC 3986 for ids in one document. */
function resolveUrl(base: string, reference: string): string {
	if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference;
	const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(base)?.[0] ?? '';
	if (reference.startsWith('/')) return origin + reference;
	return `${base.slice(0, base.lastIndexOf('/') + 1) || origin}${reference}`;
}

function followPointer(start: JsonSchema, pointer: string): JsonSchema | undefined {
	let at: Plain | undefined = start as Plain;
	for (const raw of pointer.slice(1).split('/')) {
		const key = decodeSafely(raw).replaceAll('~1', '/').replaceAll('~0', '~');
		if (Array.isArray(at)) at = (at as readonly Plain[])[Number(key)];
		else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
	}
	return asSchema(at);
}

function decodeSafely(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
