/** The history as git tells it: renames, clones without depth, folders below the repository's root, and configurations that want to run something. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitHistories, gitHistoriesLater } from '../../server/src/host/git-history';
import { git, hasGit } from '../support/git';
import { repository } from '../support/programs';

const ENV = { ...process.env, GIT_DIR: '/nowhere' };

function committed() {
	const root = repository('-- a/old.yaml --\na: 1\nb: 2\nc: 3\n-- a/other.yaml --\nx: 1\n');
	git(root, 'init', '-q');
	git(root, 'add', '.');
	git(root, 'commit', '-qm', 'one');
	fs.mkdirSync(path.join(root, 'b ü'));
	git(root, 'mv', 'a/old.yaml', 'b ü/new.yaml');
	fs.appendFileSync(path.join(root, 'b ü/new.yaml'), 'd: 4\n');
	git(root, 'commit', '-qam', 'two');
	return root;
}

const texts = (root: string, ...files: string[]) => {
	const found = gitHistories(
		root,
		files.map(file => path.join(root, file)),
		ENV,
	);
	return files.map(file => found.get(path.join(root, file))?.map(({ text }) => text));
};

describe.skipIf(!hasGit)('git is there', () => {
	test('a renamed file has its former versions, oldest first', async () => {
		const root = committed();
		expect(texts(root, 'b ü/new.yaml', 'a/other.yaml', 'nowhere.yaml')).toEqual([
			['a: 1\nb: 2\nc: 3\n', 'a: 1\nb: 2\nc: 3\nd: 4\n'],
			['x: 1\n'],
			undefined,
		]);
		const file = path.join(root, 'b ü/new.yaml');
		const later = await gitHistoriesLater(root, [file], ENV, new AbortController().signal);
		expect(later).toEqual(gitHistories(root, [file], ENV));
		const [first] = later.get(file)!;
		expect(first).toMatchObject({ commit: git(root, 'rev-parse', 'HEAD~1').trim() });
		expect(new Date(first!.time).getUTCFullYear()).toBe(new Date().getUTCFullYear());
	});

	test('a folder below the root of the repository', () => {
		const root = committed();
		expect(texts(path.join(root, 'b ü'), 'new.yaml')).toEqual([['a: 1\nb: 2\nc: 3\n', 'a: 1\nb: 2\nc: 3\nd: 4\n']]);
	});

	test('a shallow clone knows its last commit, a repository without commits and a plain folder nothing', () => {
		const root = committed();
		const shallow = repository('');
		git(shallow, 'clone', '-q', '--depth', '1', `file://${root}`, '.');
		expect(texts(shallow, 'b ü/new.yaml')).toEqual([['a: 1\nb: 2\nc: 3\nd: 4\n']]);
		const empty = repository('-- a.yaml --\na: 1\n');
		expect(texts(empty, 'a.yaml')).toEqual([undefined]);
		git(empty, 'init', '-q');
		expect(texts(empty, 'a.yaml')).toEqual([undefined]);
	});

	test('nothing that the configuration names is started', () => {
		const root = committed();
		const trace = path.join(root, 'started');
		const script = path.join(root, 'run.sh');
		fs.writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> '${trace}'\ncat "$1" 2>/dev/null\n`, { mode: 0o755 });
		for (const key of [
			'core.fsmonitor',
			'core.pager',
			'pager.log',
			'diff.external',
			'diff.x.textconv',
			'diff.x.command',
			'filter.x.smudge',
			'filter.x.clean',
			'gpg.program',
			'core.sshCommand',
			'alias.log',
		])
			git(root, 'config', key, key === 'alias.log' ? `!${script}` : script);
		git(root, 'config', 'log.showSignature', 'true');
		git(root, 'config', 'core.hooksPath', root);
		git(root, 'config', 'diff.relative', 'true');
		fs.writeFileSync(path.join(root, '.git/info/attributes'), '*.yaml diff=x filter=x\n');
		expect(texts(root, 'a/other.yaml')).toEqual([['x: 1\n']]);
		expect(fs.existsSync(trace)).toBe(false);
	});

	test('no program is waited for that is not there', () => {
		const root = committed();
		expect(gitHistories(root, [path.join(root, 'a/other.yaml')], { PATH: '/nowhere' })).toEqual(new Map());
	});

	test('an aborted question ends with nothing', async () => {
		const root = committed();
		const signal = AbortSignal.abort();
		expect(await gitHistoriesLater(root, [path.join(root, 'a/other.yaml')], ENV, signal)).toEqual(new Map());
	});
});
