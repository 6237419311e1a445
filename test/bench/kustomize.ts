/**
 * Strata's engine beside `kubectl kustomize`, in one run on one machine: every root of a tree, one large build, and an edit of a base.
 * `npm run bench:kustomize`; kubectl is the one on PATH, or $STRATA_KUBECTL.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { makeTree } from '../../scripts/bench/tree.mjs';
import { Analysis } from '../../server/src/core/analysis';
import { dirname, type FilePath, isKustomizationFile, join } from '../../server/src/core/base/paths';
import { buildOutput } from '../../server/src/core/ide/build-output';
import { diskSource } from '../../server/src/host/disk';
import { toNative } from '../../server/src/host/native-paths';
import { type WrittenTree, writtenTree } from './generated-tree';
import { manyResources } from './many-resources';
import { quantile, timed } from './measure';
import { type Measurement, report } from './report';
import { shares } from './shares';

const { values: options } = parseArgs({
	options: {
		files: { type: 'string', default: '2000' },
		resources: { type: 'string', default: '4000' },
		edits: { type: 'string', default: '20' },
		// Says where the time goes for the roots of a tree on the disk, and nothing else: a profile is taken in a process of its own.
		'shares-of': { type: 'string' },
	},
});
const RESTRICTED = { loadRestrictor: 'LoadRestrictionsRootOnly', order: 'legacy' } as const;

if (options['shares-of']) {
	console.log(JSON.stringify(sharesOf(options['shares-of'].split('\n'))));
	process.exit();
}
const KUBECTL = process.env.STRATA_KUBECTL ?? 'kubectl';
const version = spawnSync(KUBECTL, ['version', '--client'], { encoding: 'utf8' });
if (version.error) {
	console.error(
		`${KUBECTL} cannot be run (${version.error.message}); put kubectl on PATH, or its path into $STRATA_KUBECTL`,
	);
	process.exit(2);
}
const kustomize = /Kustomize Version: (\S+)/.exec(version.stdout)?.[1] ?? 'of unknown version';

const rows = [...everyRoot(), ...largeBuild(), ...editOfBase()];
report({
	title: 'Kustomize builds',
	about: `\`npm run bench:kustomize\`: against \`kubectl kustomize\` with kustomize ${kustomize}, side by side in one run. Strata's times are of one process that begins cold, and include printing.`,
	rows,
});

/** Each root of a tree once: all of them in one process here, one process each there. */
function everyRoot(): Measurement[] {
	const tree = writtenTree(makeTree({ files: Number(options.files) }));
	const roots = rootsOf(tree);
	const ours = timed(() => {
		const analysis = new Analysis(diskSource());
		return roots.map(root => ({ root, text: print(analysis, root) }));
	});
	const theirs = timed(() => ours.value.map(({ root }) => kubectl(root)));
	const equal = ours.value.filter(({ text }, i) => text === theirs.value[i]!.text).length;
	const single = quantile(
		theirs.value.map(({ ms }) => ms),
		0.5,
	);
	return [
		{ what: `${ours.value.length} roots of a tree of ${options.files} files, Strata`, value: ours.ms, unit: 'ms' },
		{
			what: 'the same roots, kubectl once per root',
			value: theirs.ms,
			unit: 'ms',
			note: `${single.toFixed(0)} ms at the median`,
		},
		{ what: 'so many times faster', value: theirs.ms / ours.ms, unit: 'x', budget: 20, bound: 'least' },
		...whereTimeGoes(roots, ours.ms),
		{
			what: 'roots whose output has the same bytes',
			value: (100 * equal) / ours.value.length,
			unit: '%',
			budget: 100,
			bound: 'least',
		},
	];
}

/** What a second process that begins cold takes its time for, by a profile. */
function whereTimeGoes(roots: readonly FilePath[], ms: number): Measurement[] {
	const args = [...process.execArgv, process.argv[1]!, '--shares-of', roots.join('\n')];
	const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	const found = JSON.parse(stdout) as ReturnType<typeof sharesOf>;
	const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
	return [
		{
			what: 'share of reading YAML in it, by a profile of another run',
			value: 100 * found.yaml,
			unit: '%',
			note: `${(found.yaml * ms).toFixed(0)} ms: the yaml package ${percent(found.package)}; the disk takes ${percent(found.disk)}, collecting garbage ${percent(found.garbage)}`,
		},
	];
}

function sharesOf(roots: readonly FilePath[]): Readonly<Record<'yaml' | 'package' | 'disk' | 'garbage', number>> {
	const run = () => {
		const analysis = new Analysis(diskSource());
		for (const root of roots) print(analysis, root);
	};
	return shares(run, {
		yaml: ['parseSyntax', 'readContent'],
		package: ['parseBounded'],
		disk: ['statSync', 'openSync', 'readSync', 'closeSync', 'readdirSync', 'realpath'],
		garbage: ['(garbage collector)'],
	});
}

function largeBuild(): Measurement[] {
	const count = Number(options.resources);
	const tree = writtenTree(manyResources(count));
	const analysis = new Analysis(diskSource());
	const ours = timed(() => print(analysis, tree.root));
	const theirs = kubectl(tree.root);
	return [
		{ what: `one build of ${count} resources with patches, labels and prefix, Strata`, value: ours.ms, unit: 'ms' },
		{
			what: 'the same build, kubectl',
			value: theirs.ms,
			unit: 'ms',
			note: ours.value === theirs.text ? 'same bytes' : 'OTHER BYTES',
		},
		{ what: 'so many times faster', value: theirs.ms / ours.ms, unit: 'x', budget: 5, bound: 'least' },
	];
}

/** A key in a file of a base: all overlays that stand on it are built and printed again. */
function editOfBase(): Measurement[] {
	const tree = writtenTree(makeTree({ files: Number(options.files) }));
	const analysis = new Analysis(diskSource());
	const file = `${tree.root}/shared/guardrails/quota.yaml`;
	const all = rootsOf(tree).map(root => ({ root, text: print(analysis, root) }));
	const overlays = all.filter(({ text }) => text.includes('name: team-quota')).map(({ root }) => root);
	const samples: number[] = [];
	for (let i = 0; i < Number(options.edits); i++) {
		const text = tree.files.get(file)!.replace(/pods: "\d+"/, `pods: "${100 + i}"`);
		samples.push(
			timed(() => {
				analysis.apply({ texts: new Map([[file, text]]) });
				for (const root of overlays) print(analysis, root);
			}).ms,
		);
	}
	const theirs = timed(() => overlays.map(root => kubectl(root)));
	return [
		{
			what: `an edit of one base file, its ${overlays.length} overlays again, Strata (p50)`,
			value: quantile(samples, 0.5),
			unit: 'ms',
		},
		{ what: 'the same, Strata (p95)', value: quantile(samples, 0.95), unit: 'ms' },
		{ what: 'the same overlays, kubectl once per overlay', value: theirs.ms, unit: 'ms' },
		{
			what: 'so many times faster (p50)',
			value: theirs.ms / quantile(samples, 0.5),
			unit: 'x',
			budget: 100,
			bound: 'least',
		},
	];
}

/** The directories of kustomizations that no other one names, told from the texts alone so that nothing is built for it. */
function rootsOf({ files }: WrittenTree): FilePath[] {
	const kustomizations = [...files].filter(([file]) => isKustomizationFile(file));
	const named = new Set(
		kustomizations.flatMap(([file, text]) =>
			[...text.matchAll(/^ {2}- (\S+)$/gm)].map(([, entry]) => join(dirname(file), entry!)),
		),
	);
	return kustomizations.map(([file]) => dirname(file)).filter(directory => !named.has(directory));
}

function print({ db }: Analysis, directory: FilePath): string {
	const { documents, failed, findings } = buildOutput(db, directory, RESTRICTED);
	if (failed) throw new Error(`${directory} does not build: ${findings.map(({ message }) => message).join('; ')}`);
	return documents.map(({ text }) => text).join('---\n');
}

function kubectl(directory: FilePath): { readonly ms: number; readonly text: string } {
	const { ms, value } = timed(() =>
		spawnSync(KUBECTL, ['kustomize', toNative(directory)], { encoding: 'utf8', maxBuffer: 2 ** 30 }),
	);
	if (value.status !== 0) throw new Error(`kubectl kustomize ${directory}: ${value.stderr}`);
	return { ms, text: value.stdout };
}
