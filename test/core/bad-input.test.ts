/** What people and disks do to a tree: each is said clearly or bounded by a stated limit, and the rest of the tree still has its findings. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import { diskSource } from '../../server/src/host/disk';
import { fromNative } from '../../server/src/host/native-paths';

/** Nothing here may take longer than this, in milliseconds; a hang would take for ever, a busy machine some seconds. */
const LIMIT = 20_000;

/** A healthy base and overlay, with one fault that must always be found: a second environment names a file that is not there. */
const REST: Readonly<Record<string, string>> = {
	'base/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
	'base/deployment.yaml': deployment('web'),
	'production/kustomization.yaml': 'resources:\n  - ../base\nnamespace: production\n',
	'staging/kustomization.yaml': 'resources:\n  - ../base\n  - absent.yaml\nnamespace: staging\n',
};
const FAULT_OF_THE_REST = 'staging/kustomization.yaml kustomize/missing-resource';

const COMPONENT = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
const THING = 'apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: thing }\nspec: { a: text }\n';

type File = string | Buffer | { readonly link: string };

interface Case {
	readonly what: string;
	readonly files: Readonly<Record<string, File>>;
	/** `file code` of what must be said. */
	readonly said: readonly string[];
}

const CASES: readonly Case[] = [
	{
		what: 'a kustomization that includes itself',
		files: { 'self/kustomization.yaml': 'resources:\n  - .\n' },
		said: ['self/kustomization.yaml kustomize/cycle'],
	},
	{
		what: 'two kustomizations that include each other',
		files: {
			'a/kustomization.yaml': 'resources:\n  - ../b\n',
			'b/kustomization.yaml': 'resources:\n  - ../a\n',
			'top/kustomization.yaml': 'resources:\n  - ../a\n',
		},
		said: ['a/kustomization.yaml kustomize/cycle'],
	},
	{
		what: 'a circle that nobody else builds on',
		files: { 'a/kustomization.yaml': 'resources:\n  - ../b\n', 'b/kustomization.yaml': 'resources:\n  - ../a\n' },
		said: ['a/kustomization.yaml kustomize/cycle'],
	},
	{
		what: 'a missing file',
		files: { 'x/kustomization.yaml': 'resources:\n  - gone.yaml\npatches:\n  - path: gone-too.yaml\n' },
		said: ['x/kustomization.yaml kustomize/missing-resource', 'x/kustomization.yaml kustomize/missing-file'],
	},
	{
		what: 'a directory without a kustomization',
		files: { 'x/kustomization.yaml': 'resources:\n  - ../plain\n', 'plain/deployment.yaml': deployment('plain') },
		said: ['x/kustomization.yaml kustomize/no-kustomization-file'],
	},
	{
		what: 'links in a loop',
		files: {
			'x/kustomization.yaml': 'resources:\n  - loop\n',
			'x/loop': { link: 'loop' },
			'x/up': { link: '..' },
		},
		said: ['x/kustomization.yaml kustomize/missing-resource'],
	},
	{
		what: 'a file of 10 MB',
		files: {
			'x/kustomization.yaml': 'resources:\n  - large.yaml\n',
			'x/large.yaml': `kind: ConfigMap\ndata:\n  a: ${'x'.repeat(10_000_000)}\n`,
		},
		said: ['x/large.yaml yaml/too-large'],
	},
	{
		what: 'a binary file named .yaml',
		files: {
			'x/kustomization.yaml': 'resources:\n  - image.yaml\n',
			'x/image.yaml': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 255, 254]),
		},
		said: ['x/image.yaml yaml/binary'],
	},
	{
		what: 'an alias bomb',
		files: { 'x/kustomization.yaml': 'resources:\n  - bomb.yaml\n', 'x/bomb.yaml': bomb() },
		said: ['x/bomb.yaml yaml/alias-bomb'],
	},
	{
		what: 'half-typed YAML in a manifest',
		files: {
			'x/kustomization.yaml': 'resources:\n  - half.yaml\n',
			'x/half.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "half\ndata: [\n',
		},
		said: ['x/half.yaml yaml/syntax'],
	},
	{
		what: 'half-typed YAML in a kustomization',
		files: { 'x/kustomization.yaml': 'resources:\n  - ../base\nnamespace: {\n' },
		said: ['x/kustomization.yaml yaml/syntax'],
	},
	{
		what: 'an empty kustomization',
		files: { 'x/kustomization.yaml': '' },
		said: ['x/kustomization.yaml kustomize/empty-kustomization'],
	},
	{
		what: 'a kustomization that is a list',
		files: { 'x/kustomization.yaml': '- a\n- b\n' },
		said: ['x/kustomization.yaml kustomize/'],
	},
	{
		what: 'nesting beyond any stack',
		files: { 'x/kustomization.yaml': 'resources:\n  - deep.yaml\n', 'x/deep.yaml': `a: ${'['.repeat(50_000)}\n` },
		said: ['x/deep.yaml yaml/syntax'],
	},
	{
		what: 'nesting by indentation',
		files: {
			'x/kustomization.yaml': 'resources:\n  - deep.yaml\n',
			'x/deep.yaml': Array.from({ length: 1_500 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
		},
		said: ['x/deep.yaml yaml/syntax'],
	},
	{
		what: 'a map of 20,000 equal keys',
		files: {
			'x/kustomization.yaml': 'resources:\n  - keys.yaml\n',
			'x/keys.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: keys\ndata:\n${'  a: b\n'.repeat(20_000)}`,
		},
		said: ['x/keys.yaml yaml/duplicate-key'],
	},
	{
		what: 'a million documents',
		files: { 'x/kustomization.yaml': 'resources:\n  - many.yaml\n', 'x/many.yaml': '---\n'.repeat(1_000_000) },
		said: ['x/many.yaml yaml/syntax'],
	},
	{
		what: 'a line of a million empty lists',
		files: {
			'x/kustomization.yaml': 'resources:\n  - line.yaml\n',
			'x/line.yaml': `a: [${'[],'.repeat(1_000_000)}]\n`,
		},
		said: ['x/line.yaml yaml/syntax'],
	},
	{
		what: 'a long text and very many aliases of it',
		files: {
			'x/kustomization.yaml': 'resources:\n  - text.yaml\n',
			'x/text.yaml': `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: thing }\na: &a "${'x'.repeat(1_000_000)}"\nspec: [${'*a,'.repeat(100_000)}]\n`,
		},
		said: ['x/text.yaml yaml/alias-bomb'],
	},
	{
		what: 'a schema of values as deep as a well',
		files: chart({ 'values.schema.json': `${'{"properties":{"a":'.repeat(100_000)}{}${'}}'.repeat(100_000)}` }),
		said: ['release/release.yaml helm/chart-schema-broken'],
	},
	{
		what: 'a fault below directories that are listed twice, each of them again twice, and so on',
		files: doubled('resources:\n  - gone.yaml\n'),
		said: ['d/30/kustomization.yaml kustomize/missing-resource'],
	},
	{
		what: 'components that run twice, each of them again twice, and so on',
		files: {
			...Object.fromEntries(
				Array.from({ length: 30 }, (_, i) => [
					`d/${i}/kustomization.yaml`,
					`${COMPONENT}components:\n  - ../${i + 1}\n  - ../${i + 1}\n`,
				]),
			),
			'd/30/kustomization.yaml': `${COMPONENT}namePrefix: a\n`,
			'x/kustomization.yaml': 'resources:\n  - thing.yaml\ncomponents:\n  - ../d/0\n',
			'x/thing.yaml': THING,
		},
		said: ['d/29/kustomization.yaml kustomize/too-large'],
	},
	{
		what: 'a patch that copies an object into itself, again and again',
		files: {
			'x/kustomization.yaml': `resources:\n  - thing.yaml\npatches:\n  - target:\n      kind: Thing\n    patch: |-\n${Array.from({ length: 40 }, (_, i) => `      - { op: copy, from: /spec, path: /spec/x${i} }\n`).join('')}`,
			'x/thing.yaml': THING,
		},
		said: ['x/kustomization.yaml kustomize/patch-failed'],
	},
	{
		what: 'replacements that put an object into itself, again and again',
		files: {
			'x/kustomization.yaml': `resources:\n  - thing.yaml\nreplacements:\n${Array.from({ length: 40 }, (_, i) => replacement('spec', `spec.x${i}`, '{ create: true }')).join('')}`,
			'x/thing.yaml': THING,
		},
		said: ['x/kustomization.yaml kustomize/replacement-target'],
	},
	{
		what: 'replacements that double a text',
		files: {
			'x/kustomization.yaml': `resources:\n  - thing.yaml\nreplacements:\n${replacement('spec.a', 'spec.a', '{ delimiter: "-", index: 99 }').repeat(40)}`,
			'x/thing.yaml': THING,
		},
		said: ['x/kustomization.yaml kustomize/replacement-target'],
	},
	{
		what: 'a chain of a hundred bases',
		files: Object.fromEntries(
			Array.from({ length: 100 }, (_, i) => [
				`chain/${i}/kustomization.yaml`,
				`namePrefix: p-\nresources:\n  - ${i === 99 ? 'gone.yaml' : `../${i + 1}`}\n`,
			]),
		),
		said: ['chain/99/kustomization.yaml kustomize/missing-resource'],
	},
];

test.each(CASES)(
	'$what',
	({ files, said }) => {
		const root = write({ ...REST, ...files });
		const analysis = new Analysis(diskSource());
		const start = performance.now();
		analysis.apply({ roots: [root] });
		const found = analysis
			.files()
			.flatMap(file => analysis.diagnostics(file).map(({ code }) => `${file.slice(root.length + 1)} ${code}`));
		expect(performance.now() - start).toBeLessThan(LIMIT);
		expect(found).toContain(FAULT_OF_THE_REST);
		for (const each of said)
			expect(
				found.filter(one => one.startsWith(each)),
				each,
			).not.toEqual([]);
		for (const [file, content] of Object.entries(files)) {
			if (typeof content !== 'string' || content.length > 1_000_000) continue;
			for (const offset of [0, content.length >> 1, content.length]) {
				analysis.hover(`${root}/${file}`, offset);
				analysis.complete(`${root}/${file}`, offset);
				analysis.definition(`${root}/${file}`, offset);
			}
			analysis.lenses(`${root}/${file}`);
			analysis.documentLinks(`${root}/${file}`);
		}
		expect(performance.now() - start).toBeLessThan(2 * LIMIT);
	},
	3 * LIMIT,
);

test(
	'more resources than anybody builds are left out, and nothing is said of what they lack',
	() => {
		const things = Array.from({ length: 5001 }, (_, i) => THING.replace('name: thing', `name: thing-${i}`));
		const root = write({
			'x/kustomization.yaml': 'resources:\n  - a\n  - b\n',
			'x/a/kustomization.yaml': 'namePrefix: a-\nresources:\n  - ../../things\n',
			'x/b/kustomization.yaml': 'namePrefix: b-\nresources:\n  - ../../things\n',
			'things/kustomization.yaml': 'resources:\n  - things.yaml\n',
			'things/things.yaml': things.join('---\n'),
		});
		const analysis = new Analysis(diskSource());
		analysis.apply({ roots: [root] });
		const found = analysis.diagnostics(`${root}/x/kustomization.yaml`);
		expect(found.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['kustomize/too-large information']);
	},
	3 * LIMIT,
);

test('a half-typed kustomization keeps its last good answer for completion', () => {
	const root = write(REST);
	const analysis = new Analysis(diskSource());
	analysis.apply({ roots: [root] });
	const file = `${root}/production/kustomization.yaml`;
	const text = 'resources:\n  - ../base\nnamespace: production\npat';
	analysis.apply({ texts: new Map([[file, text]]) });
	expect(analysis.diagnostics(file).map(({ code }) => code)).toContain('yaml/syntax');
	expect(analysis.complete(file, text.length).map(({ label }) => label)).toContain('patches');
});

function deployment(name: string): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: ${name}
          image: registry.example.com/${name}:1.0.0
`;
}

/** Thirty levels of directories, each of which names the next one on two ways, and a kustomization below. */
function doubled(last: string): Record<string, string> {
	const levels = Array.from({ length: 30 }, (_, i) => [
		[`d/${i}/kustomization.yaml`, `namePrefix: a-\nresources:\n  - ../${i + 1}\n  - ../${i + 1}/b\n`],
		[`d/${i}/b/kustomization.yaml`, `namePrefix: b-\nresources:\n  - ../../${i + 1}\n`],
	]);
	return {
		...Object.fromEntries(levels.flat()),
		'd/30/kustomization.yaml': last,
		'd/30/b/kustomization.yaml': 'namePrefix: b-\nresources:\n  - ..\n',
	};
}

function replacement(from: string, to: string, options: string): string {
	return `  - source: { kind: Thing, name: thing, fieldPath: ${from} }
    targets: [{ select: { kind: Thing }, fieldPaths: [${to}], options: ${options} }]
`;
}

/** A release of a chart in the tree, with these files of the chart. */
function chart(files: Readonly<Record<string, string>>): Record<string, string> {
	return {
		'release/kustomization.yaml': 'resources:\n  - release.yaml\n',
		'release/release.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: tree, namespace: flux-system }
spec: { interval: 1h, url: https://example.com/tree }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: flux-system }
spec:
  interval: 1h
  chart: { spec: { chart: ./chart, sourceRef: { kind: GitRepository, name: tree } } }
`,
		'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
		...Object.fromEntries(Object.entries(files).map(([file, text]) => [`chart/${file}`, text])),
	};
}

/** Nine levels, each nine times the one before. */
function bomb(): string {
	const levels = [...'abcdefghi'];
	const lines = levels.map((name, i) => {
		const items = i === 0 ? new Array<string>(9).fill('"x"') : new Array<string>(9).fill(`*${levels[i - 1]!}`);
		return `${name}: &${name} [${items.join(', ')}]\n`;
	});
	return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bomb\n${lines.join('')}`;
}

function write(files: Readonly<Record<string, File>>): string {
	const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bad-input-')));
	afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));
	for (const [file, content] of Object.entries(files)) {
		const target = path.join(directory, file);
		fs.mkdirSync(path.dirname(target), { recursive: true });
		if (typeof content === 'object' && 'link' in content) fs.symlinkSync(content.link, target);
		else fs.writeFileSync(target, content);
	}
	return fromNative(directory);
}
