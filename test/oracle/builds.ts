/**
 * `strata build` beside `kubectl kustomize`, as a script sees them: the same bytes on standard output, success and failure together,
 * nothing printed where it fails, and with `-o` the same files. Over every kustomization of this repository's examples, of the public
 * trees and of the conformance cases, as far as they are here.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { boundedSteps } from '../../server/src/host/bounded';
import { run } from '../../server/src/cli/run';
import type { Terminal } from '../../server/src/cli/terminal';
import { isKustomizationFile } from '../../server/src/core/base/paths';
import { diskSource } from '../../server/src/host/disk';
import { fromNative } from '../../server/src/host/native-paths';
import { compareFailures } from './failures';
import { findKubectl, kubectlKustomize } from './kubectl';

const USAGE = `usage: npm run test:oracle -- [options]

  --seconds N   stop after so long (no limit)
  --only TEXT   only directories whose path has this in it
`;

interface Subject {
	readonly directory: string;
	readonly args: readonly string[];
	/** Known to be impossible here: it takes helm, a container or the network. */
	readonly excepted: boolean;
}

type Verdict = 'same bytes' | 'both fail' | 'excepted' | 'no answer' | 'DIFFERENT';

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			seconds: { type: 'string', default: 'Infinity' },
			only: { type: 'string', default: '' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	const kubectl = findKubectl();
	if ('missing' in kubectl) {
		console.log(`skipped: ${kubectl.missing}`);
		return 0;
	}
	const root = process.cwd();
	const all = subjects(root).filter(({ directory }) => directory.includes(values.only));
	const until = performance.now() + 1000 * Number(values.seconds);
	const counts = new Map<Verdict, number>();
	const queue = all[Symbol.iterator]();
	const work = async () => {
		for (const subject of queue) {
			if (performance.now() > until) return;
			const { verdict, why } = await compare(kubectl.command, subject);
			counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
			if (verdict === 'DIFFERENT')
				console.log(`${relative(root, subject.directory)} ${subject.args.join(' ')}\n${why}`);
		}
	};
	await Promise.all(cpus().map(work));
	const done = [...counts.values()].reduce((a, b) => a + b, 0);
	console.log(`strata build against kubectl with kustomize ${kubectl.version}: ${done} of ${all.length} builds`);
	for (const [verdict, count] of [...counts].sort()) console.log(`  ${verdict}: ${count}`);
	const failures = await compareFailures(kubectl.command);
	console.log(`the words of ${failures.count} failures: ${failures.count - failures.different.length} as recorded`);
	for (const each of failures.different) console.log(`  ${each}`);
	return counts.has('DIFFERENT') || failures.different.length > 0 ? 1 : 0;
}

function subjects(root: string): Subject[] {
	const trees = [join(root, 'examples'), join(root, '../shared/conformance/trees')].filter(existsSync);
	const cases = join(root, '../shared/conformance/kustomize/cases');
	return [
		...trees.flatMap(kustomizationsBelow).flatMap(directory => [
			{ directory, args: [], excepted: false },
			{ directory, args: ['--load-restrictor', 'LoadRestrictionsNone'], excepted: false },
		]),
		...(existsSync(cases)
			? readdirSync(cases)
					.sort()
					.map(id => conformanceCase(join(cases, id)))
			: []),
	];
}

function kustomizationsBelow(directory: string): string[] {
	const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
	return files
		.filter(file => isKustomizationFile(`/${file}`))
		.map(file => dirname(join(directory, file)))
		.sort();
}

function conformanceCase(folder: string): Subject {
	const {
		run: directory,
		skip,
		options,
	} = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
		run: string;
		skip?: string;
		options?: { loadRestrictor?: string; enableHelm?: true };
	};
	const args = options?.loadRestrictor ? ['--load-restrictor', options.loadRestrictor] : [];
	return { directory: join(folder, 'input', directory), args, excepted: (skip ?? options?.enableHelm) !== undefined };
}

async function compare(
	kubectl: string,
	subject: Subject,
): Promise<{ readonly verdict: Verdict; readonly why: string }> {
	const { directory, args, excepted } = subject;
	const ours = await strata(directory, args);
	if (excepted || ours.code === 3) return { verdict: 'excepted', why: '' };
	const theirs = await kubectlKustomize(kubectl, directory, args);
	if (theirs.kind === 'timeout') return { verdict: 'no answer', why: '' };
	if (theirs.kind === 'error') {
		if (ours.code !== 0 && ours.out === '' && ours.err !== '') return { verdict: 'both fail', why: '' };
		return { verdict: 'DIFFERENT', why: `  kubectl fails: ${theirs.words}\n  strata exits with ${ours.code}` };
	}
	if (ours.code !== 0) return { verdict: 'DIFFERENT', why: `  strata fails:\n${ours.err}` };
	if (ours.out !== theirs.text) return { verdict: 'DIFFERENT', why: firstDifference(theirs.text, ours.out) };
	const missing = deprecationsIn(theirs.warnings).filter(field => !ours.err.includes(field));
	if (missing.length > 0) return { verdict: 'DIFFERENT', why: `  no word of the deprecated ${missing.join(', ')}` };
	const files = await filesOf(kubectl, subject);
	return files === undefined ? { verdict: 'same bytes', why: '' } : { verdict: 'DIFFERENT', why: files };
}

/** One command with a terminal of its own. */
async function strata(directory: string, args: readonly string[]) {
	let out = '';
	let err = '';
	const written = new Map<string, string>();
	const terminal: Terminal = {
		source: diskSource(),
		version: '',
		now: 0,
		colours: false,
		rulePage: () => undefined,
		out: text => void (out += text),
		err: text => void (err += text),
		path: fromNative,
		histories: () => new Map(),
		bounded: work => boundedSteps(60_000, work),
		write: (file, text) => void written.set(file, text),
		serve: () => undefined,
	};
	const code = await run(terminal, ['build', directory, ...args]);
	return { code, out, err, written };
}

function deprecationsIn(warnings: string): string[] {
	return [...warnings.matchAll(/'(\w+)' is deprecated/g)].map(([, field]) => field!);
}

/** What is different where the output goes into a directory, one file for each resource. */
async function filesOf(kubectl: string, { directory, args }: Subject): Promise<string | undefined> {
	const output = mkdtempSync(join(tmpdir(), 'strata-oracle-'));
	try {
		const { kind } = await kubectlKustomize(kubectl, directory, [...args, '-o', output]);
		if (kind === 'timeout') return undefined;
		const { written } = await strata(directory, [...args, '-o', output]);
		const theirs = new Map(
			readdirSync(output).map(name => [join(output, name), readFileSync(join(output, name), 'utf8')]),
		);
		const wrong = [...new Set([...theirs.keys(), ...written.keys()])].filter(
			file => theirs.get(file) !== written.get(file),
		);
		return wrong.length === 0
			? undefined
			: `  with -o other files: ${wrong.map(file => relative(output, file)).join(', ')}`;
	} finally {
		rmSync(output, { recursive: true, force: true });
	}
}

function firstDifference(wanted: string, got: string): string {
	const [a, b] = [wanted.split('\n'), got.split('\n')];
	const at = a.findIndex((line, i) => line !== b[i]);
	const show = (lines: readonly string[]) => lines.slice(Math.max(0, at), Math.max(0, at) + 3).join('\n    ');
	return `  line ${at + 1}:\n    ${show(a)}\n  strata has:\n    ${show(b)}`;
}

main().then(
	status => (process.exitCode = status),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 2;
	},
);
