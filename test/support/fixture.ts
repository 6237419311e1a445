/**
 * Small repositories written as one string: `-- path --` begins a file, whose text follows. Paths are below `/repo`. `$0` in
 * at most one place marks the caret and is taken out.
 */
import fs from 'node:fs';
import path from 'node:path';
import { dirname, join, type FilePath } from '../../server/src/core/base/paths';
import type { DirectoryEntry, Source } from '../../server/src/core/workspace/inputs';

export interface Fixture {
	readonly files: ReadonlyMap<FilePath, string>;
	readonly caret: { readonly file: FilePath; readonly offset: number } | undefined;
}

export const ROOT = '/repo';

export function fixture(text: string): Fixture {
	const files = new Map<FilePath, string>();
	let caret: Fixture['caret'];
	for (const part of text.split(/^-- /m).slice(1)) {
		const [, path, body] = /^(.+?) --\n([^]*)$/.exec(part) ?? [];
		if (path === undefined || body === undefined) throw new Error(`not a fixture header: ${part.slice(0, 40)}`);
		const file = join(ROOT, path);
		const at = body.indexOf('$0');
		if (at >= 0) caret = { file, offset: at };
		files.set(file, at >= 0 ? body.slice(0, at) + body.slice(at + 2) : body);
	}
	return { files, caret };
}

/** A disk in memory. The map may be changed afterwards; whoever does so says it to the analysis. */
export function memorySource(files: ReadonlyMap<FilePath, string>): Source {
	const isDirectory = (path: FilePath) =>
		[...files.keys()].some(file => file.startsWith(path === '/' ? '/' : path + '/'));
	return {
		read: path => {
			const text = files.get(path);
			return text !== undefined ? { kind: 'text', text } : { kind: isDirectory(path) ? 'directory' : 'missing' };
		},
		list: path => {
			if (!isDirectory(path)) return undefined;
			const names = new Map<string, DirectoryEntry>();
			for (const file of files.keys()) {
				for (let at = file, kind: DirectoryEntry['kind'] = 'file'; at !== '/'; at = dirname(at), kind = 'directory') {
					const name = at.slice(at.lastIndexOf('/') + 1);
					if (dirname(at) === path) names.set(name, { name, kind });
				}
			}
			return [...names.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
		},
		realPath: path => (files.has(path) || isDirectory(path) ? path : undefined),
		readBytes: path => {
			const text = files.get(path);
			return text === undefined ? undefined : new TextEncoder().encode(text);
		},
		bundled: shippedFile,
	};
}

/** What ships with the product: this checkout's schemas, and the descriptions where it was built. */
function shippedFile(name: string): string | undefined {
	const root = path.join(import.meta.dirname, '../..');
	const file = path.join(root, name.startsWith('descriptions/') ? 'dist' : '', name);
	return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}
