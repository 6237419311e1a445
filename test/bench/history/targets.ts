/**
 * What of a tree somebody would build, told without Strata: each Flux Kustomization with its directory, and each kustomization
 * that nobody builds on and no Flux Kustomization applies; with the files that it is made of.
 */
import { isFlux } from './flux-faults';
import {
	changed,
	directoryOf,
	hasDirectory,
	isKustomization,
	type KustomizationFile,
	kustomizations,
	listed,
	type Manifest,
	manifests,
	patchFiles,
	relativePath,
	resolvePath,
	type Tree,
	valuesOf,
} from './tree';

export interface Target {
	/** Unique in its tree: the directory, with the Flux Kustomization's cluster and name. */
	readonly id: string;
	readonly directory: string;
	/** The environment that Strata should say; empty where it may say none. */
	readonly environment: string;
	readonly flux: FluxTarget | undefined;
}

export interface FluxTarget {
	/** Where it is written: a file, and which of its documents. */
	readonly file: string;
	readonly document: number;
	readonly cluster: string;
	readonly manifest: Manifest;
}

/** The targets of a tree; Flux Kustomizations in the order of their files, those that bootstrap wrote first. */
export function targetsOf(tree: Tree): readonly Target[] {
	const several = new Set([...tree.keys()].map(clusterOf)).size > 2;
	const everything = manifests(tree).flatMap(({ documents }) => documents);
	const flux = manifests(tree).flatMap(({ file }): Target[] =>
		valuesOf(tree.get(file)!).flatMap((value, document) => {
			const manifest = value as Manifest;
			if (typeof manifest?.apiVersion !== 'string' || manifest.metadata?.name === undefined || !isFlux(manifest))
				return [];
			// What other sources hold is not in this tree; one that nobody brings holds nothing.
			const { kind, name: source } = (manifest.spec?.sourceRef ?? {}) as { kind?: string; name?: string };
			const isOwn = kind === 'GitRepository' && source === 'flux-system';
			if (!isOwn && everything.some(each => each.kind === kind && each.metadata.name === source)) return [];
			const cluster = clusterOf(file);
			// The layouts that have a variable in a path call the cluster by it.
			const path = ((manifest.spec?.path ?? './') as string).replaceAll('${CLUSTER}', cluster);
			const directory = resolvePath('', path);
			const id = `${directory}#${cluster}/${manifest.metadata.name}`;
			return [{ id, directory, environment: several ? cluster : '', flux: { file, document, cluster, manifest } }];
		}),
	);
	flux.sort((a, b) => Number(isSync(b)) - Number(isSync(a)) || (a.id < b.id ? -1 : 1));
	const reached = new Set(flux.flatMap(({ directory }) => [...reach(tree, directory).directories]));
	const all = [...kustomizations(tree), ...unreadable(tree)];
	const built = new Set(all.flatMap(of => links(of)));
	const free = all.filter(({ directory, data }) => data.kind !== 'Component' && !reached.has(directory));
	const tops = free.filter(({ directory }) => !built.has(directory));
	const below = new Set(tops.flatMap(({ directory }) => [...reach(tree, directory).directories]));
	// What is left builds on each other in a circle: somebody would build each of them.
	const roots = [...tops, ...free.filter(({ directory }) => !below.has(directory))];
	return [
		...flux,
		...roots.map(({ directory }): Target => ({ id: directory, directory, environment: '', flux: undefined })),
	];
}

/** Kustomizations that are no YAML: whoever builds them is told so. */
function unreadable(tree: Tree): KustomizationFile[] {
	const known = new Set(kustomizations(tree).map(({ file }) => file));
	return [...tree.keys()].flatMap(file =>
		isKustomization(file) && !known.has(file) ? [{ file, directory: directoryOf(file), data: {} }] : [],
	);
}

const isSync = ({ flux }: Target) => flux?.file.endsWith('gotk-sync.yaml') ?? false;

/** `clusters/NAME` above a file. */
function clusterOf(file: string): string {
	return /(?:^|\/)clusters\/([^/]+)\//.exec(file)?.[1] ?? '';
}

function links(of: KustomizationFile): string[] {
	return [...listed(of, 'resources'), ...listed(of, 'components'), ...listed(of, 'bases')].map(entry =>
		resolvePath(of.directory, entry),
	);
}

/** What a build of a directory reads, or would read if it were there. */
export function reach(tree: Tree, directory: string, more: readonly string[] = []) {
	const files = new Set<string>();
	const directories = new Set<string>();
	const byDirectory = new Map(kustomizations(tree).map(of => [of.directory, of]));
	const texts = [...tree.keys()];
	const visit = (at: string): void => {
		if (directories.has(at)) return;
		directories.add(at);
		const own = texts.filter(file => isKustomization(file) && file.slice(0, file.lastIndexOf('/')) === at);
		for (const file of own) files.add(file);
		const of = byDirectory.get(at);
		if (own.length === 0) {
			for (const each of generated(tree, at)) {
				if (tree.has(each)) files.add(each);
				else visit(each);
			}
		}
		if (!of) return;
		for (const target of links(of)) {
			if (tree.has(target)) files.add(target);
			else if (hasDirectory(tree, target)) visit(target);
		}
		const generators = (Array.isArray(of.data.configMapGenerator) ? of.data.configMapGenerator : []) as {
			files?: string[];
			envs?: string[];
		}[];
		const named = [
			...patchFiles(of),
			...listed(of, 'configurations'),
			...generators.flatMap(({ files: list = [], envs = [] }) => [
				...list.map(each => each.slice(each.indexOf('=') + 1)),
				...envs,
			]),
		];
		for (const each of named) files.add(resolvePath(at, each));
	};
	for (const each of [directory, ...more]) visit(each);
	return { files, directories };
}

/** What kustomize-controller lists where a directory has no kustomization: all YAML, and directories that have one. */
export function generated(tree: Tree, directory: string): readonly string[] {
	const inside = [...tree.keys()].filter(file => directory === '' || file.startsWith(directory + '/')).sort();
	const nested = inside.filter(isKustomization).map(file => file.slice(0, Math.max(0, file.lastIndexOf('/'))));
	const outer = nested.filter(each => !nested.some(other => other !== each && each.startsWith(other + '/')));
	const loose = inside.filter(file => /\.ya?ml$/.test(file) && !outer.some(each => file.startsWith(each + '/')));
	return [...new Set([...outer, ...loose])].sort();
}

/** The tree as the controller would have it: the target's kustomization with what its Flux object adds. */
export function withFluxEdits(tree: Tree, { directory, flux }: Target, print: (data: unknown) => string): Tree {
	const spec = flux?.manifest.spec;
	if (!spec) return tree;
	const own = kustomizations(tree).find(of => of.directory === directory);
	const file = own?.file ?? `${directory}/kustomization.yaml`;
	// What cannot be read is left as it is: the tool says so.
	if (
		!own &&
		[...tree.keys()].some(each => isKustomization(each) && each.slice(0, each.lastIndexOf('/')) === directory)
	)
		return tree;
	const data: Record<string, unknown> = own
		? { ...own.data }
		: {
				apiVersion: 'kustomize.config.k8s.io/v1beta1',
				kind: 'Kustomization',
				resources: generated(tree, directory).map(each => `./${relativePath(directory, each)}`),
			};
	if (spec.targetNamespace !== undefined) data.namespace = spec.targetNamespace;
	for (const field of ['components', 'patches'] as const) {
		const list = spec[field] as unknown[] | undefined;
		if (list) data[field] = [...((data[field] as unknown[] | undefined) ?? []), ...list];
	}
	return changed(tree, new Map([[file, print(data)]]));
}
