/**
 * Whether `strata check` names each target that fails, and no other, on each commit of histories with faults of the kinds that real
 * ones have. Truth is what `kubectl kustomize` says of each target, with what Flux adds. `npm run bench:truth [-- --commits 120 --seed 1]`;
 * kubectl is $STRATA_KUBECTL, or the one on PATH. `--tree DIRECTORY` begins with the files of a directory (and reports nothing to
 * bench/results.md), as does `--kinds REGEXP` of only some kinds of faults; `--write DIRECTORY` writes the histories as git repositories instead.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Layout, LAYOUTS } from '../../scripts/bench/layouts.mjs';
import { Random } from '../../scripts/bench/random.mjs';
import { SHARED_BASE } from '../../scripts/bench/shared-base.mjs';
import { boundedSteps } from '../../server/src/host/bounded';
import { check } from '../../server/src/cli/check';
import type { Terminal } from '../../server/src/cli/terminal';
import { diskSource } from '../../server/src/host/disk';
import { fromNative } from '../../server/src/host/native-paths';
import { Checkout } from './history/checkout';
import { type Commit, history } from './history/history';
import { fleet, homeLab } from './history/home-lab';
import { Oracle, type Verdict } from './history/oracle';
import type { Tree } from './history/tree';
import { type Measurement, print, report } from './report';

const { values: options } = parseArgs({
	options: {
		commits: { type: 'string', default: '120' },
		seed: { type: 'string', default: '1' },
		files: { type: 'string', default: '90' },
		layout: { type: 'string' },
		tree: { type: 'string' },
		write: { type: 'string' },
		kinds: { type: 'string', default: '' },
	},
});
const SEED = Number(options.seed);
const KUBECTL = process.env.STRATA_KUBECTL ?? 'kubectl';

const [clusters, overlays, apps, kubernetes] = LAYOUTS;
const LAYOUT_TREES: Readonly<Record<string, () => Tree>> =
	options.tree !== undefined
		? { [path.basename(options.tree)]: () => treeOf(options.tree!) }
		: {
				'clusters/base': () => ofTeam(clusters),
				'base/overlays': () => ofTeam(overlays),
				'apps/base': () => ofTeam(apps),
				'kubernetes/apps': () => ofTeam(kubernetes),
				'home-lab': () => homeLab(new Random(SEED)),
				fleet: () => fleet(new Random(SEED)),
			};

/** The text files of a directory. */
function treeOf(directory: string): Tree {
	const files = fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
	return new Map(
		files.map(({ parentPath, name }) => {
			const file = path.join(parentPath, name);
			return [path.relative(directory, file).replaceAll(path.sep, '/'), fs.readFileSync(file, 'utf8')];
		}),
	);
}

function ofTeam(layout: Layout): Tree {
	const team = [...layout('shop', Number(options.files), new Random(SEED))];
	return new Map([
		...Object.entries(SHARED_BASE),
		...team.map(([file, text]): [string, string] => [`shop/${file}`, text]),
	]);
}

const histories = Object.entries(LAYOUT_TREES)
	.map(([name, tree], i) => ({
		name,
		commits: history(tree(), Number(options.commits), new Random(SEED + i), new RegExp(options.kinds)),
	}))
	.filter(({ name }) => options.layout === undefined || options.layout === name);

interface Finding {
	readonly file: string;
	readonly range: { readonly start: { readonly line: number } };
	readonly severity: string;
	readonly code: string;
	readonly message: string;
	readonly environments: readonly string[];
}

interface Tally {
	failing: number;
	named: number;
}

async function replay(): Promise<void> {
	const version = spawnSync(KUBECTL, ['version', '--client'], { encoding: 'utf8' });
	if (version.error) {
		console.error(
			`${KUBECTL} cannot be run (${version.error.message}); put kubectl on PATH, or its path into $STRATA_KUBECTL`,
		);
		process.exit(2);
	}
	const kustomize = /Kustomize Version: (\S+)/.exec(version.stdout)?.[1] ?? 'of unknown version';
	const byKind = new Map<string, Tally>();
	const byCode = new Map<string, number>();
	let commits = 0;
	let healthy = 0;
	let checked = 0;
	for (const { name, commits: list } of histories) {
		console.error(name);
		const checkout = temporaryCheckout();
		const oracle = new Oracle(temporaryCheckout(), KUBECTL);
		const since = new Map<string, string>();
		for (const [number, commit] of list.entries()) {
			const verdicts = oracle.judge(commit.tree);
			checkout.bring(commit.tree);
			const start = performance.now();
			const errors = await errorsOf(checkout.directory);
			checked += performance.now() - start;
			commits++;
			const say = (line: string) => console.log(`${name} ${number} (${commit.message}): ${line}`);
			const explained = new Set<Finding>();
			for (const verdict of verdicts) {
				const { target, failure } = verdict;
				const naming = errors.filter(error => names(error, verdict, commit.tree));
				for (const each of failure === undefined ? [] : naming) explained.add(each);
				if (failure === undefined) {
					if (!verdict.unsure) healthy++;
					since.delete(target.id);
					continue;
				}
				const kind = since.get(target.id) ?? commit.faults.at(-1) ?? 'from the start';
				since.set(target.id, kind);
				const tally = byKind.get(kind) ?? { failing: 0, named: 0 };
				byKind.set(kind, { failing: tally.failing + 1, named: tally.named + (naming.length > 0 ? 1 : 0) });
				if (naming.length === 0) say(`missed ${target.id}: ${failure.trim().slice(0, 400)}`);
			}
			for (const verdict of verdicts) {
				if (verdict.failure !== undefined || verdict.unsure) continue;
				for (const error of errors.filter(each => names(each, verdict, commit.tree))) {
					byCode.set(error.code, (byCode.get(error.code) ?? 0) + 1);
					say(`false alarm for ${verdict.target.id}: ${describe(error)}`);
				}
			}
			for (const error of errors) {
				if (explained.has(error) || verdicts.some(each => names(error, each, commit.tree))) continue;
				byCode.set(error.code, (byCode.get(error.code) ?? 0) + 1);
				say(`names no target: ${describe(error)}`);
			}
		}
	}
	const failing = [...byKind.values()].reduce((sum, each) => sum + each.failing, 0);
	const named = [...byKind.values()].reduce((sum, each) => sum + each.named, 0);
	const alarms = [...byCode.values()].reduce((sum, each) => sum + each, 0);
	const share = (of: Tally) => (of.failing === 0 ? 100 : (100 * of.named) / of.failing);
	const rows: Measurement[] = [
		{
			what: 'failing targets named',
			value: share({ failing, named }),
			unit: '%',
			budget: 99,
			bound: 'least',
			note: `${named} of ${failing}`,
		},
		...[...byKind]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([kind, tally]): Measurement => ({
				what: `named: ${kind}`,
				value: share(tally),
				unit: '%',
				note: `${tally.named} of ${tally.failing}`,
			})),
		{ what: 'false alarms', value: alarms, unit: '', budget: 0, note: `in ${healthy} judgements of healthy targets` },
		...[...byCode]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([code, count]): Measurement => ({ what: `false alarms: ${code}`, value: count, unit: '' })),
		{ what: 'a check of one commit, from nothing', value: checked / commits, unit: 'ms' },
	];
	(options.tree === undefined && options.kinds === '' ? report : print)({
		title: 'Prediction over time',
		about: `\`npm run bench:truth\`: ${commits} commits of ${histories.length} histories with injected faults; a target is named if an error of its environment stands in a file that it is built from. Truth is \`kubectl kustomize\` with kustomize ${kustomize}.`,
		rows,
	});
}

/** Flux's own findings are about the Kustomizations of their document, or say which one they are about; not whoever brings them. */
const OF_ITS_DOCUMENT = /^flux\/(path-not-found|source-not-found|dependency-|health-check)/;

/** Whether somebody who reads the error knows that the target fails. */
function names(error: Finding, { target, files }: Verdict, tree: Tree): boolean {
	const { flux, environment } = target;
	if (environment !== '' && error.environments.length > 0 && !error.environments.includes(environment)) return false;
	if (
		flux &&
		error.code === 'flux/variable-not-set' &&
		!error.message.includes(`Kustomization/${flux.manifest.metadata.name} `)
	)
		return false;
	// Of a text that is no YAML, or says a key twice, whoever builds it is told.
	const isOfText = error.code.startsWith('yaml/');
	if (
		flux &&
		!isOfText &&
		error.file === flux.file &&
		documentAt(tree.get(flux.file)!, error.range.start.line) === flux.document
	)
		return true;
	return files.has(error.file) && !OF_ITS_DOCUMENT.test(error.code);
}

function documentAt(text: string, line: number): number {
	const separators = text
		.split('\n')
		.slice(0, line + 1)
		.filter(
			(each, i) =>
				each === '---' &&
				i > 0 &&
				text
					.split('\n')
					.slice(0, i)
					.some(before => /^[^#\s]/.test(before) && before !== '---'),
		);
	return separators.length;
}

function describe({ file, range, code, message, environments }: Finding): string {
	return `${file}:${range.start.line + 1} ${code} [${environments.join(', ')}] ${message.slice(0, 200)}`;
}

async function errorsOf(directory: string): Promise<readonly Finding[]> {
	let out = '';
	const terminal: Terminal = {
		source: diskSource(),
		version: '',
		now: Date.now(),
		rulePage: () => undefined,
		colours: false,
		out: text => (out += text),
		err: text => console.error(text),
		path: fromNative,
		histories: () => new Map(),
		bounded: work => boundedSteps(60_000, work),
		write: () => undefined,
		serve: () => undefined,
	};
	await check(terminal, [directory, '--format', 'json', '--fail-on', 'never']);
	const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
	return findings.filter(({ severity }) => severity === 'error');
}

const temporary: string[] = [];
process.on('exit', () => temporary.forEach(each => fs.rmSync(each, { recursive: true, force: true })));

function temporaryCheckout(): Checkout {
	const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-history-'));
	temporary.push(directory);
	return new Checkout(directory);
}

function writeRepositories(below: string): void {
	for (const { name, commits } of histories) {
		const directory = path.resolve(below, name.replaceAll('/', '-'));
		fs.mkdirSync(directory, { recursive: true });
		const checkout = new Checkout(directory);
		const git = (...args: string[]) => {
			const { status, stderr } = spawnSync('git', args, { cwd: directory, encoding: 'utf8' });
			if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
		};
		git('init', '--quiet');
		commits.forEach(({ tree, message }: Commit) => {
			checkout.bring(tree);
			git('add', '--all');
			git(
				'-c',
				'user.name=history',
				'-c',
				'user.email=history@example.com',
				'commit',
				'--quiet',
				'--allow-empty',
				'-m',
				message,
			);
		});
		console.log(`${commits.length} commits in ${directory}`);
	}
}

if (options.write !== undefined) writeRepositories(options.write);
else void replay();
