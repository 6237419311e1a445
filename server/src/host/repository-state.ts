/**
 * Which commit a folder's repository is at, without starting git: what the history says of files changes with that only. A repository that
 * keeps its references in another way has a state that is never the same again, so that nothing is believed of it.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { FilePath } from '../core/base/paths';
import { toNative } from './native-paths';

export function repositoryState(folder: FilePath): string {
	const directory = gitDirectoryOf(toNative(folder));
	if (directory === undefined) return 'none';
	const head = read(path.join(directory, 'HEAD'));
	const named = read(path.join(directory, 'commondir'));
	const common = named === undefined ? directory : path.resolve(directory, named);
	const [, reference] = /^ref: (refs\/[^\s]+)$/.exec(head ?? '') ?? [];
	const commit = reference === undefined ? head : (read(path.join(common, reference)) ?? packed(common, reference));
	if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return randomUUID();
	return `${commit} ${read(path.join(common, 'shallow')) ?? ''}`;
}

/** Of the nearest directory above that has one; in worktrees a file says where it is. */
function gitDirectoryOf(folder: string): string | undefined {
	for (let at = folder; ; at = path.dirname(at)) {
		const found = path.join(at, '.git');
		const [, elsewhere] = /^gitdir: (.+)$/.exec(read(found) ?? '') ?? [];
		if (elsewhere !== undefined) return path.resolve(at, elsewhere);
		if (fs.existsSync(found)) return found;
		if (at === path.dirname(at)) return undefined;
	}
}

function packed(directory: string, reference: string): string | undefined {
	const line = read(path.join(directory, 'packed-refs'))
		?.split('\n')
		.find(each => each.endsWith(` ${reference}`));
	return line?.slice(0, line.indexOf(' '));
}

function read(file: string): string | undefined {
	try {
		return fs.readFileSync(file, 'utf8').trim();
	} catch {
		return undefined;
	}
}
