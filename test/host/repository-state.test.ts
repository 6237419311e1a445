/** Which commit a repository is at, told without git: another commit is another state, and what cannot be told is never the same twice. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryState } from '../../server/src/host/repository-state';

let root: string;
beforeEach(() => {
	root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-state-')));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const [FIRST, SECOND] = ['1'.repeat(40), '2'.repeat(40)];

function write(files: Readonly<Record<string, string>>): void {
	for (const [file, text] of Object.entries(files)) {
		fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
		fs.writeFileSync(path.join(root, file), text);
	}
}

test('without a repository there is nothing that changes', () => {
	expect(repositoryState(root)).toBe(repositoryState(root));
});

test('a branch, from a folder below the root', () => {
	write({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${FIRST}\n`, 'a/b/c.yaml': '' });
	const before = repositoryState(path.join(root, 'a/b'));
	expect(repositoryState(root)).toBe(before);
	write({ '.git/refs/heads/main': `${SECOND}\n` });
	expect(repositoryState(root)).not.toBe(before);
});

test('a packed branch, and one that was written since', () => {
	write({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `# pack-refs\n${FIRST} refs/heads/main\n` });
	const before = repositoryState(root);
	expect(repositoryState(root)).toBe(before);
	write({ '.git/refs/heads/main': `${SECOND}\n` });
	expect(repositoryState(root)).not.toBe(before);
});

test('a commit without a branch, and a history that was cut or made longer', () => {
	write({ '.git/HEAD': `${FIRST}\n` });
	const before = repositoryState(root);
	expect(repositoryState(root)).toBe(before);
	write({ '.git/shallow': `${SECOND}\n` });
	expect(repositoryState(root)).not.toBe(before);
});

test('a worktree', () => {
	write({
		'main/.git/refs/heads/topic': `${FIRST}\n`,
		'main/.git/worktrees/w/HEAD': 'ref: refs/heads/topic\n',
		'main/.git/worktrees/w/commondir': '../..\n',
		'w/.git': `gitdir: ${root}/main/.git/worktrees/w\n`,
	});
	const before = repositoryState(path.join(root, 'w'));
	expect(repositoryState(path.join(root, 'w'))).toBe(before);
	write({ 'main/.git/refs/heads/topic': `${SECOND}\n` });
	expect(repositoryState(path.join(root, 'w'))).not.toBe(before);
});

test.each<Readonly<Record<string, string>>>([
	{ '.git/HEAD': 'ref: refs/heads/.invalid\n' },
	{ '.git/HEAD': 'nonsense' },
	{ '.git/config': '' },
])('%j cannot be told', files => {
	write(files);
	expect(repositoryState(root)).not.toBe(repositoryState(root));
});
