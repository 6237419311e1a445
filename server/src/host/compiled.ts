/** What the engine compiles of a program that is about to be loaded, kept for its next start. */
import fs from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';

/** Since Node 22.1. It never throws: where it cannot keep anything, or what it finds does not fit, the program is compiled as ever. */
interface CompileCache {
	enableCompileCache?(directory: string): unknown;
}

/** Keeps it in a directory of Strata's own, by version; what other versions kept there goes. */
export function keepCompiled(directory: string, version: string): void {
	const { enableCompileCache } = nodeModule as CompileCache;
	if (!enableCompileCache) return;
	enableCompileCache(path.join(directory, version));
	fs.readdir(directory, (_, names: readonly string[] = []) => {
		for (const name of names) {
			if (name !== version) fs.rm(path.join(directory, name), { recursive: true, force: true }, () => undefined);
		}
	});
}
