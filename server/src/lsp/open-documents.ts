/** What the editor holds open, by file. Documents that are no files on disk (untitled, git, ...) are none of ours. */
import type { FilePath } from '../core/base/paths';
import { fileOf, uriOfFile } from './uris';

interface Open {
	/** As the client spells it: it does not recognise other spellings. */
	readonly uri: string;
	readonly version: number;
}

export class OpenDocuments {
	readonly #open = new Map<FilePath, Open>();

	/** Notes that a document was opened or changed; gives its file, or nothing where it is no file. */
	touch(uri: string, version: number): FilePath | undefined {
		const file = fileOf(uri);
		if (file === undefined) return undefined;
		// The one touched last goes first: its diagnostics are waited for.
		this.#open.delete(file);
		this.#open.set(file, { uri, version });
		return file;
	}

	close(uri: string): FilePath | undefined {
		const file = fileOf(uri);
		if (file !== undefined) this.#open.delete(file);
		return file;
	}

	/** The open files, the one touched last first. */
	files(): FilePath[] {
		return [...this.#open.keys()].reverse();
	}

	has(file: FilePath): boolean {
		return this.#open.has(file);
	}

	/** The URI of a file, as the client spells it where it is open. */
	uriOf(file: FilePath): string {
		return this.#open.get(file)?.uri ?? uriOfFile(file);
	}

	/** The version of an open document; null for one that is not, as the protocol wants it. */
	versionOf(file: FilePath): number | null {
		return this.#open.get(file)?.version ?? null;
	}
}
