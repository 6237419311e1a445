/** Links on the paths in a kustomization or a shell script, for ctrl-click. */
import { dirname, type FilePath, isKustomizationFile } from '../base/paths';
import type { Database } from '../base/query';
import { linksOf } from '../model/links';
import { fileToOpen, scriptPaths } from '../model/script-paths';
import { rangeOf } from '../workspace/places';
import type { Link } from './results';

/** One link a path that leads to a file, or to a directory with a kustomization. */
export function documentLinks(db: Database, file: FilePath): readonly Link[] {
	if (file.endsWith('.sh')) return scriptLinks(db, file);
	if (!isKustomizationFile(file)) return [];
	const { links, file: own } = linksOf(db, dirname(file));
	if (own !== file) return [];
	return links.flatMap(link => {
		const target =
			link.kind === 'directory' ? linksOf(db, link.target).file : link.kind === 'file' ? link.target : undefined;
		return target
			? [{ from: rangeOf(db, link.at), to: { file: target, range: { start: 0, end: 0 } }, label: link.field }]
			: [];
	});
}

/** One link a path that leads to a file, or to a directory with a kustomization; also where definition leads to. */
export function scriptLinks(db: Database, file: FilePath): readonly Link[] {
	return scriptPaths(db, file).flatMap(path => {
		const target = fileToOpen(db, path);
		if (target === undefined) return [];
		return [{ from: path.range, to: { file: target, range: { start: 0, end: 0 } }, label: path.path }];
	});
}
