import type { FilePath } from './paths';

/** Keys and indices from the root of a YAML document to a node of it. */
export type FieldPath = readonly (string | number)[];

/** A field path as it is grown while a tree is walked: one small object a node instead of one array a node. */
export interface PathLink {
	readonly parent: PathLink | undefined;
	readonly key: string | number;
}

/**
 * A place in the workspace that survives edits elsewhere in its file: which document of which file (zero-based), and the
 * field in it. Where the field is a scalar that itself holds YAML (`patch: |-`, `values.yaml: |`), `within`
 * goes on inside of that text. In a file that is not YAML the path is empty, the key of an env file's line, or
 * a line's number from 0, after which a text in that line may come.
 */
export interface Address {
	readonly file: FilePath;
	readonly document: number;
	readonly path: FieldPath;
	readonly within?: { readonly document: number; readonly path: FieldPath };
}

/** The link as an array, root first. */
export function pathOf(link: PathLink | undefined): FieldPath {
	const out: (string | number)[] = [];
	for (let at = link; at; at = at.parent) out.push(at.key);
	return out.reverse();
}

/** The array as a link. */
export function linkOf(path: FieldPath): PathLink | undefined {
	return path.reduce<PathLink | undefined>((parent, key) => ({ parent, key }), undefined);
}

/** The place of a field of what stands at a place. */
export function below(at: Address, ...keys: FieldPath): Address {
	return at.within
		? { ...at, within: { ...at.within, path: [...at.within.path, ...keys] } }
		: { ...at, path: [...at.path, ...keys] };
}

/** A string that is equal for equal addresses only. */
export function addressKey(address: Address): string {
	return JSON.stringify([address.file, address.document, address.path, address.within?.document, address.within?.path]);
}

/** A field path as people write it: `spec.containers[0].image`, keys with dots or odd characters in quotes. */
export function formatPath(path: FieldPath): string {
	let out = '';
	for (const key of path) {
		if (typeof key === 'number') out += `[${key}]`;
		else if (/^[\w/-]+$/.test(key)) out += (out ? '.' : '') + key;
		else out += `[${JSON.stringify(key)}]`;
	}
	return out;
}
