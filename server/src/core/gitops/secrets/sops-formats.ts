/**
 * What SOPS encrypts besides YAML and JSON, as the tree that it makes of it: env files (`stores/dotenv`), INI (`stores/ini`), and any other file as one value
 * `data`. The metadata is put together where a YAML file has it, in `sops`.
 */
import type { FieldPath } from '../../base/address';
import { linkOf } from '../../base/address';
import type { FilePath } from '../../base/paths';
import { SOPS_PREFIX } from '../../kube/encrypted-sources';
import type { CommentsAt } from '../../yaml/comments';
import { type MapEntry, type MapNode, type Node, type Origin, type ScalarNode, stringNode } from '../../yaml/node';

export type SopsFormat = 'yaml' | 'json' | 'env' | 'ini' | 'binary';

/** By the file's ending; `formats.FormatForPath`. */
export function sopsFormat(file: FilePath): SopsFormat {
	const [, ending] = /\.(ya?ml|json|env|ini)$/.exec(file) ?? [];
	if (ending === undefined) return 'binary';
	return ending === 'json' || ending === 'env' || ending === 'ini' ? ending : 'yaml';
}

/** An env file. Places in it go by the key, as everywhere. */
export function envDocument(file: FilePath, text: string): MapNode {
	const at = originIn(file);
	const values: MapEntry[] = [];
	const metadata: Flat[] = [];
	for (const line of text.split('\n')) {
		const split = line.indexOf('=');
		if (line.startsWith('#') || split < 0) continue;
		const key = line.slice(0, split);
		const value = stringNode(line.slice(split + 1).replaceAll('\\n', '\n'), at([key]));
		if (key.startsWith(SOPS_PREFIX)) metadata.push([key.slice(SOPS_PREFIX.length).split(PARTS), value]);
		else values.push({ key, value });
	}
	return { kind: 'map', entries: [...values, ...sopsEntry(metadata)], origin: at([]) };
}

/** The comments of an env file: those before a line, from the line before on. */
export function envComments(text: string): CommentsAt {
	const found = new Map<string, readonly string[]>();
	let comments: string[] = [];
	for (const line of text.split('\n')) {
		const split = line.indexOf('=');
		if (line.startsWith('#')) comments.push(line.slice(1));
		else if (split >= 0) {
			found.set(line.slice(0, split), comments);
			comments = [];
		}
	}
	return ([key]) => {
		const certain = found.get(String(key));
		return certain && { certain, possible: certain };
	};
}

/** An INI file, a map of sections. Places in it go by the line's number. */
export function iniDocument(file: FilePath, text: string): MapNode {
	const at = originIn(file);
	const sections = new Map<string, MapEntry[]>();
	const metadata: Flat[] = [];
	let section = 'DEFAULT';
	for (const [number, line] of text.split('\n').entries()) {
		section = /^\s*\[([^\]]*)\]/.exec(line)?.[1] ?? section;
		const [, key, written = ''] = /^\s*([^;#[=:\s][^=:]*?)\s*[=:](.*)$/.exec(line) ?? [];
		if (key === undefined) continue;
		const trimmed = written.trim();
		const value = stringNode(/^(["'`]).*\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed, at([number]));
		if (section === 'sops') metadata.push([key.split(PARTS), value]);
		else sections.set(section, [...(sections.get(section) ?? []), { key, value }]);
	}
	const entries = [...sections].map(([key, values]): MapEntry => ({
		key,
		value: { kind: 'map', entries: values, origin: values[0]!.value.origin },
	}));
	return { kind: 'map', entries: [...entries, ...sopsEntry(metadata)], origin: at([]) };
}

/** A file of which SOPS knows no format. */
export function binaryDocument(file: FilePath, text: string): MapNode {
	const origin = originIn(file)([]);
	return { kind: 'map', entries: [{ key: 'data', value: stringNode(text, origin) }], origin };
}

function originIn(file: FilePath): (path: FieldPath) => Origin {
	return path => ({ step: 'resource', file, document: 0, link: linkOf(path) });
}

/** The names of metadata fields as `stores.Flatten` writes them: `age__list_0__map_recipient`. */
const PARTS = /__(?:list|map)_/;

type Flat = readonly [path: readonly string[], value: ScalarNode];

function sopsEntry(metadata: readonly Flat[]): MapEntry[] {
	return metadata.length > 0 ? [{ key: 'sops', value: nested(metadata) }] : [];
}

function nested(flat: readonly Flat[]): Node {
	const [[path, first]] = flat as [Flat];
	if (path.length === 0) return first;
	const groups = new Map<string, Flat[]>();
	for (const [[head = '', ...rest], value] of flat) groups.set(head, [...(groups.get(head) ?? []), [rest, value]]);
	const { origin } = first;
	const isList = [...groups.keys()].every(key => /^\d+$/.test(key));
	return isList
		? { kind: 'seq', items: [...groups.values()].map(nested), origin }
		: { kind: 'map', entries: [...groups].map(([key, of]) => ({ key, value: nested(of) })), origin };
}
