/**
 * What can be told of a file from the directory that it is listed in, before the tree around is known: a build of that alone fails whoever
 * builds on it, and a field that no schema has is none in any environment. Nobody who opens a file waits for the rest of the tree for that.
 */
import { dirname, type FilePath, isWithin } from '../base/paths';
import { type Database, query } from '../base/query';
import { isSetAside, isTemplate, isVendored } from '../base/set-aside';
import { accumulate } from '../kustomize/accumulate';
import { kustomizationFiles, kustomizationOf } from '../kustomize/read/kustomization';
import { linksOf } from '../model/links';
import { unknownFieldsAlone } from '../model/schemas';
import { roots, textOf } from '../workspace/inputs';
import type { Finding } from './rule';

/** The findings of one file; those of the whole tree take their place. */
export const firstLook = query<readonly Finding[]>('firstLook', (db, file) => {
	const directory = directoryOf(db, file);
	if (directory === undefined) return [];
	const open = db.read(roots, '');
	const { kind, file: listing } = linksOf(db, directory);
	if (listing === undefined || isSetAside(open, directory) || isVendored(open, directory)) return [];
	if (isTemplate(textOf(db, listing) ?? '')) return [];
	// A component means nothing without what it is added to.
	if (kind !== 'Kustomization') return certain(kustomizationOf(db, directory).problems, file);
	const { problems, resources } = accumulate(db, directory, AS_FLUX);
	return [...certain(problems, file), ...resources.flatMap(each => certain(unknownFieldsAlone(db, each), file))];
});

/** The nearest directory above a file that has a kustomization. */
function directoryOf(db: Database, file: FilePath): FilePath | undefined {
	const root = db.read(roots, '').findLast(each => isWithin(each, file));
	if (root === undefined) return undefined;
	for (let at = dirname(file); isWithin(root, at); at = dirname(at)) {
		if (kustomizationFiles(db, at).length > 0) return at;
		if (at === '/') break;
	}
	return undefined;
}

const AS_FLUX = { restrictor: 'RepositoryOnly', openApi: undefined, notesPath: undefined } as const;

/** What the rest of the tree cannot take back, of what is found in the file itself. */
function certain(findings: readonly Finding[], file: FilePath): readonly Finding[] {
	return findings.filter(
		({ at, code, severity, fatal }) =>
			at.file === file &&
			!SAID_BY_THE_PARSER.has(code) &&
			(code.startsWith('schema/') || fatal === true || severity === 'error'),
	);
}

const SAID_BY_THE_PARSER: ReadonlySet<string> = new Set(['kustomize/bad-yaml', 'kustomize/duplicate-key']);
