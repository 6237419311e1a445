/** An entry that leads to a directory in which there is no kustomization: which one may be meant, and what would make it one. */
import { changeTo } from '../base/change-to';
import { nearest } from '../base/nearest';
import { basename, dirname, type FilePath, isYamlFile, join, KUSTOMIZATION_NAMES, relative } from '../base/paths';
import type { Fix, Problem } from '../base/problem';
import type { Database } from '../base/query';
import { directoryEntries, fileExists } from '../workspace/inputs';
import { manifestsOf } from './manifests';
import type { Field } from './read/model';

/** `problem`, which was found in the directory, at the entry of the kustomization of `from` that names it. */
export function directoryWithoutFile(
	db: Database,
	from: FilePath,
	entry: Field<string>,
	to: FilePath,
	problem: Problem,
): Problem {
	const meant = neighbour(db, to);
	const manifests = manifestsIn(db, to);
	const hint = problem.message.includes(';')
		? problem.message.replace(/^.*?;/, ';')
		: meant !== undefined
			? `; did you mean \`${relative(from, meant)}\`?`
			: manifests.length > 0
				? `; add one that lists ${shown(manifests)}`
				: '';
	const fixes: readonly Fix[] =
		meant !== undefined
			? (changeTo(entry.at, relative(from, meant)).fixes ?? [])
			: manifests.length > 0
				? [
						{
							title: `Make a kustomization of ${entry.value}`,
							edits: [{ kind: 'create-file', file: join(to, 'kustomization.yaml'), text: kustomization(manifests) }],
						},
					]
				: [];
	return {
		...problem,
		at: entry.at,
		message: `the directory \`${entry.value}\` has no kustomization.yaml${hint}`,
		fixes,
	};
}

/** A directory with a kustomization whose name is nearly the same, or the only one below. */
function neighbour(db: Database, directory: FilePath): FilePath | undefined {
	const beside = directoriesIn(db, dirname(directory)).filter(
		other => other !== directory && hasKustomization(db, other),
	);
	const near = nearest(basename(directory), beside.map(basename));
	if (near !== undefined) return join(dirname(directory), near);
	const below = directoriesIn(db, directory).filter(other => hasKustomization(db, other));
	return below.length === 1 ? below[0] : undefined;
}

function directoriesIn(db: Database, directory: FilePath): readonly FilePath[] {
	const entries = db.read(directoryEntries, directory) ?? [];
	return entries.filter(({ kind }) => kind === 'directory').map(({ name }) => join(directory, name));
}

function hasKustomization(db: Database, directory: FilePath): boolean {
	return KUSTOMIZATION_NAMES.some(name => fileExists(db, join(directory, name)));
}

/** The files of the directory that hold objects and nothing else. */
function manifestsIn(db: Database, directory: FilePath): readonly string[] {
	return (db.read(directoryEntries, directory) ?? []).flatMap(({ kind, name }) => {
		if (kind !== 'file' || !isYamlFile(name)) return [];
		const { resources, problems } = manifestsOf(db, join(directory, name));
		return resources.length > 0 && problems.length === 0 ? [name] : [];
	});
}

function shown(names: readonly string[]): string {
	const first = names.slice(0, 3).map(name => `\`${name}\``);
	return names.length > 3 ? `${first.join(', ')} and ${names.length - 3} more` : first.join(', ');
}

function kustomization(manifests: readonly string[]): string {
	const lines = manifests.map(name => `  - ${name}\n`).join('');
	return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${lines}`;
}
