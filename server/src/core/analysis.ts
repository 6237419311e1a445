/**
 * The façade: what hosts may say (`apply`) and ask. Everything behind it is pure and synchronous; each question carries what it
 * needs (invariant I8). Answers are plain data.
 */
import { dirname, type FilePath } from './base/paths';
import { Database } from './base/query';
import type {
	CodeFix,
	CompletionItem,
	Diagnostic,
	EntryPoint,
	Hover,
	Lens,
	Link,
	Reference,
	Rendering,
	WorkspaceChange,
} from './ide/results';
import {
	directoryEntries,
	type FileState,
	fileBytes,
	fileState,
	realPath,
	roots,
	type Source,
} from './workspace/inputs';

/** What happened outside. All of it takes effect at once. */
export interface Change {
	/** Texts that differ from the disk's: what an editor holds open. `undefined` gives the file back to the disk. */
	readonly texts?: ReadonlyMap<FilePath, string | undefined>;
	/** Paths of files and directories that were made, changed or deleted on disk; a directory stands for all below it. */
	readonly changed?: readonly FilePath[];
	readonly roots?: readonly FilePath[];
	readonly settings?: Settings;
}

/** What users may set; `strata.yaml` in the tree wins over it. */
export interface Settings {
	/** Severity by code or by `area/*`; `off` silences it. */
	readonly severities: Readonly<Record<string, 'error' | 'warning' | 'information' | 'hint' | 'off'>>;
}

/** The whole tree, analysed. Lives as long as the server, or one run of the command line. */
export class Analysis {
	readonly db: Database;
	readonly #open = new Map<FilePath, string>();

	constructor(source: Source) {
		const open = this.#open;
		const overlaid: Source = {
			read: (path): FileState => {
				const text = open.get(path);
				return text === undefined ? source.read(path) : { kind: 'text', text };
			},
			list: path => source.list(path),
			realPath: path => source.realPath(path),
			readBytes: path => source.readBytes(path),
			bundled: name => source.bundled(name),
		};
		this.db = new Database(overlaid);
	}

	/** Goes up with every change that mattered; an answer computed at another revision may be stale. */
	get revision(): number {
		return this.db.revision;
	}

	apply(change: Change): void {
		const { db } = this;
		if (change.roots) db.set(roots, '', change.roots);
		for (const [file, text] of change.texts ?? []) {
			if (text === undefined) this.#open.delete(file);
			else this.#open.set(file, text);
			db.reload(fileState, file);
		}
		for (const path of change.changed ?? []) {
			db.reload(directoryEntries, dirname(path));
			for (const of of [fileState, fileBytes, realPath, directoryEntries] as const) {
				for (const key of db.keys<unknown>(of))
					if (key === path || key.startsWith(path + '/')) db.reload<unknown>(of, key);
			}
		}
	}

	/** Every file that the model reaches, sorted: those that may have diagnostics. */
	files(): readonly FilePath[] {
		return [];
	}

	/** What is wrong in one file, sorted by place. */
	diagnostics(_file: FilePath): readonly Diagnostic[] {
		return [];
	}

	/** Ways out of the diagnostics that touch the range. */
	fixes(_file: FilePath, _start: number, _end: number): readonly (CodeFix & { readonly code: string })[] {
		return [];
	}

	hover(_file: FilePath, _offset: number): Hover | undefined {
		return undefined;
	}

	definition(_file: FilePath, _offset: number): readonly Link[] {
		return [];
	}

	references(_file: FilePath, _offset: number): readonly Reference[] {
		return [];
	}

	complete(_file: FilePath, _offset: number): readonly CompletionItem[] {
		return [];
	}

	/** The range and present text of what `rename` would rename; nothing where it cannot be renamed. */
	prepareRename(
		_file: FilePath,
		_offset: number,
	): { readonly start: number; readonly end: number; readonly text: string } | undefined {
		return undefined;
	}

	rename(_file: FilePath, _offset: number, _to: string): WorkspaceChange | undefined {
		return undefined;
	}

	lenses(_file: FilePath): readonly Lens[] {
		return [];
	}

	/** Links on the paths in a file (`resources: [../base]`), for ctrl-click. */
	documentLinks(_file: FilePath): readonly Link[] {
		return [];
	}

	/** Every entry point of the tree, sorted by label. */
	entryPoints(): readonly EntryPoint[] {
		return [];
	}

	/** The entry points whose build reads this file. */
	entryPointsOf(_file: FilePath): readonly EntryPoint[] {
		return [];
	}

	render(_entryId: string): Rendering | undefined {
		return undefined;
	}

	/** The first line of a rendering that the field under the cursor wrote, zero-based. */
	renderedLineOf(_entryId: string, _file: FilePath, _offset: number): number | undefined {
		return undefined;
	}
}
