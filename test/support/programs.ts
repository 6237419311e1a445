/** The programs as users run them, built out of the present sources, and small repositories on a real disk. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { build } from '../../scripts/build.mjs';
import { fixture } from './fixture';

const root = path.resolve(__dirname, '../..');

/** Bundles programs for this test file, and gives the directory that they are in. */
export async function buildPrograms(...only: ('server' | 'strata' | 'rego')[]): Promise<string> {
	// Inside of the checkout, so that they find what ships with them.
	fs.mkdirSync(path.join(root, 'out'), { recursive: true });
	const outdir = fs.mkdtempSync(path.join(root, 'out', 'test-programs-'));
	const { XDG_CACHE_HOME: before } = process.env;
	afterAll(() => {
		if (before === undefined) delete process.env.XDG_CACHE_HOME;
		else process.env.XDG_CACHE_HOME = before;
		fs.rmSync(outdir, { recursive: true, force: true });
	});
	await build({ outdir, only });
	// What they keep for their next start is none of the user's.
	process.env.XDG_CACHE_HOME = path.join(outdir, 'cache');
	return outdir;
}

/** A temporary directory with the files of a fixture string; gives its real path. */
export function repository(text: string): string {
	const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-test-')));
	afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));
	for (const [file, content] of fixture(text).files) {
		const target = path.join(directory, path.posix.relative('/repo', file));
		fs.mkdirSync(path.dirname(target), { recursive: true });
		fs.writeFileSync(target, content);
	}
	return directory;
}
