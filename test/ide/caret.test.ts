import { expect, test } from 'vitest';
import { caretAt } from '../../server/src/core/ide/caret';

function caret(text: string) {
	const offset = text.indexOf('$0');
	const found = caretAt(text.replace('$0', ''), offset);
	return (
		found && {
			position: found.position,
			path: found.path.join('.'),
			within: found.within?.path.join('.'),
			siblings: found.siblings,
		}
	);
}

test.each([
	['a key at the root', 'a: 1\nb$0\n', { position: 'key', path: '', siblings: ['a'] }],
	['a key on an empty, indented line', 'a:\n  b: 1\n  $0\nc: 2\n', { position: 'key', path: 'a', siblings: ['b'] }],
	['a key below a key without a value', 'a:\n  $0\n', { position: 'key', path: 'a', siblings: [] }],
	['a key that has its colon already', 'a:\n  b$0: 1\n  c: 2\n', { position: 'key', path: 'a', siblings: ['c'] }],
	['a value', 'a:\n  b: x$0\n', { position: 'value', path: 'a.b', siblings: [] }],
	['an empty value', 'a:\n  b: $0\nc: 1\n', { position: 'value', path: 'a.b', siblings: [] }],
	['an item', 'resources:\n  - a.yaml\n  - $0\n', { position: 'item', path: 'resources.1', siblings: [] }],
	['a second key of an item', 'l:\n  - name: x\n    $0\n', { position: 'key', path: 'l.0', siblings: ['name'] }],
	['a value of an item', 'l:\n  - name: $0\n', { position: 'value', path: 'l.0.name', siblings: [] }],
	[
		'inside of a block of text',
		'values.yaml: |\n  a:\n    b: 1\n    $0\n',
		{ position: 'key', path: 'values.yaml', within: 'a', siblings: ['b'] },
	],
	[
		'inside of a patch',
		'patches:\n  - patch: |-\n      spec:\n        re$0\n    target: {}\n',
		{ position: 'key', path: 'patches.0.patch', within: 'spec', siblings: [] },
	],
	['a value between braces', 'a: { b: x$0 }\n', { position: 'value', path: 'a.b', siblings: [] }],
	['an empty value between braces', 'a: { b: $0, c: 1 }\n', { position: 'value', path: 'a.b', siblings: [] }],
	['a key between braces', 'a: {b: 1, c$0}\n', { position: 'key', path: 'a', siblings: ['b'] }],
	['the first key between braces', '- { $0 }\n', { position: 'key', path: '0', siblings: [] }],
	[
		'a key between braces that are not closed',
		'a: { b: { c: 1 }, d$0\n',
		{ position: 'key', path: 'a', siblings: ['b'] },
	],
	['an item between brackets', 'a: [x, y$0]\n', { position: 'item', path: 'a.1', siblings: [] }],
	['a value that begins with a variable', 'a: ${X}$0\n', { position: 'value', path: 'a', siblings: [] }],
])('%s', (_, text, expected) => {
	expect(caret(text)).toEqual({ within: undefined, ...expected });
});

test('nothing in a comment', () => {
	expect(caret('a: 1 # see $0\n')).toBeUndefined();
	expect(caret('# $0\n')).toBeUndefined();
});

test('nothing in prose, which is a scalar that holds no YAML', () => {
	expect(caret('a:\n  word $0\n  and more\n')).toBeUndefined();
	expect(caret('some $0 words\n')).toBeUndefined();
	expect(caret('a: |\n  some words\n  $0 more\n')).toBeUndefined();
});
