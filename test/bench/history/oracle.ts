/**
 * Which targets of a tree fail, as `kubectl kustomize` says, with what kustomize-controller does before and after it: no load
 * restriction, generated kustomizations, an empty one at its own path let pass, variables that must be set, dependencies that must be there,
 * and what helm-controller says of releases whose source nobody brings.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Checkout } from './checkout';
import { isFlux } from './flux-faults';
import { type FluxTarget, reach, type Target, targetsOf, withFluxEdits } from './targets';
import { hasDirectory, type Manifest, manifests, resolvePath, type Tree, valuesOf } from './tree';

/** What became of a target: nothing where it is applied. */
export interface Verdict {
	readonly target: Target;
	/** The words of the tool, or Flux's. */
	readonly failure: string | undefined;
	/** Whether what it brings may fail, for want of something that a target which fails would have brought. */
	readonly unsure?: boolean;
	/** The files that it is made of; an error that stands elsewhere does not name it. */
	readonly files: ReadonlySet<string>;
}

interface Built {
	readonly output: string;
	readonly error: string | undefined;
}

/** Asks the tool, and remembers its answers by what it read. */
export class Oracle {
	readonly #answers = new Map<string, Built>();
	readonly #checkout: Checkout;
	readonly #kubectl: string;

	constructor(checkout: Checkout, kubectl: string) {
		this.#checkout = checkout;
		this.#kubectl = kubectl;
	}

	/** Every target of a tree with its verdict. */
	judge(tree: Tree): readonly Verdict[] {
		const known = new Map<string, Manifest>();
		const targets = targetsOf(tree);
		const keyOf = (cluster: string, { name }: Manifest['metadata']) => `${cluster}/${name}`;
		for (const { flux } of targets) if (flux) known.set(keyOf(flux.cluster, flux.manifest.metadata), flux.manifest);
		const done = new Map<string, Verdict>();
		const outputs = new Map<string, readonly Manifest[]>();
		// What a Kustomization brings may change others: from the outermost inwards.
		const queue = [...targets.filter(({ flux }) => flux?.file.endsWith('gotk-sync.yaml'))];
		// Whoever applies what nothing here brings may have brought its sources, too.
		const brought = new Set(queue.map(({ id }) => id));
		const visit = (target: Target): void => {
			if (done.has(target.id)) return;
			const { flux } = target;
			const manifest = flux && known.get(keyOf(flux.cluster, flux.manifest.metadata));
			const path = manifest?.spec?.path as string | undefined;
			const directory = path === undefined ? target.directory : resolvePath('', path);
			const present: Target = flux && manifest ? { ...target, directory, flux: { ...flux, manifest } } : target;
			// Of whom nobody says where it leads, because who brings it fails, nobody knows what becomes.
			if (path?.includes('${')) {
				const { files } = reach(tree, target.directory);
				done.set(target.id, { target, failure: undefined, unsure: true, files });
				return;
			}
			const inFull = ![...done.values()].some(
				({ target: { flux: of }, failure }) => of?.cluster === flux?.cluster && failure,
			);
			const { verdict, output } = this.#judgeOne(tree, present, targets, inFull);
			done.set(target.id, verdict);
			const objects = (valuesOf(substituted(tree, present, output)) as Manifest[]).filter(
				each => each?.apiVersion !== undefined,
			);
			outputs.set(target.id, objects);
			for (const each of objects) {
				if (!flux || !isFlux(each)) continue;
				known.set(keyOf(flux.cluster, each.metadata), each);
				const next = targets.filter(
					other => other.flux?.cluster === flux.cluster && other.flux.manifest.metadata.name === each.metadata.name,
				);
				queue.push(...next);
				for (const { id } of next) brought.add(id);
			}
		};
		for (let next = queue.shift(); next; next = queue.shift()) visit(next);
		for (const target of targets) visit(target);
		return [...done.values()].map(verdict => {
			const whole = withReleases(verdict, [...done.values()], outputs);
			const isGuess = /^\w+Repository '.*' not found$/.test(whole.failure ?? '') && !brought.has(whole.target.id);
			return isGuess ? { ...whole, failure: undefined, unsure: true } : whole;
		});
	}

	#judgeOne(
		tree: Tree,
		target: Target,
		all: readonly Target[],
		isKnownInFull: boolean,
	): { verdict: Verdict; output: string } {
		const { directory, flux } = target;
		const components = ((flux?.manifest.spec?.components ?? []) as string[]).map(each => resolvePath(directory, each));
		const { files } = reach(tree, directory, components);
		if (flux && !hasDirectory(tree, directory)) {
			return { verdict: { target, failure: `kustomization path not found: ${directory}`, files }, output: '' };
		}
		const edits = withFluxEdits(tree, target, stringify);
		const { output, error } = this.#build(edits, directory, files);
		const tolerated = flux && error?.includes('kustomization.yaml is empty') && !/accumulat/.test(error);
		const failure =
			(tolerated ? undefined : error) ??
			(flux &&
				(sourceFailure(flux) ??
					dependencyFailure(tree, target, all, isKnownInFull) ??
					variableFailure(tree, target, output)));
		return { verdict: { target, failure, files }, output };
	}

	#build(tree: Tree, directory: string, files: ReadonlySet<string>): Built {
		const hash = createHash('sha256').update(directory);
		const { files: edited } = reach(tree, directory);
		for (const file of [...new Set([...files, ...edited])].sort()) hash.update(`\0${file}\0${tree.get(file) ?? '\0'}`);
		// Directories that come or go matter even where no file of theirs is read.
		for (const file of [...tree.keys()].filter(each => each.startsWith(directory + '/')).sort())
			hash.update(`\0${file}`);
		const key = hash.digest('hex');
		const known = this.#answers.get(key);
		if (known) return known;
		this.#checkout.bring(tree);
		const args = [
			'kustomize',
			'--load-restrictor',
			'LoadRestrictionsNone',
			path.join(this.#checkout.directory, directory),
		];
		const { stdout, stderr, status } = spawnSync(this.#kubectl, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
		const built: Built = {
			output: stdout,
			error: status === 0 ? undefined : stderr.replaceAll(this.#checkout.directory, ''),
		};
		this.#answers.set(key, built);
		return built;
	}
}

/** Releases whose HelmRepository is in no output of the cluster; where a part of it fails, only where that says nothing of one either. */
function withReleases(
	verdict: Verdict,
	all: readonly Verdict[],
	outputs: ReadonlyMap<string, readonly Manifest[]>,
): Verdict {
	const clusterOf = ({ target }: Verdict) => target.flux?.cluster;
	const beside = all.filter(other => clusterOf(other) === clusterOf(verdict));
	const sources = new Set(
		beside
			.flatMap(({ target }) => outputs.get(target.id) ?? [])
			.filter(({ kind }) => kind === 'HelmRepository')
			.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
	);
	const lost = (outputs.get(verdict.target.id) ?? []).flatMap(({ kind, metadata, spec }) => {
		if (verdict.failure !== undefined || kind !== 'HelmRelease') return [];
		const chart = (spec?.chart ?? {}) as { spec?: { sourceRef?: Record<string, string> } };
		const { kind: sourceKind, name, namespace = metadata.namespace } = chart.spec?.sourceRef ?? {};
		return sourceKind === 'HelmRepository' && !sources.has(`${namespace}/${name}`) ? [`${namespace}/${name}`] : [];
	});
	if (lost.length === 0) return verdict;
	return beside.some(({ failure }) => failure !== undefined)
		? { ...verdict, unsure: true }
		: { ...verdict, failure: `HelmRepository '${lost[0]}' not found` };
}

/** Every target has this repository for its source, or one that nobody brings. */
function sourceFailure({ manifest }: FluxTarget): string | undefined {
	const { kind, name } = (manifest.spec?.sourceRef ?? {}) as { kind?: string; name?: string };
	return kind === 'GitRepository' && name === 'flux-system' ? undefined : `${kind} '${name}' not found`;
}

/**
 * A dependency that is not there, or a circle of them. Where a part of the cluster does not build, what it had brought before stays there,
 * but nothing can have brought what no other file says the name of.
 */
function dependencyFailure(
	tree: Tree,
	{ flux }: Target,
	all: readonly Target[],
	isKnownInFull: boolean,
): string | undefined {
	const inCluster = all.filter(other => other.flux?.cluster === flux!.cluster);
	const find = (name: string) => inCluster.find(other => other.flux!.manifest.metadata.name === name);
	const own = flux!.manifest.metadata.name;
	const seen = new Set<string>();
	const queue = dependenciesOf(flux!.manifest);
	const times = (name: string) => [...tree.values()].reduce((sum, text) => sum + text.split(name).length - 1, 0);
	for (const name of queue) {
		if (!find(name) && (isKnownInFull || times(name) === 1)) return `dependency '${name}' not found`;
	}
	for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
		if (next === own) return `dependency '${own}' is not ready`;
		if (seen.has(next)) continue;
		seen.add(next);
		queue.push(...dependenciesOf(find(next)?.flux?.manifest));
	}
	return undefined;
}

function dependenciesOf(manifest: Manifest | undefined): string[] {
	return ((manifest?.spec?.dependsOn ?? []) as { name: string }[]).map(({ name }) => name);
}

/** A variable without a value of its own that no source gives; nobody knows where a source is not in the tree. */
function variableFailure(tree: Tree, { flux }: Target, output: string): string | undefined {
	const set = variablesOf(tree, flux!);
	if (!set) return undefined;
	for (const [, dollars, name] of output.matchAll(/(\$+)\{(\w+)\}/g)) {
		if (dollars!.length % 2 === 1 && !set.has(name!)) return `variable not set (strict mode): "${name}"`;
	}
	return undefined;
}

/** What a Kustomization sets; nothing where it sets nothing, or where nobody knows all of it. */
function variablesOf(tree: Tree, flux: FluxTarget): ReadonlyMap<string, string> | undefined {
	const postBuild = flux.manifest.spec?.postBuild as
		{ substitute?: Record<string, string>; substituteFrom?: { kind: string; name: string }[] } | undefined;
	if (!postBuild) return undefined;
	const set = new Map<string, string>();
	const objects = manifests(tree).flatMap(({ file, documents }) => documents.map(document => ({ file, document })));
	for (const { kind, name } of postBuild.substituteFrom ?? []) {
		const found = objects.find(
			({ file, document }) =>
				document.kind === kind &&
				document.metadata.name === name &&
				(flux.cluster === '' || file.includes(`clusters/${flux.cluster}/`)),
		);
		if (!found) return undefined;
		for (const [key, value] of Object.entries(found.document.data ?? {})) set.set(key, value);
	}
	for (const [key, value] of Object.entries(postBuild.substitute ?? {})) set.set(key, value);
	return set;
}

/** The output with the plain variables in it replaced, so far as they are known. */
function substituted(tree: Tree, { flux }: Target, output: string): string {
	const set = flux && variablesOf(tree, flux);
	return set ? output.replaceAll(/\$\{(\w+)\}/g, (text, name: string) => set.get(name) ?? text) : output;
}
