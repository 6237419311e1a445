import { expect, test } from 'vitest';
import type { FieldPath } from '../../../server/src/core/base/address';
import type { SourceEdit } from '../../../server/src/core/base/problem';
import { Database } from '../../../server/src/core/base/query';
import { applyEdits } from '../../../server/src/core/base/text';
import { sourceChange } from '../../../server/src/core/workspace/edits';
import { memorySource } from '../../support/fixture';

const at = (...path: FieldPath) => ({ file: '/f.yaml', document: 0, path });

function edited(text: string, ...edits: SourceEdit[]): string {
	const db = new Database(memorySource(new Map([['/f.yaml', text]])));
	return applyEdits(text, sourceChange(db, edits).edits.get('/f.yaml') ?? []);
}

test('removes an entry with its line and leaves comments of others', () => {
	expect(edited('a: 1\n# of b\nb: 2 # gone\nc: 3\n', { kind: 'remove', at: at('b') })).toBe('a: 1\n# of b\nc: 3\n');
});

test('removes a nested block whole', () => {
	expect(edited('a:\n  b:\n    c: 1\n    d: 2\n  e: 3\n', { kind: 'remove', at: at('a', 'b') })).toBe('a:\n  e: 3\n');
});

test('removes a parent that would be left empty', () => {
	expect(edited('a:\n  b:\n    c: 1\nd: 2\n', { kind: 'remove', at: at('a', 'b', 'c') })).toBe('d: 2\n');
});

test('pulls the next key up behind the dash of a list item', () => {
	expect(edited('l:\n  - name: x\n    value: y\n', { kind: 'remove', at: at('l', 0, 'name') })).toBe(
		'l:\n  - value: y\n',
	);
});

test('removes a list item', () => {
	expect(edited('l:\n- a: 1\n  b: 2\n- a: 3\n', { kind: 'remove', at: at('l', 0) })).toBe('l:\n- a: 3\n');
});

test('removes out of flow collections', () => {
	expect(
		edited('m: { a: 1, b: 2 }\nl: [x, y]\n', { kind: 'remove', at: at('m', 'b') }, { kind: 'remove', at: at('l', 0) }),
	).toBe('m: { a: 1 }\nl: [y]\n');
});

test('inserts into a map and a list with their indentation', () => {
	expect(
		edited(
			'resources:\n  - a.yaml\nspec:\n    x: 1 # one\n',
			{ kind: 'insert', at: at('resources'), yaml: 'b.yaml' },
			{ kind: 'insert', at: at('spec'), key: 'y', yaml: 'z: 2\nw: 3' },
		),
	).toBe('resources:\n  - a.yaml\n  - b.yaml\nspec:\n    x: 1 # one\n    y:\n      z: 2\n      w: 3\n');
});

test('makes what is missing on the way', () => {
	expect(edited('kind: Kustomization\n', { kind: 'insert', at: at('patches'), yaml: 'path: p.yaml' })).toBe(
		'kind: Kustomization\npatches:\n  - path: p.yaml\n',
	);
	expect(edited('resources:\n- a.yaml\n', { kind: 'insert', at: at('patches'), yaml: 'path: p.yaml' })).toBe(
		'resources:\n- a.yaml\npatches:\n- path: p.yaml\n',
	);
	expect(edited('a:\n', { kind: 'insert', at: at('a', 'b'), key: 'c', yaml: '1' })).toBe('a:\n  b:\n    c: 1\n');
});

test('fills an empty flow collection', () => {
	expect(edited('spec:\n  values: {}\n', { kind: 'insert', at: at('spec', 'values'), key: 'a', yaml: '1' })).toBe(
		'spec:\n  values:\n    a: 1\n',
	);
});

test('sets a scalar, also an absent one', () => {
	expect(
		edited('a: old # c\nb:\n', { kind: 'set', at: at('a'), text: 'new' }, { kind: 'set', at: at('b'), text: 'x' }),
	).toBe('a: new # c\nb: x\n');
});

test('edits YAML inside of a block of text', () => {
	const text = 'patches:\n  - patch: |-\n      spec:\n        a: 1\n        b: 2\n    target: {}\n';
	const inside = { ...at('patches', 0, 'patch'), within: { document: 0, path: ['spec', 'a'] } };
	expect(edited(text, { kind: 'remove', at: inside })).toBe(
		'patches:\n  - patch: |-\n      spec:\n        b: 2\n    target: {}\n',
	);
	const spec = { ...inside, within: { document: 0, path: ['spec'] } };
	expect(edited(text, { kind: 'insert', at: spec, key: 'c', yaml: '3' })).toBe(
		'patches:\n  - patch: |-\n      spec:\n        a: 1\n        b: 2\n        c: 3\n    target: {}\n',
	);
});

test('leaves out an edit whose place is gone', () => {
	expect(edited('a: 1\n', { kind: 'remove', at: at('b', 'c') })).toBe('a: 1\n');
});
