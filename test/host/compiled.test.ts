import fs from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { keepCompiled } from '../../server/src/host/compiled';
import { repository } from '../support/programs';

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
