/**
 * Random input for the kustomize engine. Whatever comes, it must neither throw nor take longer than a second; and with the
 * real tool beside it (`--oracle`), give the same bytes where that accepts the input, and fail where that fails.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../scripts/bench/random.mjs';
import { findKubectl, kubectlKustomize } from '../oracle/kubectl';
import { corpus, type Tree } from './corpus';
import { featureTree } from './features';
import { Engine, type EngineAnswer, servesAsEngine } from './engine';
import { mergeTree } from './merges';
import { mutated } from './mutate';
import { repaired } from './repair';
import { replacingTree } from './replacing';
import { scalarTree } from './scalars';

const USAGE = `usage: npm run fuzz -- [options]

  --count N      how many inputs (1000)
  --seconds N    stop after so long
  --seed N       begin with this one; input i of a run has the seed N + i (1)
  --kind KIND    cases: mutated trees; scalars: objects full of random scalars; features: made-up kustomizations;
                 merges: strategic merges; replacing: replacements, images and labels; all (default): in turns
  --oracle       hold every build against kubectl ($STRATA_KUBECTL, or one on PATH) with kustomize 5.8.1 or newer
  --keep         write each input that fails into out/fuzz/
`;

/** A build must not take longer than this, in milliseconds. */
const BOUND_MS = 1000;

type Verdict =
	| 'same bytes'
	| 'both fail'
	| 'no oracle'
	| 'thrown'
	| 'hang'
	| 'slow'
	| 'other bytes'
	| 'fails where kustomize builds'
	| 'builds where kustomize fails';

const FAULTS: ReadonlySet<Verdict> = new Set<Verdict>([
	'thrown',
	'hang',
	'slow',
	'other bytes',
	'fails where kustomize builds',
	'builds where kustomize fails',
]);

const KINDS = ['cases', 'scalars', 'features', 'merges', 'replacing'] as const;

/** What is taken out of these where it makes the build fail, mostly. */
const MADE_UP: ReadonlySet<string> = new Set(['features', 'replacing']);

interface Input {
	readonly tree: Tree;
	/** What was done to it, or what is in it. */
	readonly faults: readonly string[];
}

function input(kind: string, trees: readonly Tree[], random: Random): Input {
	switch (kind) {
		case 'scalars':
			return { tree: scalarTree(random), faults: [] };
		case 'features':
			return featureTree(random);
		case 'merges':
			return mergeTree(random);
		case 'replacing':
			return replacingTree(random);
		default:
			return mutated(random.of(trees), random);
	}
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			count: { type: 'string', default: '1000' },
			seconds: { type: 'string' },
			seed: { type: 'string', default: '1' },
			kind: { type: 'string', default: 'all' },
			oracle: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	const found = values.oracle ? findKubectl() : undefined;
	if (found && 'missing' in found) {
		console.error(`fuzz: ${found.missing}`);
		return 2;
	}
	const root = process.cwd();
	const trees = corpus(root);
	const engine = new Engine();
	const counts = new Map<Verdict, number>();
	const until = values.seconds === undefined ? Infinity : performance.now() + 1000 * Number(values.seconds);
	let done = 0;
	let slowest = 0;
	for (; done < Number(values.count) && performance.now() < until; done++) {
		const seed = Number(values.seed) + done;
		const random = new Random(seed * 2_654_435_761);
		const kind = values.kind === 'all' ? KINDS[seed % KINDS.length]! : values.kind;
		const made = input(kind, trees, random);
		const tree = MADE_UP.has(kind) && random.next() < 0.85 ? await repaired(engine, made.tree, random) : made.tree;
		const { faults } = made;
		const { verdict, words, answer } = await judge(engine, tree, found?.command);
		counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
		if (answer.kind === 'built') slowest = Math.max(slowest, answer.ms);
		if (!FAULTS.has(verdict)) continue;
		console.log(`seed ${seed}: ${verdict} (${[tree.id, ...faults].join('; ')})\n${words.replace(/^/gm, '    ')}`);
		if (values.keep) writeTree(tree, join(root, 'out/fuzz', String(seed)));
	}
	engine.close();
	const against = found ? `against kubectl with kustomize ${found.version}` : 'without another tool';
	console.log(
		`fuzz: ${done} inputs out of ${trees.length} trees, ${against}; the longest build took ${slowest.toFixed(0)} ms`,
	);
	for (const [verdict, count] of [...counts].sort()) console.log(`  ${verdict}: ${count}`);
	return [...counts.keys()].some(verdict => FAULTS.has(verdict)) ? 1 : 0;
}

interface Judgement {
	readonly verdict: Verdict;
	readonly words: string;
	readonly answer: EngineAnswer;
}

async function judge(engine: Engine, tree: Tree, kubectl: string | undefined): Promise<Judgement> {
	let answer = await engine.build(tree);
	// The machine may have been busy with something else.
	if (answer.kind === 'built' && answer.ms > BOUND_MS) answer = await engine.build(tree);
	if (answer.kind === 'thrown') return { verdict: 'thrown', words: answer.stack, answer };
	if (answer.kind === 'hang') return { verdict: 'hang', words: '', answer };
	if (answer.ms > BOUND_MS) return { verdict: 'slow', words: `${answer.ms.toFixed(0)} ms`, answer };
	if (kubectl === undefined || answer.leftOut) return { verdict: 'no oracle', words: '', answer };
	const theirs = await ask(kubectl, tree);
	if (theirs.kind === 'timeout') return { verdict: 'no oracle', words: '', answer };
	if (theirs.kind === 'error') {
		if (answer.failures.length > 0) return { verdict: 'both fail', words: '', answer };
		return { verdict: 'builds where kustomize fails', words: theirs.words, answer };
	}
	if (answer.failures.length > 0)
		return { verdict: 'fails where kustomize builds', words: answer.failures.join('\n'), answer };
	if (answer.text === theirs.text) return { verdict: 'same bytes', words: '', answer };
	return { verdict: 'other bytes', words: difference(theirs.text, answer.text), answer };
}

async function ask(kubectl: string, tree: Tree) {
	const directory = mkdtempSync(join(tmpdir(), 'strata-fuzz-'));
	try {
		writeTree(tree, directory);
		return await kubectlKustomize(kubectl, join(directory, tree.run));
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

function writeTree({ files }: Tree, directory: string): void {
	for (const [file, text] of files) {
		const path = join(directory, file);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	}
}

/** The first lines that are not the same, as JSON so that every character shows. */
function difference(wanted: string, got: string): string {
	const [a, b] = [wanted.split('\n'), got.split('\n')];
	const at = a.findIndex((line, i) => line !== b[i]);
	const show = (lines: readonly string[]) =>
		JSON.stringify((at < 0 ? lines.slice(a.length) : lines.slice(at, at + 3)).join('\n'));
	return `kustomize ${show(a)}\nstrata    ${show(b)}`;
}

if (!servesAsEngine()) {
	main().then(
		status => (process.exitCode = status),
		(error: unknown) => {
			console.error(error);
			process.exitCode = 2;
		},
	);
}
