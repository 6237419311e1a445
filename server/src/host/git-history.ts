/**
 * The door to the repository's history, for the commits in which sealed values were written down. It asks an installed git, which only hosts that may
 * start programs have: two commands however many files are asked for, both bounded. Whatever fails (no git, no repository, no commits, an owner that
 * git does not trust) means that nothing is known. Nothing that the repository's configuration names is started, and nothing is fetched.
 */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { type FilePath, isWithin, relative } from '../core/base/paths';
import type { FileHistories, FileVersion } from '../core/workspace/sealing-history';
import { toNative } from './native-paths';

/** So many commits that touch YAML are looked at, newest first. */
const MAX_COMMITS = 5000;
/** So many versions of one file are read, newest first. */
const MAX_VERSIONS = 200;
const MAX_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 15_000;

interface Command {
	readonly args: readonly string[];
	readonly input?: string;
}

/** What git printed, as far as it came; nothing where it cannot be started. */
type Answer = Buffer | undefined;

/** The histories of files below a folder, oldest version first. Waits for git: for programs that have nothing else to do. */
export function gitHistories(root: FilePath, files: readonly FilePath[], env: NodeJS.ProcessEnv): FileHistories {
	const steps = histories(root, files);
	let step = steps.next();
	while (!step.done) {
		const { args, input } = step.value;
		const { stdout } = spawnSync('git', args, {
			...optionsFor(env),
			input,
			maxBuffer: MAX_BYTES,
			timeout: TIMEOUT_MS,
			killSignal: 'SIGKILL',
		});
		step = steps.next(stdout as Answer);
	}
	return step.value;
}

/** The same, while others go on. */
export async function gitHistoriesLater(
	root: FilePath,
	files: readonly FilePath[],
	env: NodeJS.ProcessEnv,
	signal: AbortSignal,
): Promise<FileHistories> {
	const steps = histories(root, files);
	let step = steps.next();
	while (!step.done) step = steps.next(await answerTo(step.value, env, signal));
	return step.value;
}

function answerTo({ args, input }: Command, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Answer> {
	return new Promise(resolve => {
		const child = spawn('git', args, { ...optionsFor(env), timeout: TIMEOUT_MS, killSignal: 'SIGKILL', signal });
		const chunks: Buffer[] = [];
		let bytes = 0;
		child.stdout.on('data', (chunk: Buffer) => {
			bytes += chunk.length;
			if (bytes > MAX_BYTES) child.kill('SIGKILL');
			else chunks.push(chunk);
		});
		child.once('error', () => resolve(undefined));
		child.once('close', () => resolve(Buffer.concat(chunks)));
		// It may end before it has read everything.
		child.stdin.on('error', () => undefined);
		child.stdin.end(input ?? '');
	});
}

/** Where it is started: not in the repository, where Windows would find a `git.exe` first. */
function optionsFor(env: NodeJS.ProcessEnv) {
	return {
		cwd: path.dirname(process.execPath),
		env: gitEnv(env),
		stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'],
		windowsHide: true,
	};
}

/** What a hook of git or a shell has set is about another repository; and no object may be fetched that a partial clone lacks. */
function gitEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return {
		...Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_/i.test(name))),
		GIT_OPTIONAL_LOCKS: '0',
		GIT_TERMINAL_PROMPT: '0',
		GIT_NO_LAZY_FETCH: '1',
		GIT_ALLOW_PROTOCOL: 'none',
	};
}

function* histories(root: FilePath, files: readonly FilePath[]): Generator<Command, FileHistories, Answer> {
	const git = (...args: readonly string[]) => [
		'-C',
		toNative(root),
		'--no-pager',
		...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'log.showRoot=true'].flatMap(set => ['-c', set]),
		...args,
	];
	const prefix = yield { args: git('rev-parse', '--show-prefix') };
	if (!prefix || prefix.length === 0) return new Map();
	const log = yield {
		args: git(
			'log',
			...['--no-show-signature', '--no-ext-diff', '--no-textconv', '--no-relative', '--no-color'],
			...['--raw', '-z', '--no-abbrev', '-M', `--max-count=${MAX_COMMITS}`, `--format=${MARK}%H %ct`],
			...['HEAD', '--', ...['yaml', 'yml', 'json'].map(ending => `:(top,glob)**/*.${ending}`)],
		),
	};
	const below = prefix.toString('utf8').replace(/\n$/, '');
	const byPath = new Map(
		files.flatMap(file => (isWithin(root, file) ? [[below + relative(root, file), file] as const] : [])),
	);
	const versions = versionsIn((log ?? Buffer.alloc(0)).toString('utf8'), byPath);
	const blobs = [...new Set([...versions.values()].flat().map(({ blob }) => blob))];
	if (blobs.length === 0) return new Map();
	const contents = contentsIn(
		(yield { args: git('cat-file', '--batch'), input: blobs.join('\n') + '\n' }) ?? Buffer.alloc(0),
	);
	return new Map(
		[...versions].map(([file, list]) => [
			file,
			list.toReversed().flatMap(({ commit, time, blob }): readonly FileVersion[] => {
				const text = contents.get(blob);
				return text === undefined ? [] : [{ commit, time, text }];
			}),
		]),
	);
}

const MARK = '%x01';

interface Version {
	readonly commit: string;
	readonly time: number;
	readonly blob: string;
}

/** The versions of files in what `git log --raw -z` prints, newest first. A file that was renamed has those of its former path, too. */
function versionsIn(log: string, byPath: ReadonlyMap<string, FilePath>): ReadonlyMap<FilePath, readonly Version[]> {
	const followed = new Map(byPath);
	const found = new Map<FilePath, Version[]>();
	const parts = log.split('\0');
	let commit = { commit: '', time: 0 };
	for (let at = 0; at < parts.length; at++) {
		const part = parts[at]!.trimStart();
		if (part.startsWith('\u0001')) {
			const [id = '', seconds] = part.slice(1).split(' ');
			commit = { commit: id, time: millisecondsOf(seconds) };
			continue;
		}
		// `:100644 100644 OLD NEW M`, then the path; of a rename the former path, then the new one.
		const [, , , blob, status] = part.split(' ');
		if (!part.startsWith(':') || blob === undefined || status === undefined) continue;
		const from = parts[++at];
		const isMoved = /^[RC]/.test(status);
		const to = isMoved ? parts[++at] : from;
		const file = to === undefined ? undefined : followed.get(to);
		if (file === undefined || !/[1-9a-f]/.test(blob)) continue;
		if (isMoved && from !== undefined && !followed.has(from)) followed.set(from, file);
		const known = found.get(file);
		if (!known) found.set(file, [{ ...commit, blob }]);
		else if (known.length < MAX_VERSIONS) known.push({ ...commit, blob });
	}
	return found;
}

/** The furthest time that a date of JavaScript can hold. */
const MAX_TIME = 8.64e15;

function millisecondsOf(seconds: string | undefined): number {
	const time = Number(seconds) * 1000;
	return Number.isFinite(time) && Math.abs(time) <= MAX_TIME ? time : 0;
}

/** The texts in what `git cat-file --batch` prints, by id: `ID blob SIZE`, a line feed, so many bytes, a line feed. */
function contentsIn(batch: Buffer): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (let at = 0; at < batch.length;) {
		const end = batch.indexOf(10, at);
		if (end < 0) break;
		const [id = '', type, size] = batch.toString('latin1', at, end).split(' ');
		at = end + 1;
		// `ID missing` has nothing after it: a partial clone.
		if (type !== 'blob') continue;
		const bytes = Number(size);
		if (at + bytes > batch.length) break;
		found.set(id, batch.toString('utf8', at, at + bytes));
		at += bytes + 1;
	}
	return found;
}
