/** `tree/unlisted-file`: a manifest, or a patch, stands beside what a kustomization lists, and none lists it: it is never applied. */
import { basename, dirname, type FilePath, isKustomizationFile, isYamlFile, join, relative } from '../base/paths';
import { nearest } from '../base/nearest';
import { type Database, query } from '../base/query';
import { inSteps, type Steps } from '../base/steps';
import { clusterTree, type Entry, type Kustomized } from '../model/cluster-tree';
import { entriesOf, resourcesNamed } from '../model/entries';
import { contentOf } from '../workspace/documents';
import { directoryEntries } from '../workspace/inputs';
import { describeId, resourceIdOf } from '../kube/resource-id';
import { type Links, PATCH_FIELDS } from '../model/links';
import { textAt } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const treeUnlistedFile: Rule = {
	code: 'tree/unlisted-file',
	severity: 'information',
	summary: 'A manifest or a patch beside a kustomization is listed by none.',
	check: unlistedFiles,
};

function* unlistedFiles(db: Database): Steps<readonly Finding[]> {
	const all = [...db.get(clusterTree, '').kustomized.values()];
	const listed = new Set(all.flatMap(({ links }) => links.links.map(link => link.target)));
	const ofPatches = yield* inSteps(all, each => unlistedPatches(db, each, listed));
	const patches = new Map(ofPatches.flat().map(each => [each.at.file, each]));
	const manifests = yield* inSteps(all, each => (isBuilt(db, each) ? unlisted(db, each, listed) : []));
	return [...patches.values(), ...manifests.flat().filter(({ at }) => !patches.has(at.file))];
}

/** What stands beside patches that a kustomization lists, and says something of an object that its environments have: a patch, too. */
function unlistedPatches(db: Database, { links }: Kustomized, listed: ReadonlySet<FilePath>): Finding[] {
	const { file: kustomization } = links;
	const entries = kustomization === undefined ? [] : entriesOf(db, kustomization);
	if (kustomization === undefined || entries.length === 0) return [];
	const named = links.links.filter(({ field, kind }) => PATCH_FIELDS.has(field) && kind === 'file');
	return [...new Set(named.map(({ target }) => dirname(target)))].flatMap(directory => {
		const standing = db.read(directoryEntries, directory) ?? [];
		const meant = nearlyMeant(
			links,
			standing.map(({ name }) => name),
		);
		return standing.flatMap(({ kind, name }): Finding[] => {
			const file = join(directory, name);
			if (kind !== 'file' || meant.has(name) || !isYamlFile(file) || isKustomizationFile(file) || listed.has(file))
				return [];
			if (isMeantToStandAlone(name) || db.get(firstManifest, file) === undefined) return [];
			const [document, ...others] = contentOf(db, file).filter(({ root }) => root !== undefined);
			const id = document?.root && others.length === 0 ? resourceIdOf(document.root) : undefined;
			const isOfBuilt = (entry: Entry) => resourcesNamed(db, entry, id!.name).some(each => each.id.kind === id!.kind);
			if (!id || !entries.some(isOfBuilt)) return [];
			const path = relative(dirname(kustomization), file);
			const edit = { kind: 'insert', at: { file: kustomization, document: 0, path: ['patches'] } } as const;
			return [
				{
					code: treeUnlistedFile.code,
					severity: treeUnlistedFile.severity,
					message: `no kustomization lists \`${path}\`, so what it says of ${id.kind}/${id.name} is never applied; list it under \`patches:\` of ${basename(dirname(kustomization))}/${basename(kustomization)}, or delete it`,
					at: { file, document: 0, path: [] },
					related: [{ message: 'the kustomization that lists the patches beside it', at: named[0]!.at }],
					fixes: [
						{
							title: `List ${path} in ${basename(kustomization)}`,
							edits: [{ ...edit, yaml: `path: ${path}` }],
						},
					],
				},
			];
		});
	});
}

/** What paths that lead nowhere were nearly meant to be: that is said there. */
function nearlyMeant({ links }: Links, names: readonly string[]): ReadonlySet<string> {
	return new Set(
		links.flatMap(({ kind, target }) => (kind === 'missing' ? (nearest(basename(target), names) ?? []) : [])),
	);
}

/** Whether an entry point reads the kustomization, and it lists manifests file by file at all. */
function isBuilt(db: Database, { links }: Kustomized): boolean {
	const files = links.links.filter(link => link.field === 'resources' && link.kind === 'file');
	return links.file !== undefined && files.length > 0 && entriesOf(db, links.file).length > 0;
}

function unlisted(db: Database, { directory, links }: Kustomized, listed: ReadonlySet<FilePath>): Finding[] {
	const names = (db.read(directoryEntries, directory) ?? [])
		.filter(({ kind }) => kind === 'file')
		.map(({ name }) => name);
	const meant = nearlyMeant(links, names);
	return names.flatMap(name => {
		const file = join(directory, name);
		if (
			meant.has(name) ||
			!isYamlFile(file) ||
			isKustomizationFile(file) ||
			listed.has(file) ||
			isMeantToStandAlone(name)
		)
			return [];
		const holds = db.get(firstManifest, file);
		if (holds === undefined) return [];
		const kustomization = links.file!;
		return [
			{
				code: treeUnlistedFile.code,
				severity: treeUnlistedFile.severity,
				message: `no kustomization lists \`${name}\`, so ${holds} is never applied; list it under \`resources:\` of ${basename(dirname(kustomization))}/${basename(kustomization)}, or delete it`,
				at: { file, document: 0, path: [] },
				related: [
					{ message: 'the kustomization beside it', at: { file: kustomization, document: 0, path: ['resources'] } },
				],
				fixes: [
					{
						title: `List ${name} in ${basename(kustomization)}`,
						edits: [{ kind: 'insert', at: { file: kustomization, document: 0, path: ['resources'] }, yaml: name }],
					},
				],
			},
		];
	});
}

/** Templates of secrets, samples and backups stand beside a kustomization on purpose; so does configuration of tools. */
function isMeantToStandAlone(name: string): boolean {
	return /^(template-|example|sample|\.)|\.(example|sample|template|tmpl|bak|disabled|old)\.|\.enc\./i.test(name);
}

/** What the file's first document is, where all of it is Kubernetes objects that kustomize could list as they are. */
const firstManifest = query<string | undefined>('firstManifest', (db, file) => {
	const documents = contentOf(db, file).filter(({ root }) => root !== undefined);
	const [first] = documents;
	const isManifest = documents.every(
		({ root, syntaxError }) =>
			!syntaxError && root && textAt(root, 'apiVersion') && textAt(root, 'kind') && textAt(root, 'metadata', 'name'),
	);
	if (!first?.root || !isManifest) return undefined;
	const id = resourceIdOf(first.root);
	if (id.version === 'builtin') return undefined;
	return /(^|\.)(kustomize\.config\.k8s\.io|config\.kubernetes\.io|kind\.x-k8s\.io|k3d\.io|talos\.dev|skaffold)$/.test(
		id.group,
	)
		? undefined
		: describeId(id);
});
