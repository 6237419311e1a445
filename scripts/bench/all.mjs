#!/usr/bin/env node
// All measurements of bench/results.md, one after the other on a machine that should have nothing else to do (about 25 minutes on two cores), or
// those that are named: `npm run bench [-- latency start]`. What fails is told at the end, and the others are made all the same. Apart from them
// are `npm run bench:truth` and `npm run session -- --edits 10000`, which ask whether answers are right.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../run-bundled.mjs';

const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const all = Object.keys(scripts)
	.filter(name => name.startsWith('bench:') && name !== 'bench:truth')
	.map(name => name.slice('bench:'.length));
const named = process.argv.slice(2);
const unknown = named.filter(name => !all.includes(name));
if (unknown.length > 0) {
	console.error(`There is no measurement called ${unknown.join(', ')}; there are ${all.join(', ')}.`);
	process.exit(2);
}

const failed = (named.length > 0 ? named : all).filter(name => {
	const { status } = spawnSync('npm', ['run', '--silent', `bench:${name}`], {
		cwd: root,
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	return status !== 0;
});
if (failed.length > 0) console.error(`Not measured, for they failed: ${failed.join(', ')}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
