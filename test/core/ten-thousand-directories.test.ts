/** A repository of ten thousand directories: each is listed once, a text is looked at once, and only what is reached is parsed. */
import { expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import { dirname, type FilePath } from '../../server/src/core/base/paths';
import type { DirectoryEntry, Source } from '../../server/src/core/workspace/inputs';
import { memorySource, ROOT } from '../support/fixture';

/** A source over many files that says how often it was asked. */
function counting(files: ReadonlyMap<FilePath, string>) {
	const listings = new Map<FilePath, Map<string, DirectoryEntry>>();
	for (const file of files.keys()) {
		for (let at = file, kind: DirectoryEntry['kind'] = 'file'; at !== '/'; at = dirname(at), kind = 'directory') {
			const entries = listings.get(dirname(at)) ?? new Map<string, DirectoryEntry>();
			listings.set(
				dirname(at),
				entries.set(at.slice(at.lastIndexOf('/') + 1), { name: at.slice(at.lastIndexOf('/') + 1), kind }),
			);
		}
	}
	const asked = { read: new Map<FilePath, number>(), listed: new Map<FilePath, number>() };
	const count = (of: Map<FilePath, number>, path: FilePath) => of.set(path, (of.get(path) ?? 0) + 1);
	const source: Source = {
		...memorySource(new Map()),
		read: path => {
			count(asked.read, path);
			const text = files.get(path);
			return text !== undefined ? { kind: 'text', text } : { kind: listings.has(path) ? 'directory' : 'missing' };
		},
		list: path => {
			count(asked.listed, path);
			return listings.has(path) ? [...listings.get(path)!.values()] : undefined;
		},
		realPath: path => (files.has(path) || listings.has(path) ? path : undefined),
	};
	return { source, asked };
}

const many = (parts: readonly string[]): [FilePath, string][] =>
	[...Array(10_000).keys()].flatMap(number => {
		const directory = `${ROOT}/services/${number % 100}/${number}`;
		return parts.map((name): [FilePath, string] => [`${directory}/${name}`, `name: service-${number}\n`]);
	});

/** What is never looked into. */
const PASSED_OVER: readonly [FilePath, string][] = [
	[`${ROOT}/node_modules/x/kustomization.yaml`, 'resources: [gone.yaml]\n'],
	[`${ROOT}/.git/x/kustomization.yaml`, 'resources: [gone.yaml]\n'],
	[`${ROOT}/charts/web/Chart.yaml`, 'apiVersion: v2\nname: web\nversion: 1.0.0\n'],
	[`${ROOT}/charts/web/templates/x.yaml`, '{{- if .Values.on }}\nkind: Service\n{{- end }}\n'],
];

function checked(files: readonly (readonly [FilePath, string])[]) {
	const { source, asked } = counting(new Map([...files, ...PASSED_OVER]));
	const analysis = new Analysis(source);
	analysis.apply({ roots: [ROOT], now: 0 });
	const found = analysis.files().flatMap(file => analysis.diagnostics(file).map(({ code }) => code));
	const inside = (of: ReadonlyMap<FilePath, number>) => [...of].filter(([path]) => path.startsWith(`${ROOT}/`));
	return {
		found,
		read: inside(asked.read),
		listed: inside(asked.listed),
		parsed: analysis.db.runs.get('syntax') ?? 0,
		passedOver: [...asked.read.keys(), ...asked.listed.keys()].filter(path =>
			/\/(node_modules|\.git|templates)\//.test(path),
		),
	};
}

test('of which none is a GitOps tree: nothing is parsed, and of each YAML file the text is looked at once', () => {
	const { found, read, listed, parsed, passedOver } = checked(many(['config.yaml', 'index.ts', 'README.md']));
	expect(found).toEqual([]);
	expect(parsed).toBe(0);
	expect(read.length).toBeLessThan(10_010);
	expect(read.every(([path, times]) => times === 1 && !/\.(ts|md)$/.test(path))).toBe(true);
	expect(listed.length).toBeLessThan(10_120);
	expect(listed.every(([, times]) => times === 1)).toBe(true);
	expect(passedOver).toEqual([]);
}, 60_000);

test('of which one is applied: that is parsed, and no more', () => {
	const { found, parsed, passedOver } = checked([
		...many(['config.yaml']),
		[`${ROOT}/deploy/kustomization.yaml`, 'resources: [service.yaml]\n'],
		[
			`${ROOT}/deploy/service.yaml`,
			'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: web}\nspec: {ports: [{port: 80}]}\n',
		],
	]);
	expect(found).toEqual([]);
	expect(parsed).toBe(2);
	expect(passedOver).toEqual([]);
}, 60_000);

test('where the search for Flux objects ends before its end, it is said once, in a tree only', () => {
	const files = many(['config.yaml', 'values.yaml', 'other.yaml']);
	expect(checked(files).found).toEqual([]);
	const deploy: [FilePath, string] = [
		`${ROOT}/deploy/kustomization.yaml`,
		'configMapGenerator: [{name: a, literals: [a=b]}]\n',
	];
	expect(checked([...files, deploy]).found).toEqual(['tree/search-ended']);
}, 60_000);
