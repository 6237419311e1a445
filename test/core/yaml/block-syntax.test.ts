/** The quick reader gives what the parser proper gives, to the character, or gives up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { blockSyntax } from '../../../server/src/core/yaml/block-syntax';
import { parseAny, withComment } from '../../../server/src/core/yaml/syntax';

const ROOT = resolve(__dirname, '../../..');

/** Every YAML file of the examples, and every file of the fixtures on the pages of the rules and of failures. */
const TEXTS: readonly string[] = ['examples', 'docs/rules', 'test/core/kustomize/failures'].flatMap(folder =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter(name => /\.(ya?ml|md)$/.test(name))
		.sort()
		.flatMap(name => readFileSync(join(ROOT, folder, name), 'utf8').split(/^(?:-- .* --|```.*)\n/m)),
);

/** The texts that the quick reader takes and reads otherwise; and how many it takes. */
function compare(texts: readonly string[]): { readonly taken: number; readonly different: readonly string[] } {
	const taken = texts.flatMap(text => {
		const quick = blockSyntax(text, withComment);
		return quick ? [{ text, quick }] : [];
	});
	const different = taken.filter(({ text, quick }) => JSON.stringify(quick) !== JSON.stringify(parseAny(text)));
	return { taken: taken.length, different: different.map(({ text }) => text) };
}

test('what people write', () => {
	expect(compare(TEXTS).different).toEqual([]);
});

test('nearly all manifests of the examples are read quickly', () => {
	const files = readdirSync(join(ROOT, 'examples/fleet'), { recursive: true, encoding: 'utf8' });
	const manifests = files.filter(name => name.endsWith('.yaml')).map(name => join(ROOT, 'examples/fleet', name));
	const { taken } = compare(manifests.map(file => readFileSync(file, 'utf8')));
	expect(taken / manifests.length).toBeGreaterThan(0.9);
});

const PIECES =
	/* prettier-ignore */ ['\n', ' ', '  ', ': ', ':', '- ', '-', '#', ' # x', '|', '|-', '"', "'", '{}', '[a, "b"]', '---\n', 'a: b\n', '\n\n', '\n  ', '&', '*', '\n# c\n', 'é', '~', '? ', '\n- a\n', '<<: ', '%', '...\n', '{a: b}', ',', '!', '\t'];

test('what is typed into it', () => {
	let seed = 11;
	const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
	const small = TEXTS.filter(text => text.length < 800 && blockSyntax(text, withComment));
	const typed = Array.from({ length: 6000 }, () => {
		let text = small[random(small.length)]!;
		for (let left = 1 + random(2); left > 0; left--) {
			const at = random(text.length + 1);
			text = text.slice(0, at) + PIECES[random(PIECES.length)]! + text.slice(at + random(4));
		}
		return text;
	});
	const { taken, different } = compare(typed);
	expect(different).toEqual([]);
	expect(taken).toBeGreaterThan(300);
});

test.each([
	['a scalar of two lines', 'a: b\n  c\n'],
	['an anchor', 'a: &x b\n'],
	['a tag', 'a: !!str b\n'],
	['an escape', 'a: "\\n"\n'],
	['a tab', 'a:\tb\n'],
	['a key twice removed', 'a: b: c\n'],
	['a line that fits nowhere', 'a:\n    b: c\n  d: e\n'],
	['deep nesting', Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
	['nothing', '# only a comment\n'],
])('gives up on %s', (_, text) => {
	expect(blockSyntax(text, withComment)).toBeUndefined();
});
