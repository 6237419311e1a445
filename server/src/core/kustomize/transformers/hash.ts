/** The hash of the content at the end of the names of generated objects (`api/hasher`, `api/internal/builtins.HashTransformer`). */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Address } from '../../base/address';
import { ofObject } from '../../base/memo';
import type { Database } from '../../base/query';
import { encodeUtf8 } from '../../base/utf8';
import type { ResourceId } from '../../kube/resource-id';
import { child, type Node, type Origin, type Plain, toPlain, withEntry } from '../../yaml/node';
import { withText } from '../field-spec';
import { rememberId } from '../identity';
import { type Tracked, type Transformed, withNode } from '../tracked';

/** Appends the hash to the name of every resource that needs one. */
export function addHashes(db: Database, at: Address, resources: readonly Tracked[]): Transformed {
	const matched: ResourceId[] = [];
	const changed = resources.map(resource => {
		if (!resource.needsHash) return resource;
		matched.push(resource.id);
		return withHash(db, resource);
	});
	const same = matched.length === 0;
	return {
		resources: same ? resources : changed,
		problems: [],
		applications: [{ step: 'hash', at, matched, changed: !same }],
	};
}

const withHash = ofObject<Tracked, Tracked>(resource => {
	const metadata = child(resource.node, 'metadata');
	const name = child(metadata, 'name');
	if (metadata?.kind !== 'map' || name?.kind !== 'scalar') return resource;
	const origin: Origin = { ...resource.node.origin, step: 'hash' };
	const text = `${name.text}-${contentHash(resource.node, resource.id.kind)}`;
	const renamed = withEntry(metadata, 'name', withText(name, text, '!!str', origin));
	return withNode(rememberId(resource), withEntry(resource.node, 'metadata', renamed));
});

const LETTERS: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** Ten characters of the SHA-256 of the object's content, written so that they spell no words. */
export function contentHash(node: Node, kind: string): string {
	const digest = sha256(encodeUtf8(goJson(hashed(node, kind))));
	const hex = [...digest.slice(0, 5)].map(byte => byte.toString(16).padStart(2, '0')).join('');
	return hex.replace(/[013ae]/g, character => LETTERS[character]!);
}

/** What of the object counts; everything for kinds other than ConfigMap and Secret. */
function hashed(node: Node, kind: string): Plain {
	const field = (name: string): Plain => {
		const value = child(node, name);
		return value === undefined ? '' : value.kind === 'scalar' ? value.text : toPlain(value);
	};
	const optional = (name: string) => (child(node, name)?.kind === 'map' ? { [name]: field(name) } : undefined);
	// The hasher looks for a field that is called `metadata/name`, and finds none.
	const name = '';
	if (kind === 'ConfigMap') return { ...optional('binaryData'), data: field('data'), kind, name };
	if (kind === 'Secret') return { data: field('data'), kind, name, ...optional('stringData'), type: field('type') };
	return toPlain(node);
}

/** Go's `json.Marshal`: sorted keys, and the characters that HTML would read are escaped. */
export function goJson(value: Plain): string {
	if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value).sort(([a], [b]) => compareBytes(a, b));
		return `{${entries.map(([key, item]) => `${goString(key)}:${goJson(item)}`).join(',')}}`;
	}
	return typeof value === 'string' ? goString(value) : String(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };

function goString(text: string): string {
	const escaped = text.replace(/["\\<>&\u0000-\u001f\u2028\u2029]/g, character =>
		character === '"' || character === '\\'
			? `\\${character}`
			: (ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
	);
	return `"${escaped}"`;
}

/** Go compares texts by their bytes, which for UTF-8 is the order of code points; only surrogates are out of order here. */
function compareBytes(a: string, b: string): number {
	if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : a > b ? 1 : 0;
	const [x, y] = [[...a], [...b]];
	for (let i = 0; i < x.length && i < y.length; i++) {
		const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
		if (difference !== 0) return difference;
	}
	return x.length - y.length;
}

const SURROGATE = /[\ud800-\udfff]/;
