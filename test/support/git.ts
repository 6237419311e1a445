/** Repositories with a history, for tests of what is read out of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import os from 'node:os';

export const hasGit = spawnSync('git', ['--version']).status === 0;
if (!hasGit) console.warn('Tests of the history are skipped: there is no git.');

/** As nobody in particular, and without the machine's own configuration. */
const ENV = {
	...process.env,
	GIT_AUTHOR_NAME: 'n',
	GIT_AUTHOR_EMAIL: 'e',
	GIT_COMMITTER_NAME: 'n',
	GIT_COMMITTER_EMAIL: 'e',
	GIT_CONFIG_GLOBAL: os.devNull,
	GIT_CONFIG_SYSTEM: os.devNull,
};

/** Runs git in a folder. */
export function git(folder: string, ...args: readonly string[]): string {
	return run(folder, args, ENV);
}

/** Commits everything in a folder, which becomes a repository, as of a time. */
export function commitAll(folder: string, time: Date): void {
	git(folder, 'init', '-q');
	git(folder, 'add', '-A');
	const date = time.toISOString();
	run(folder, ['commit', '-q', '-m', 'change'], { ...ENV, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date });
}

function run(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
	return execFileSync('git', ['-C', folder, '-c', 'protocol.file.allow=always', ...args], { env, encoding: 'utf8' });
}
