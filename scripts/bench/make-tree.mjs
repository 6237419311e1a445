#!/usr/bin/env node
// Writes a generated tree: `node scripts/bench/make-tree.mjs DIRECTORY [--files 2000] [--seed 1]`.
import { parseArgs } from 'node:util';
import { makeTree, writeTree } from './tree.mjs';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { files: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const [directory] = positionals;
if (directory === undefined) {
	console.error('usage: node scripts/bench/make-tree.mjs DIRECTORY [--files N] [--seed N]');
	process.exit(2);
}
const tree = makeTree({ files: Number(values.files), seed: Number(values.seed) });
writeTree(directory, tree);
console.log(`${tree.size} files in ${directory}`);
