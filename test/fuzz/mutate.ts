/** Faults in the texts of a tree: what half-typed files, generators of YAML and tired people make of them. */
import {
	Alias,
	type Document,
	isMap,
	isScalar,
	isSeq,
	type Node,
	Pair,
	parseAllDocuments,
	Scalar,
	visit,
	YAMLMap,
	YAMLSeq,
} from 'yaml';
import type { Random } from '../../scripts/bench/random.mjs';
import type { Tree } from './corpus';
import { NASTY, NASTY_VALUES } from './nasty';

/** The tree with one to three faults, and what they were. */
export function mutated(tree: Tree, random: Random): { readonly tree: Tree; readonly faults: readonly string[] } {
	const files = new Map(tree.files);
	const names = [...files.keys()].filter(name => !/\.(md|pem|sh)$/.test(name));
	const faults: string[] = [];
	for (let left = 1 + random.below(3); left > 0 && names.length > 0; left--) {
		const name = random.of(names);
		const [fault, apply] = random.of(random.next() < 0.65 ? TREE_FAULTS : TEXT_FAULTS);
		const before = files.get(name)!;
		const after = apply(before, random);
		if (after === before) continue;
		files.set(name, after);
		faults.push(`${fault} in ${name}`);
	}
	return { tree: { ...tree, files }, faults };
}

type Fault = readonly [name: string, apply: (text: string, random: Random) => string];

const TEXT_FAULTS: readonly Fault[] = [
	['file truncated', (text, random) => text.slice(0, random.below(text.length + 1))],
	['line left out', (text, random) => lines(text, random, (all, at) => all.toSpliced(at, 1))],
	['line twice', (text, random) => lines(text, random, (all, at) => all.toSpliced(at, 0, all[at]!))],
	[
		'line indented',
		(text, random) => lines(text, random, (all, at) => all.with(at, ' '.repeat(1 + random.below(3)) + all[at]!)),
	],
	['line outdented', (text, random) => lines(text, random, (all, at) => all.with(at, all[at]!.replace(/^ {1,2}/, '')))],
	['tab', (text, random) => insert(text, random, '\t')],
	[
		'character',
		(text, random) => insert(text, random, random.of([...NASTY.filter(nasty => nasty.length < 3), '\u0000', '\r'])),
	],
	[
		'separator',
		(text, random) =>
			lines(text, random, (all, at) =>
				all.toSpliced(at, 0, random.of(['---', '--- ', '--- # x', '...', '--- a', '%YAML 1.1', '# comment', '{}', ''])),
			),
	],
	['carriage returns', text => text.replaceAll('\n', '\r\n')],
	['byte order mark', text => `\ufeff${text}`],
	['no last line break', text => text.replace(/\n+$/, '')],
	['value', (text, random) => text.replace(randomMatch(text, /(?<=: ).+$/gm, random), () => random.of(NASTY_VALUES))],
	['as JSON', text => asJson(text)],
	['JSON twice', text => asJson(text) + asJson(text)],
	[
		'empty',
		(_, random) => random.of(['', '\n', '---\n', '# nothing\n', '---\n---\n', 'null\n', '{}\n', '[]\n', 'text\n']),
	],
];

const TREE_FAULTS: readonly Fault[] = [
	['key left out', onMap((map, at) => void map.items.splice(at, 1))],
	['key twice', onMap((map, at) => void map.items.push(map.items[at]!.clone()))],
	[
		'key renamed',
		onMap(
			(map, at, random) =>
				void (map.items[at]!.key = plain(
					random.of([
						...NASTY,
						'name',
						'metadata',
						'annotations',
						'labels',
						'$patch',
						'$setElementOrder/containers',
						'$retainKeys',
					]),
				)),
		),
	],
	['keys in another order', onMap(map => void map.items.reverse())],
	['value', onMap((map, at, random) => void (map.items[at]!.value = value(random)))],
	['value in a list', onMap((map, at) => void (map.items[at]!.value = listOf(map.items[at]!.value as Node | null)))],
	['value in a map', onMap((map, at) => void (map.items[at]!.value = mapOf('x', map.items[at]!.value as Node | null)))],
	['value gone', onMap((map, at) => void (map.items[at]!.value = null))],
	['scalar in quotes', onScalar(scalar => void (scalar.type = 'QUOTE_DOUBLE'))],
	['scalar without quotes', onScalar(scalar => void (scalar.type = 'PLAIN'))],
	[
		'another scalar',
		onScalar(
			(scalar, random) =>
				void ((scalar.value = random.of(NASTY)), (scalar.type = random.of(['PLAIN', 'QUOTE_DOUBLE']))),
		),
	],
	[
		'scalar in a block',
		onScalar((scalar, random) => void (scalar.type = random.of(['BLOCK_LITERAL', 'BLOCK_FOLDED']))),
	],
	['item left out', onSeq((seq, at) => void seq.items.splice(at, 1))],
	['item twice', onSeq((seq, at) => void seq.items.push(seq.items[at]))],
	['items in another order', onSeq(seq => void seq.items.reverse())],
	['item', onSeq((seq, at, random) => void (seq.items[at] = value(random)))],
	['deep', onMap((map, at, random) => void (map.items[at]!.value = plain(deep(random))))],
	['anchor and alias', aliased],
	['merge key', merged],
	['document twice', text => `${text.replace(/\n*$/, '\n')}---\n${text}`],
];

function lines(text: string, random: Random, edit: (all: string[], at: number) => string[]): string {
	const all = text.split('\n');
	return edit(all, random.below(all.length)).join('\n');
}

function insert(text: string, random: Random, what: string): string {
	const at = random.below(text.length + 1);
	return text.slice(0, at) + what + text.slice(at);
}

function randomMatch(text: string, pattern: RegExp, random: Random): string {
	const found = [...text.matchAll(pattern)].map(([match]) => match);
	return found.length > 0 ? random.of(found) : '';
}

function asJson(text: string): string {
	try {
		return parseAllDocuments(text, { version: '1.1', logLevel: 'silent' })
			.map(document => JSON.stringify(document.toJS(), null, 2))
			.join('\n');
	} catch {
		return text;
	}
}

/** A scalar that prints as it is, whatever it looks like. */
function plain(text: string): Scalar {
	const scalar = new Scalar(text);
	scalar.type = 'PLAIN';
	return scalar;
}

function value(random: Random): Node | null {
	const text = random.of(NASTY_VALUES);
	const [document] = parseAllDocuments(text, FAILSAFE);
	return document && document.errors.length === 0 && !hasAlias(document)
		? (document.contents as Node | null)
		: plain(text);
}

function hasAlias(document: Document): boolean {
	let found = false;
	visit(document, { Alias: () => ((found = true), visit.BREAK) });
	return found;
}

function listOf(node: Node | null): Node {
	const list = new YAMLSeq();
	list.items.push(node);
	return list;
}

function mapOf(key: string, node: Node | null): YAMLMap {
	const map = new YAMLMap();
	map.items.push(entryOf(key, node));
	return map;
}

function entryOf(key: string, node: Node | null): Pair {
	return new Pair<unknown, unknown>(plain(key), node);
}

function deep(random: Random): string {
	const depth = random.of([5, 50, 400, 2000, 20_000]);
	return random.next() < 0.5 ? '['.repeat(depth) + ']'.repeat(depth) : '{a: '.repeat(depth) + '1' + '}'.repeat(depth);
}

const FAILSAFE = {
	version: '1.2',
	schema: 'failsafe',
	uniqueKeys: false,
	logLevel: 'silent',
} as const;

type Edit<T> = (node: T, random: Random) => void;

function onNodes<T>(isWanted: (node: unknown) => node is T, edit: Edit<T>): Fault[1] {
	return (text, random) => {
		try {
			const documents = parseAllDocuments(text, FAILSAFE) as Document[];
			const wanted: T[] = [];
			for (const document of documents)
				visit(document, { Node: (_, node) => void (isWanted(node) && wanted.push(node)) });
			if (wanted.length === 0 || documents.some(({ errors }) => errors.length > 0)) return text;
			edit(random.of(wanted), random);
			return documents.map(document => document.toString({ lineWidth: 0 })).join('---\n');
		} catch {
			// What the mutation made cannot be printed (an alias before its anchor): no mutation, then.
			return text;
		}
	};
}

const isFullMap = (node: unknown): node is YAMLMap<unknown, unknown> & { items: Pair[] } =>
	isMap(node) && node.items.length > 0;
const isFullSeq = (node: unknown): node is YAMLSeq => isSeq(node) && node.items.length > 0;

function onMap(edit: (map: YAMLMap & { items: Pair[] }, at: number, random: Random) => void): Fault[1] {
	return onNodes(isFullMap, (map, random) =>
		edit(map as YAMLMap & { items: Pair[] }, random.below(map.items.length), random),
	);
}

function onSeq(edit: (seq: YAMLSeq, at: number, random: Random) => void): Fault[1] {
	return onNodes(isFullSeq, (seq, random) => edit(seq, random.below(seq.items.length), random));
}

function onScalar(edit: Edit<Scalar>): Fault[1] {
	return onNodes((node): node is Scalar => isScalar(node), edit);
}

/** One value is an alias of another before it, in the same document or (which no parser takes) in another. */
function aliased(text: string, random: Random): string {
	const anchored = text.replace(randomMatch(text, /(?<=: )[^\s|>&*].*$/gm, random), match => `&anchor ${match}`);
	const at = anchored.indexOf('&anchor') + 1 || anchored.length;
	const rest = anchored.slice(at);
	return anchored.slice(0, at) + rest.replace(randomMatch(rest, /(?<=: )[^\s|>&*].*$/gm, random), '*anchor');
}

/** A map takes in another one with `<<`, before or behind its own keys. */
function merged(text: string, random: Random): string {
	const edit = onMap((map, at) => {
		const source = map.items[at]!.value;
		if (isMap(source)) source.anchor = 'merged';
		const entry = entryOf('<<', isMap(source) ? new Alias('merged') : mapOf('added', plain('1')));
		map.items.splice(random.next() < 0.5 && !isMap(source) ? 0 : map.items.length, 0, entry);
	});
	return edit(text, random);
}
