/**
 * Takes a YAML tree apart as Go's JSON decoder would fill a struct from it: keys match whatever their case, null is as good as
 * absent, an unknown key or a wrong type is an error. Kustomization files are read strictly, with YAML 1.1's notion of a boolean
 * (`sigs.k8s.io/yaml.YAMLToJSON`); configurations of built-in plugins ignore unknown keys and take scalars for strings
 * (`sigs.k8s.io/yaml.Unmarshal`).
 */
import { type Address, below } from '../../base/address';
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import { printScalar } from '../../yaml/emit';
import { addressOf, type MapNode, type Node, type Origin, type ScalarNode } from '../../yaml/node';
import { parseInteger, resolvePlain } from '../../yaml/scalar';
import { keyText, resolvePlain11 } from '../../yaml/yaml-11';
import type { Field, StringMap } from './model';

/** The fields of a Go struct, by the name of the struct. */
export type Structs = Readonly<Record<string, readonly string[]>>;

/** How to read: as the kustomization file itself, or as the configuration of a built-in plugin. */
export interface Manner {
	readonly unknownFields: 'refuse' | 'ignore';
	readonly scalars: 'yaml-1.1' | 'as-strings';
	readonly structs: Structs;
	/** Fields that Go's reader does not turn into strings, since they stand in an embedded struct; `*` for all of a struct. */
	readonly strict?: Structs;
	/** Begins kustomize's own message. */
	readonly prefix: string;
}

/** Collects what is wrong while one document is read. */
export class Decoder {
	readonly problems: Problem[] = [];

	constructor(readonly manner: Manner) {}

	/** The fields of a struct; nothing where the node is null, absent or of another type. */
	open(node: Node | undefined, struct: string, path = '', holder = ''): Fields | undefined {
		if (node === undefined || this.jsonType(node) === 'null') return undefined;
		if (node.kind !== 'map') {
			this.wrongType(node, holder, path, `types.${struct}`);
			return undefined;
		}
		return new Fields(this, struct, path, node);
	}

	/** What the node is in JSON. */
	jsonType(node: Node): 'null' | 'bool' | 'number' | 'string' | 'array' | 'object' {
		if (node.kind === 'map') return 'object';
		if (node.kind === 'seq') return 'array';
		switch (this.tagOf(node)) {
			case '!!null':
				return 'null';
			case '!!bool':
				return 'bool';
			case '!!int':
			case '!!float':
				return 'number';
			default:
				return 'string';
		}
	}

	tagOf(node: ScalarNode): string {
		if (this.manner.scalars !== 'yaml-1.1' || node.style !== 'plain') return node.tag;
		const hasTag = node.isTagged || (node.tag === '!!str' && resolvePlain(node.text) !== '!!str');
		return hasTag ? node.tag : resolvePlain11(node.text);
	}

	/** `wanted` is Go's type: of the field at `path` of `struct`, or of the whole where there is no path. */
	wrongType(node: Node, struct: string, path: string, wanted: string): void {
		const got = this.jsonType(node);
		const name = path.split('.').at(-1) ?? '';
		const isEntry = typeof addressOf(node.origin).path.at(-1) === 'number';
		const what = !name ? 'a kustomization' : isEntry ? `each entry of \`${name}\`` : `\`${name}\``;
		const where = path ? `Go struct field ${struct}.${path}` : 'Go value';
		const shown = node.kind === 'scalar' && got !== 'string' ? ` (\`${node.text}\`)` : '';
		const quotes = wanted === 'string' && node.kind === 'scalar' ? '; put it in quotes' : '';
		this.problems.push({
			code: 'kustomize/wrong-type',
			severity: 'error',
			fatal: true,
			message: `${what} must be ${goodType(wanted)}, not ${goodType(got)}${shown}${quotes}`,
			at: addressOf(node.origin),
			details: `${this.manner.prefix}json: cannot unmarshal ${got} into ${where} of type ${wanted}`,
			...(wanted === 'string' && node.kind === 'scalar'
				? {
						fixes: [
							{
								title: `Put ${node.text} in quotes`,
								edits: [{ kind: 'set' as const, at: addressOf(node.origin), text: JSON.stringify(node.text) }],
							},
						],
					}
				: undefined),
		});
	}
}

const GOOD_TYPES: Readonly<Record<string, string>> = {
	string: 'a string',
	bool: 'a boolean',
	int: 'a whole number',
	int64: 'a whole number',
	number: 'a number',
	array: 'a list',
	object: 'a map',
};

function goodType(type: string): string {
	return GOOD_TYPES[type] ?? (type.startsWith('[]') ? 'a list' : 'a map');
}

/** One struct that is being read. */
export class Fields {
	readonly at: Address;
	readonly #byName = new Map<string, Node>();

	constructor(
		readonly decoder: Decoder,
		readonly struct: string,
		readonly path: string,
		readonly node: MapNode,
	) {
		this.at = addressOf(node.origin);
		const known = decoder.manner.structs[struct] ?? [];
		const seen = new Map<string, string>();
		for (const { key, value } of node.entries) {
			const name = known.includes(key) ? key : nameOf(key, known);
			if (name === undefined) this.#unknown(key, known);
			// Where two spellings of a field stand side by side, the last in sorted order wins: the JSON between has sorted keys.
			else if (!this.#byName.has(name) || (seen.get(name) ?? '') < key) {
				this.#byName.set(name, value);
				seen.set(name, key);
			}
		}
	}

	/** The value, whatever it is; nothing where it is absent or null. */
	value(name: string): Node | undefined {
		const node = this.#byName.get(name);
		return node && this.decoder.jsonType(node) === 'null' ? undefined : node;
	}

	/** A string with its place; nothing where it is absent, null or empty. */
	string(name: string): Field<string> | undefined {
		const node = this.value(name);
		const text = node && this.#text(node, name);
		return text ? { at: addressOf(node.origin), node, value: text } : undefined;
	}

	/** A string; empty where it is absent. */
	text(name: string): string {
		return this.string(name)?.value ?? '';
	}

	boolean(name: string): boolean {
		const node = this.value(name);
		if (!node) return false;
		if (node.kind === 'scalar' && this.decoder.tagOf(node) === '!!bool') return /^(y|t|on)/i.test(node.text);
		this.decoder.wrongType(node, this.struct, this.#pathTo(name), 'bool');
		return false;
	}

	/** A whole number; nothing where it is absent. */
	integer(name: string): Field<bigint> | undefined {
		const node = this.value(name);
		if (!node) return undefined;
		if (node.kind === 'scalar' && this.decoder.tagOf(node) === '!!int')
			return { at: addressOf(node.origin), node, value: parseInteger(node.text) };
		this.decoder.wrongType(node, this.struct, this.#pathTo(name), 'int64');
		return undefined;
	}

	/** A list of strings; a null entry is an empty string. */
	strings(name: string): readonly Field<string>[] {
		return this.#items(name, '[]string').flatMap(node => {
			if (this.decoder.jsonType(node) === 'null') return [{ at: addressOf(node.origin), node, value: '' }];
			const text = this.#text(node, name);
			return text === undefined ? [] : [{ at: addressOf(node.origin), node, value: text }];
		});
	}

	/** A list of structs; a null entry is one without fields. */
	structs<T>(name: string, struct: string, read: (fields: Fields) => T): readonly T[] {
		return this.#items(name, `[]types.${struct}`).flatMap(node => {
			const path = this.#pathTo(name);
			const map = this.decoder.jsonType(node) === 'null' ? emptyMap(node.origin) : node;
			const fields = this.decoder.open(map, struct, path, this.struct);
			return fields ? [read(fields)] : [];
		});
	}

	/** A struct; nothing where it is absent. */
	structAt<T>(name: string, struct: string, read: (fields: Fields) => T): T | undefined {
		const fields = this.decoder.open(this.value(name), struct, this.#pathTo(name), this.struct);
		return fields && read(fields);
	}

	/** A map of strings; nothing where it is absent. Null values are empty strings. */
	stringMap(name: string): StringMap | undefined {
		const node = this.value(name);
		if (!node) return undefined;
		if (node.kind !== 'map') {
			this.decoder.wrongType(node, this.struct, this.#pathTo(name), 'map[string]string');
			return undefined;
		}
		const entries = node.entries.flatMap(entry => {
			const { value } = entry;
			const key = this.decoder.manner.scalars === 'yaml-1.1' ? keyText(entry) : entry.key;
			const text = this.decoder.jsonType(value) === 'null' ? '' : this.#text(value, name);
			return text === undefined ? [] : [{ key, value: { at: addressOf(value.origin), node: value, value: text } }];
		});
		return { at: addressOf(node.origin), node, entries };
	}

	/** A map of booleans; empty where it is absent. */
	booleanMap(name: string): Readonly<Record<string, boolean>> {
		const out: Record<string, boolean> = Object.create(null);
		const node = this.value(name);
		if (node && node.kind !== 'map') this.decoder.wrongType(node, this.struct, this.#pathTo(name), 'map[string]bool');
		for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
			if (value.kind === 'scalar' && this.decoder.tagOf(value) === '!!bool') out[key] = /^(y|t|on)/i.test(value.text);
			else if (this.decoder.jsonType(value) !== 'null')
				this.decoder.wrongType(value, this.struct, this.#pathTo(name), 'bool');
		}
		return out;
	}

	#items(name: string, type: string): readonly Node[] {
		const node = this.value(name);
		if (!node) return [];
		if (node.kind === 'seq') return node.items;
		this.decoder.wrongType(node, this.struct, this.#pathTo(name), type);
		return [];
	}

	#text(node: Node, name: string): string | undefined {
		const type = this.decoder.jsonType(node);
		const scalar = node.kind === 'scalar' && type !== 'null';
		if (scalar && type === 'string') return node.text;
		if (scalar && this.decoder.manner.scalars === 'as-strings' && !this.#isStrict(name)) return printScalar(node).text;
		this.decoder.wrongType(node, this.struct, this.#pathTo(name), 'string');
		return undefined;
	}

	#isStrict(name: string): boolean {
		const strict = this.decoder.manner.strict?.[this.struct];
		return strict !== undefined && (strict.includes(name) || strict.includes('*'));
	}

	#pathTo(name: string): string {
		return this.path ? `${this.path}.${name}` : name;
	}

	#unknown(key: string, known: readonly string[]): void {
		const { manner, problems } = this.decoder;
		if (manner.unknownFields === 'ignore') return;
		const meant = nearest(key, known) ?? onlyPartOf(key, known);
		const at = below(this.at, key);
		const holder = this.struct === 'Kustomization' ? 'a kustomization' : this.path ? `\`${this.path}\`` : 'this file';
		const hint = meant
			? `; did you mean \`${meant}\`?`
			: known.length <= 8
				? `; its fields are ${known.join(', ')}`
				: '';
		problems.push({
			code: 'kustomize/unknown-field',
			severity: 'error',
			fatal: true,
			message: `${holder} has no field \`${key}\`${hint}`,
			at,
			anchor: 'key',
			details: `${manner.prefix}json: unknown field "${key}"`,
			...(meant
				? { fixes: [{ title: `Rename it to ${meant}`, edits: [{ kind: 'rename-key' as const, at, key: meant }] }] }
				: undefined),
		});
	}
}

/** The field that the key spells in another case. */
function nameOf(key: string, known: readonly string[]): string | undefined {
	const folded = key.toLowerCase();
	return known.find(name => name.toLowerCase() === folded);
}

/** `tag` for `newTag`, `label` for `labelSelector`: the one name that begins or ends with the word. */
function onlyPartOf(word: string, known: readonly string[]): string | undefined {
	const folded = word.toLowerCase();
	const found = known.filter(name => name.toLowerCase().startsWith(folded) || name.toLowerCase().endsWith(folded));
	return word.length >= 3 && found.length === 1 ? found[0] : undefined;
}

function emptyMap(origin: Origin): MapNode {
	return { kind: 'map', entries: [], origin };
}
