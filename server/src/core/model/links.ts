/** What a kustomization names: every path in its file, with the field that says it and what stands there. */
import type { Address } from '../base/address';
import { type FilePath, join } from '../base/paths';
import { type Database, query } from '../base/query';
import { kustomizationOf } from '../kustomize/read/kustomization';
import type { Field, GeneratorEntry, Kustomization } from '../kustomize/read/model';
import { directoryExists, fileExists } from '../workspace/inputs';

export interface Link {
	readonly field: string;
	/** As written, without the `key=` of a generator's file. */
	readonly text: string;
	readonly at: Address;
	readonly target: FilePath;
	readonly kind: 'file' | 'directory' | 'missing' | 'remote';
}

/** The fields of links to patches. */
export const PATCH_FIELDS: ReadonlySet<string> = new Set(['patches', 'patchesStrategicMerge']);

export interface Links {
	readonly file: FilePath | undefined;
	readonly kind: Kustomization['kind'];
	readonly links: readonly Link[];
}

/** The links of the kustomization in a directory; none where there is no such file. */
export function linksOf(db: Database, directory: FilePath): Links {
	return db.get(linksQuery, directory);
}

const linksQuery = query<Links>(
	'links',
	(db, directory) => {
		const { file, kustomization } = kustomizationOf(db, directory);
		if (!kustomization) return { file, kind: 'Kustomization', links: [] };
		const links = namedPaths(kustomization).map(({ field, value, at }): Link => {
			const target = join(directory, value);
			return { field, text: value, at, target, kind: kindOf(db, field, value, target) };
		});
		return { file, kind: kustomization.kind, links };
	},
	sameLinks,
);

/** What is typed elsewhere in a kustomization file must not make the whole tree look new. */
function sameLinks(a: Links, b: Links): boolean {
	return a.file === b.file && a.kind === b.kind && JSON.stringify(a.links) === JSON.stringify(b.links);
}

interface NamedPath {
	readonly field: string;
	readonly value: string;
	readonly at: Address;
}

const LISTS = [
	'resources',
	'components',
	'crds',
	'configurations',
	'generators',
	'transformers',
	'validators',
] as const;

function namedPaths(kustomization: Kustomization): NamedPath[] {
	const named = (field: string, entry: Field<string> | undefined): NamedPath[] =>
		entry ? [{ field, value: entry.value, at: entry.at }] : [];
	const generated = (field: string, entries: readonly GeneratorEntry[]) =>
		entries.flatMap(entry => [
			...entry.files.map(file => ({ field, value: file.value.slice(file.value.indexOf('=') + 1), at: file.at })),
			...entry.envs.flatMap(env => named(field, env)),
		]);
	return [
		...LISTS.flatMap(field => kustomization[field].flatMap(entry => named(field, entry))),
		...kustomization.patchesStrategicMerge
			.filter(entry => !entry.value.includes('\n'))
			.flatMap(entry => named('patchesStrategicMerge', entry)),
		...[...kustomization.patches, ...kustomization.patchesJson6902].flatMap(entry => named('patches', entry.path)),
		...kustomization.replacements.flatMap(entry => named('replacements', entry.path)),
		...generated('configMapGenerator', kustomization.configMapGenerator),
		...generated('secretGenerator', kustomization.secretGenerator),
		...named('openapi', kustomization.openapi.path),
	];
}

const MAY_BE_REMOTE: ReadonlySet<string> = new Set(['resources', 'components']);

function kindOf(db: Database, field: string, text: string, target: FilePath): Link['kind'] {
	if (fileExists(db, target)) return 'file';
	if (directoryExists(db, target)) return 'directory';
	return MAY_BE_REMOTE.has(field) && /:\/\/|^git@|^[\w.-]+\.[a-z]+\/.+\/|[?&](ref|version)=/.test(text)
		? 'remote'
		: 'missing';
}
