/** Completion in kustomization.yaml: paths of files and directories, names of what is built. Keys come from the field table. */
import type { FieldPath } from '../base/address';
import { dirname, type FilePath, isKustomizationFile, isYamlFile, join, KUSTOMIZATION_NAMES } from '../base/paths';
import type { Database } from '../base/query';
import type { Resource } from '../kube/resource';
import { buildOf, entriesOf } from '../model/entries';
import { linksOf } from '../model/links';
import { directoryEntries } from '../workspace/inputs';
import { child, entriesOf as mapEntries, itemsOf, type Node, textAt, walk } from '../yaml/node';
import type { Caret } from './caret';
import type { Candidate } from './candidates';

/** What a path-valued field takes. */
interface PathField {
	readonly at: readonly (string | '*')[];
	readonly takes: 'resource' | 'directory' | 'yaml' | 'any';
}

const PATH_FIELDS: readonly PathField[] = [
	{ at: ['resources', '*'], takes: 'resource' },
	{ at: ['bases', '*'], takes: 'directory' },
	{ at: ['components', '*'], takes: 'directory' },
	...['crds', 'configurations', 'generators', 'transformers', 'validators', 'patchesStrategicMerge'].map(
		(name): PathField => ({ at: [name, '*'], takes: 'yaml' }),
	),
	...['patches', 'patchesJson6902', 'replacements'].map((name): PathField => ({
		at: [name, '*', 'path'],
		takes: 'yaml',
	})),
	{ at: ['openapi', 'path'], takes: 'any' },
	...['configMapGenerator', 'secretGenerator'].flatMap((name): PathField[] => [
		{ at: [name, '*', 'files', '*'], takes: 'any' },
		{ at: [name, '*', 'envs', '*'], takes: 'any' },
		{ at: [name, '*', 'env'], takes: 'any' },
	]),
];

/** Candidates for the value at the caret. `typed` is what stands there already. */
export function kustomizationValues(db: Database, file: FilePath, caret: Caret, typed: string): Candidate[] {
	const field = PATH_FIELDS.find(({ at }) => fits(caret.path, at));
	if (field) return paths(db, file, field.takes, typed);
	return names(db, file, caret.path);
}

function fits(path: FieldPath, pattern: readonly string[]): boolean {
	return (
		path.length === pattern.length &&
		pattern.every((key, i) => (key === '*' ? typeof path[i] === 'number' : path[i] === key))
	);
}

function paths(db: Database, file: FilePath, takes: PathField['takes'], typed: string): Candidate[] {
	const home = dirname(file);
	const [, key = '', path = ''] = /^([^=/]*=)?(.*)$/.exec(typed)!;
	const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
	const listed = new Set(linksOf(db, home).links.map(link => link.target));
	const entries = db.read(directoryEntries, join(home, folder)) ?? [];
	const up: Candidate[] = /^(\.\.\/)*$/.test(folder)
		? [{ label: `${folder}../`, kind: 'folder', insert: `${key}${folder}../` }]
		: [];
	const found = entries.flatMap(({ name, kind }): Candidate[] => {
		const target = join(home, folder + name);
		const label = folder + name;
		if (name.startsWith('.') || target === home || listed.has(target)) return [];
		if (kind === 'directory') {
			const builds = KUSTOMIZATION_NAMES.some(each =>
				db.read(directoryEntries, target)?.some(entry => entry.name === each),
			);
			const detail = builds ? 'kustomization' : undefined;
			return [
				{ label: builds ? label : `${label}/`, kind: 'folder', insert: key + label + (builds ? '' : '/'), detail },
			];
		}
		const wanted = takes === 'any' || (takes !== 'directory' && isYamlFile(target) && !isKustomizationFile(target));
		return wanted ? [{ label, kind: 'file', insert: key + label }] : [];
	});
	return [...found, ...up];
}

/** Names of objects, images, namespaces where a field takes one. */
function names(db: Database, file: FilePath, path: FieldPath): Candidate[] {
	const [list, , field, part] = path;
	const resources = entriesOf(db, file).flatMap(entry => buildOf(db, entry).resources);
	if (list === 'images' && field === 'name') return unique(resources.flatMap(imagesIn), 'an image of the build');
	if (list === 'replicas' && field === 'name')
		return unique(
			resources.filter(hasReplicas).map(each => each.originalId.name),
			'has replicas',
		);
	if (list === 'namespace')
		return unique(
			resources.filter(each => each.id.kind === 'Namespace').map(each => each.id.name),
			'Namespace',
		);
	const isSelector =
		(field === 'target' && typeof part === 'string') ||
		field === 'source' ||
		path.includes('select') ||
		path.includes('reject');
	const last = path.at(-1);
	if (
		isSelector &&
		(last === 'name' || last === 'kind' || last === 'group' || last === 'version' || last === 'namespace')
	) {
		return unique(
			resources.map(each => each.originalId[last]),
			last === 'name' ? undefined : last,
			resources,
			last,
		);
	}
	return [];
}

function unique(
	texts: readonly string[],
	detail: string | undefined,
	resources: readonly Resource[] = [],
	by?: 'name' | string,
): Candidate[] {
	const kindsOf = (name: string) =>
		[...new Set(resources.filter(each => each.originalId.name === name).map(each => each.id.kind))].join(', ');
	return [...new Set(texts)]
		.filter(Boolean)
		.sort()
		.map(label => ({
			label,
			kind: 'reference',
			insert: label,
			detail: by === 'name' ? kindsOf(label) : detail,
		}));
}

function imagesIn({ node }: Resource): string[] {
	const found: string[] = [];
	walk(node, each => {
		for (const { key, value } of mapEntries(each)) {
			if (key !== 'containers' && key !== 'initContainers') continue;
			for (const container of itemsOf(value)) {
				const image = textAt(container, 'image');
				if (image) found.push(image.replace(/@.*$/, '').replace(/:[^/:]*$/, ''));
			}
		}
	});
	return found;
}

function hasReplicas({ node }: Resource): boolean {
	const spec: Node | undefined = child(node, 'spec');
	return child(spec, 'replicas') !== undefined;
}
