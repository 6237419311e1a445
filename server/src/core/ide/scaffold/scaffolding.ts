/** What all scaffolds share: paths of one environment turned into another's, and files copied with changes. */
import { type FilePath, isKustomizationFile } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { applyEdits } from '../../base/text';
import { textOf } from '../../workspace/inputs';
import { sourceChange } from '../../workspace/edits';

/** Files to make and edits of files that are there, with what the user has yet to do; or why there are none. */
export type Scaffold =
	| { readonly kind: 'found'; readonly edits: readonly SourceEdit[]; readonly notes: readonly string[] }
	| { readonly kind: 'refused'; readonly why: string };

/** The path with the environment's part in it replaced; nothing where it has no such part. */
export function inEnvironment(path: FilePath, from: string, to: string): FilePath | undefined {
	const [old, own] = ownParts(from, to);
	const at = `${path}/`.lastIndexOf(`/${old}/`);
	return at < 0 ? undefined : (path.slice(0, at) + '/' + own + path.slice(at + 1 + old.length)).replace(/\/$/, '');
}

/** What tells two environments of one tree apart: `staging` and `live` of `one/staging` and `one/live`, or of `one/staging` and a new `live`. */
function ownParts(from: string, to: string): readonly [from: string, to: string] {
	const old = from.split('/');
	const own = to.split('/');
	if (own.length === 1) return [old.at(-1)!, to];
	while (old.length > 1 && own.length > 1 && old[0] === own[0]) {
		old.shift();
		own.shift();
	}
	return [old.join('/'), own.join('/')];
}

/** The file's text after edits of it and replacements in it. */
export function copiedText(
	db: Database,
	file: FilePath,
	edits: readonly SourceEdit[],
	replace: (text: string) => string,
): string {
	const { edits: byFile } = sourceChange(db, edits);
	const text = replace(applyEdits(textOf(db, file) ?? '', byFile.get(file) ?? []));
	// What is new is not written in the old spelling.
	const isOld = isKustomizationFile(file) && !/^resources:/m.test(text);
	return isOld ? text.replace(/^bases:/m, 'resources:') : text;
}

/** Replaces a name where it stands as a word of its own; staging servers of certificate authorities keep theirs. */
export function renaming(from: string, to: string): (text: string) => string {
	const [old, own] = ownParts(from, to);
	const escaped = old.replace(/[^\w]/g, '\\$&');
	const pattern = new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'g');
	return text =>
		text
			.split('\n')
			.map(line => (/letsencrypt|acme-/.test(line) ? line : line.replace(pattern, own)))
			.join('\n');
}

/** Whether a name can be a directory's and a Kubernetes object's (RFC 1123 label). */
export function isName(name: string): boolean {
	return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

/** Edits in the order in which they are made, each file once. */
export function createdOnce(edits: readonly SourceEdit[]): SourceEdit[] {
	const made = new Set<FilePath>();
	return edits.filter(edit => {
		if (edit.kind !== 'create-file') return true;
		if (made.has(edit.file)) return false;
		made.add(edit.file);
		return true;
	});
}
