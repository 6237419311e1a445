/** `New Overlay for this Component`: what the overlay of another environment is made of, without what only that one says. */
import { basename, type FilePath, isWithin, join, relative } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { kustomizationOf } from '../../kustomize/read/kustomization';
import { sourceFilesOf } from '../../model/bases';
import { clusterTree, type Kustomized } from '../../model/cluster-tree';
import type { Component } from '../../model/documentation';
import { contentOf } from '../../workspace/documents';
import { directoryEntries, fileExists } from '../../workspace/inputs';
import { isNull, textAt } from '../../yaml/node';
import { overlaysByEnvironment } from '../outline';
import { copiedText, createdOnce, inEnvironment, renaming, type Scaffold } from './scaffolding';

/** Gives an environment that lacks the component an overlay for it. */
export function newOverlay(db: Database, component: Component, environment: string): Scaffold {
	const { base, name } = component;
	if (base.environments.includes(environment)) return refused(`${environment} has \`${name}\` already.`);
	const model = modelOverlay(db, base);
	if (!model) return refused(`No environment has an overlay of \`${name}\` to take as a model.`);
	const made = overlayLike(db, {
		model,
		base,
		toBase: base.directory,
		environment,
		rename: text => text,
		generators: 'kept',
	});
	if (!made)
		return refused(
			`The overlay ${basename(model.directory)} does not stand in a directory named after its environment.`,
		);
	return {
		kind: 'found',
		edits: createdOnce([...made.edits, ...exampleEdits(db, component, model.environments[0]!, environment)]),
		notes: made.notes,
	};
}

function refused(why: string): Scaffold {
	return { kind: 'refused', why };
}

/** The overlay that says least of its own; others are fuller of what only their environment needs. */
export function modelOverlay(db: Database, base: Kustomized): Kustomized | undefined {
	const { kustomized } = db.get(clusterTree, '');
	const all = [...overlaysByEnvironment(base, kustomized).values()]
		.flat()
		.filter(({ links }) => links.file !== undefined);
	return all.sort((a, b) => a.links.links.length - b.links.links.length || (a.directory < b.directory ? -1 : 1))[0];
}

/** What an environment says of its own in its kustomization, and another one need not. */
const OWN_FIELDS = [
	'patches',
	'patchesStrategicMerge',
	'patchesJson6902',
	'images',
	'replicas',
	'secretGenerator',
	'components',
] as const;

export interface OverlayRequest {
	readonly model: Kustomized;
	/** The base that the model stands on, and the directory that the new overlay shall stand on. */
	readonly base: Kustomized;
	readonly toBase: FilePath;
	readonly environment: string;
	/** Turns the model's component into the new one, in texts and in paths. */
	readonly rename: (text: string) => string;
	/** Whether the base waits for what the model's overlay generates. */
	readonly generators: 'kept' | 'dropped';
}

/** The files of an overlay like the model, and its listing where the model is listed; nothing where there is no place for it. */
export function overlayLike(
	db: Database,
	{ model, base, toBase, environment, rename, generators }: OverlayRequest,
): { readonly edits: SourceEdit[]; readonly notes: readonly string[] } | undefined {
	const [from] = model.environments;
	const mapped = from === undefined ? undefined : inEnvironment(model.directory, from, environment);
	const file = model.links.file;
	const { kustomization } = kustomizationOf(db, model.directory);
	if (from === undefined || mapped === undefined || file === undefined || !kustomization) return undefined;
	const directory = join('/', rename(mapped));
	const present = kustomizationOf(db, directory).file;
	// One kustomization for all of an environment's components: it lists the base.
	if (present !== undefined) return { edits: [listing(present, relative(directory, toBase))], notes: [] };

	const replace = (text: string) => rename(renaming(from, environment)(text));
	const edits: SourceEdit[] = [];
	const nested: SourceEdit[] = [];
	const notes: string[] = [];
	// A new base has the files of the model's where it is a copy of it, and no others of them.
	const copied = generators === 'kept' ? sourceFilesOf(base) : [];
	const stays = (target: FilePath) => toBase === base.directory || copied.includes(target);
	for (const link of model.links.links) {
		const isBase = link.kind === 'directory' && link.target === base.directory;
		if (isBase) edits.push({ kind: 'set', at: link.at, text: relative(directory, toBase) });
		else if (link.field === 'resources' && link.kind === 'file') {
			edits.push({ kind: 'remove', at: link.at });
			const secret = secretIn(db, link.target);
			if (secret) notes.push(`${environment} needs ${secret}: seal it with "Strata: Seal Value" and list it.`);
		} else if (link.kind === 'file' && isWithin(base.directory, link.target) && !stays(link.target)) {
			edits.push({ kind: 'remove', at: link.at });
		} else if (link.kind === 'directory' && isWithin(model.directory, link.target)) {
			nested.push(...nestedCopies(db, link.target, model.directory, directory, replace));
		}
	}
	for (const key of [...OWN_FIELDS, ...(generators === 'kept' ? [] : ['configMapGenerator'])]) {
		edits.push({ kind: 'remove', at: { file, document: 0, path: [key] } });
	}
	const kept = generators === 'kept' ? kustomization.configMapGenerator : [];
	const files = kept.flatMap(({ files, envs }) => [...files, ...envs]);
	return {
		edits: [
			{ kind: 'create-file', file: join(directory, basename(file)), text: copiedText(db, file, edits, replace) },
			...files.map(({ value }): SourceEdit => {
				const path = replace(value.slice(value.indexOf('=') + 1));
				return { kind: 'create-file', file: join(directory, path), text: `# What differs in ${environment}.\n` };
			}),
			...nested,
			...listings(db, model, from, environment, directory, rename),
		],
		notes,
	};
}

/** The kustomization that an overlay has below itself, such as what it takes from elsewhere for its own namespace. */
function nestedCopies(
	db: Database,
	nested: FilePath,
	from: FilePath,
	to: FilePath,
	replace: (text: string) => string,
): SourceEdit[] {
	const kustomized = db.get(clusterTree, '').kustomized.get(nested);
	return (kustomized ? sourceFilesOf(kustomized) : []).map(file => ({
		kind: 'create-file',
		file: join(to, replace(relative(from, file))),
		text: copiedText(db, file, [], replace),
	}));
}

/** Where the model's environment lists the model, the new environment lists the new overlay. */
function listings(
	db: Database,
	model: Kustomized,
	from: string,
	environment: string,
	directory: FilePath,
	rename: (text: string) => string,
): SourceEdit[] {
	return model.users.flatMap(user => {
		const own = inEnvironment(user, from, environment);
		const file = own === undefined ? undefined : kustomizationOf(db, own).file;
		if (own === undefined || file === undefined || rename(own) === directory) return [];
		return [listing(file, relative(own, directory))];
	});
}

/** Lists a path under `resources` of a kustomization file. */
export function listing(file: FilePath, path: string): SourceEdit {
	return { kind: 'insert', at: { file, document: 0, path: ['resources'] }, yaml: path };
}

/** The secret that a file brings, for people. */
export function secretIn(db: Database, file: FilePath): string | undefined {
	for (const { root } of contentOf(db, file)) {
		const kind = root && !isNull(root) ? textAt(root, 'kind') : undefined;
		if (kind === 'SealedSecret' || kind === 'Secret')
			return `the ${kind} ${textAt(root, 'metadata', 'name') ?? ''}`.trim();
	}
	return undefined;
}

/** An example for the environment like that of another one, where the component has examples. */
export function exampleEdits(db: Database, { base, examples }: Component, from: string, to: string): SourceEdit[] {
	if (!examples || examples.includes(to) || !examples.includes(from)) return [];
	const directory = join(base.directory, `examples/${from}`);
	const names = (db.read(directoryEntries, directory) ?? [])
		.filter(({ kind }) => kind === 'file')
		.map(({ name }) => name);
	return names
		.filter(name => fileExists(db, join(directory, name)))
		.map(name => ({
			kind: 'create-file',
			file: join(base.directory, `examples/${to}/${name}`),
			text: copiedText(db, join(directory, name), [], renaming(from, to)),
		}));
}
