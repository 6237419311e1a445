/**
 * A resource against a pattern of Kyverno with its anchors: `(key)` conditional, `<(key)` global, `=(key)` equality, `^(key)` existence,
 * `X(key)` negation; kyverno `pkg/engine/validate` and `pkg/engine/anchor`.
 */
import type { FieldPath } from '../../../base/address';
import type { Plain } from '../../../yaml/node';
import { isList, isMap, mapOf, type PlainMap } from './plain-values';
import { matchesScalar } from './scalar-pattern';
import { hasWildcard, matchesWildcard } from './wildcard';

/** Why a resource does not match: it violates the pattern, or a condition says that the rule is not for it. */
export interface Mismatch {
	readonly kind: 'fail' | 'skip';
	readonly path: FieldPath;
	readonly message: string;
}

/** Nothing where the resource matches. */
export function matchPattern(resource: Plain, pattern: Plain): Mismatch | undefined {
	return matchElement(resource, pattern, []);
}

function matchElement(value: Plain | undefined, pattern: Plain, path: FieldPath): Mismatch | undefined {
	if (isMap(pattern)) return isMap(value) ? matchMap(value, pattern, path) : fail(path, 'is not a map');
	if (isList(pattern)) return isList(value) ? matchList(value, pattern, path) : fail(path, 'is not a list');
	const values = isList(value) ? value : [value];
	const bad = values.findIndex(item => !matchesScalar(item, pattern));
	if (bad < 0) return undefined;
	return fail(isList(value) ? [...path, bad] : path, `does not match "${String(pattern)}"`);
}

type AnchorKind = 'condition' | 'global' | 'equality' | 'existence' | 'negation';

const ANCHORS: Readonly<Record<string, AnchorKind>> = {
	'': 'condition',
	'<': 'global',
	'=': 'equality',
	'^': 'existence',
	X: 'negation',
};

interface Entry {
	readonly anchor: AnchorKind | undefined;
	readonly key: string;
	readonly pattern: Plain;
}

function parseEntry([name, pattern]: readonly [string, Plain]): Entry {
	const parts = /^([<=^X]?)\((.+)\)$/.exec(name);
	return parts ? { anchor: ANCHORS[parts[1]!], key: parts[2]!, pattern } : { anchor: undefined, key: name, pattern };
}

/** Anchors come first, then what has anchors in it, so that a condition deep inside can end the rule before anything fails. */
function order({ anchor, pattern }: Entry): number {
	if (anchor === 'condition') return 0;
	if (anchor === 'global') return 2;
	if (anchor) return 1;
	return hasAnchors(pattern) ? 3 : 4;
}

function hasAnchors(pattern: Plain): boolean {
	if (isList(pattern)) return pattern.some(hasAnchors);
	return isMap(pattern) && Object.entries(pattern).some(entry => parseEntry(entry).anchor || hasAnchors(entry[1]));
}

function matchMap(value: PlainMap, pattern: PlainMap, path: FieldPath): Mismatch | undefined {
	const entries = Object.entries(expandMetadata(pattern, value)).map(parseEntry);
	for (const entry of entries.toSorted((a, b) => order(a) - order(b) || (a.key < b.key ? -1 : 1))) {
		const mismatch = matchEntry(value, entry, [...path, entry.key]);
		if (mismatch) return mismatch;
	}
	return undefined;
}

function matchEntry(map: PlainMap, { anchor, key, pattern }: Entry, path: FieldPath): Mismatch | undefined {
	const there = Object.hasOwn(map, key);
	const value = there ? map[key] : undefined;
	switch (anchor) {
		case undefined:
			if (pattern === '*') return value === undefined || value === null ? fail(path, 'is not there') : undefined;
			return matchElement(value, pattern, path);
		case 'condition': {
			if (!there) return skip(path, "conditional anchor key doesn't exist in the resource");
			const mismatch = matchElement(value, pattern, path);
			return mismatch && skip(mismatch.path, `conditional anchor mismatch: ${mismatch.message}`);
		}
		case 'global': {
			const mismatch = there ? matchElement(value, pattern, path) : undefined;
			return mismatch && skip(mismatch.path, `global anchor mismatch: ${mismatch.message}`);
		}
		case 'equality':
			return there ? matchElement(value, pattern, path) : undefined;
		case 'negation':
			return there ? fail(path, 'is not allowed') : undefined;
		case 'existence':
			return there ? matchExistence(value, pattern, path) : undefined;
	}
}

/** Each map of the pattern's list must match some element. */
function matchExistence(value: Plain | undefined, pattern: Plain, path: FieldPath): Mismatch | undefined {
	if (!isList(value)) return fail(path, 'is not a list');
	if (!isList(pattern)) return fail(path, 'needs a list in the pattern of ^()');
	const satisfied = pattern.every(item => value.some((element, i) => !matchElement(element, item, [...path, i])));
	return satisfied ? undefined : fail(path, 'has no element that matches');
}

function matchList(value: readonly Plain[], pattern: readonly Plain[], path: FieldPath): Mismatch | undefined {
	const [first] = pattern;
	if (first === undefined) return fail(path, 'has an empty list for a pattern');
	if (!isMap(first) && !isList(first)) return matchElement(value, first, path);
	const pairs = isMap(first)
		? value.map(item => [item, first] as const)
		: pattern.map((part, i) => [value[i], part] as const);
	let applied = 0;
	let skipped: Mismatch | undefined;
	for (const [i, [item, part]] of pairs.entries()) {
		const mismatch = matchElement(item, part, [...path, i]);
		if (mismatch?.kind === 'fail') return mismatch;
		if (mismatch) skipped = mismatch;
		else applied++;
	}
	return applied === 0 ? skipped : undefined;
}

/** Wildcards in keys of labels and annotations stand for the resource's keys that match; kyverno `wildcards.ExpandInMetadata`. */
function expandMetadata(pattern: PlainMap, resource: PlainMap): PlainMap {
	const name = Object.keys(pattern).find(key => parseEntry([key, null]).key === 'metadata');
	const metadata = name === undefined ? undefined : pattern[name];
	if (!isMap(metadata)) return pattern;
	const expanded = mapOf(
		Object.entries(metadata).map(([key, value]) => {
			const field = parseEntry([key, null]).key;
			const own = isMap(resource['metadata']) ? resource['metadata'][field] : undefined;
			const isTagged = field === 'labels' || field === 'annotations';
			return [key, isTagged && isMap(value) ? expandKeys(value, isMap(own) ? own : {}) : value];
		}),
	);
	return mapOf(Object.entries(pattern).map(([key, value]) => [key, key === name ? expanded : value]));
}

/**
 * Of several keys that match, kyverno takes any; here the one counts that decides: one that violates for `=()`, which asks it of all, one
 * that satisfies elsewhere.
 */
function expandKeys(pattern: PlainMap, own: PlainMap): PlainMap {
	return mapOf(
		Object.entries(pattern).map(([name, value]) => {
			const { key, anchor } = parseEntry([name, null]);
			if (!hasWildcard(key)) return [name, value] as const;
			const candidates = Object.keys(own).filter(candidate => matchesWildcard(key, candidate));
			const wanted = anchor !== 'equality';
			const found = candidates.find(candidate => matchesScalar(own[candidate], value) === wanted) ?? candidates[0];
			return [name.replace(key, () => found ?? key.replaceAll('*', '0').replaceAll('?', '0')), value] as const;
		}),
	);
}

function fail(path: FieldPath, message: string): Mismatch {
	return { kind: 'fail', path, message };
}

function skip(path: FieldPath, message: string): Mismatch {
	return { kind: 'skip', path, message };
}
