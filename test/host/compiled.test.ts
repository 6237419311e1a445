import fs from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { version } from '../../package.json';
import { keepCompiled } from '../../server/src/host/compiled';
import { connect } from '../lsp/language-client';
import { buildPrograms, repository } from '../support/programs';

/** The function of Node 22, which this Node need not have. */
function withCompileCache(enableCompileCache: ((directory: string) => unknown) | undefined, run: () => void): void {
	const before = Object.getOwnPropertyDescriptor(nodeModule, 'enableCompileCache');
	Object.defineProperty(nodeModule, 'enableCompileCache', { value: enableCompileCache, configurable: true });
	try {
		run();
	} finally {
		if (before) Object.defineProperty(nodeModule, 'enableCompileCache', before);
		else Reflect.deleteProperty(nodeModule, 'enableCompileCache');
	}
}

test('what is compiled is kept by version, and what other versions kept goes', async () => {
	const directory = repository('-- 0.1.0/a --\n-- 0.2.0/b --\n');
	const enable = vi.fn();
	withCompileCache(enable, () => keepCompiled(directory, '0.2.0'));
	expect(enable).toHaveBeenCalledExactlyOnceWith(path.join(directory, '0.2.0'));
	await vi.waitFor(() => expect(fs.readdirSync(directory)).toEqual(['0.2.0']));
	expect(fs.readdirSync(path.join(directory, '0.2.0'))).toEqual(['b']);
});

test('a directory that is not there yet is nothing to sweep', () => {
	const enable = vi.fn();
	withCompileCache(enable, () => keepCompiled('/nowhere/compiled', '0.2.0'));
	expect(enable).toHaveBeenCalledOnce();
});

test('nothing is touched where Node keeps nothing', () => {
	const directory = repository('-- 0.1.0/a --\n');
	withCompileCache(undefined, () => keepCompiled(directory, '0.2.0'));
	expect(fs.readdirSync(directory)).toEqual(['0.1.0']);
});

test('the server keeps it in the storage that it is given', async () => {
	const programs = await buildPrograms('server');
	const storage = repository(
		'-- shim.cjs --\nrequire("node:module").enableCompileCache = directory => require("node:fs").mkdirSync(directory, { recursive: true });\n',
	);
	const client = await connect(programs, repository('-- README.md --\nnothing\n'), {
		command: [process.execPath, '--require', path.join(storage, 'shim.cjs')],
		initializationOptions: { storage },
	});
	await client.checked();
	expect(fs.readdirSync(path.join(storage, 'compiled'))).toEqual([version]);
});
