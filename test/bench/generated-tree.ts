/** A generated tree on the disk, for as long as the process runs. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeTree, writeTree } from '../../scripts/bench/tree.mjs';
import type { FilePath } from '../../server/src/core/base/paths';
import { fromNative } from '../../server/src/host/native-paths';

export interface GeneratedTree {
	readonly root: FilePath;
	readonly files: ReadonlyMap<FilePath, string>;
}

/** Writes a tree of so many files into a temporary directory. */
export function generatedTree(files: number, seed = 1): GeneratedTree {
	const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bench-')));
	process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));
	const tree = makeTree({ files, seed });
	writeTree(directory, tree);
	const root = fromNative(directory);
	return { root, files: new Map([...tree].map(([file, text]) => [`${root}/${file}`, text])) };
}
