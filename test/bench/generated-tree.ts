/** Trees on the disk, for as long as the process runs. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeTree, writeTree } from '../../scripts/bench/tree.mjs';
import type { FilePath } from '../../server/src/core/base/paths';
import { fromNative } from '../../server/src/host/native-paths';

export interface WrittenTree {
	readonly root: FilePath;
	readonly files: ReadonlyMap<FilePath, string>;
}

/** Writes a generated tree of so many files into a temporary directory. */
export function generatedTree(files: number, seed = 1): WrittenTree {
	return writtenTree(makeTree({ files, seed }));
}

/** Writes files, by relative path, into a temporary directory. */
export function writtenTree(tree: ReadonlyMap<string, string>): WrittenTree {
	const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bench-')));
	process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));
	writeTree(directory, tree);
	const root = fromNative(directory);
	return { root, files: new Map([...tree].map(([file, text]) => [`${root}/${file}`, text])) };
}
