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
