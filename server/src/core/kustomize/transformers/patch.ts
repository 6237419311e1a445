/**
 * `patches`, `patchesJson6902` and `patchesStrategicMerge`, and the plugins of these names (`api/internal/builtins/Patch*.go`): finds the
 * patch, the resources that it means, and applies it to each.
 */
import type { Address } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import type { ResourceId } from '../../kube/resource-id';
import { child, type ScalarNode } from '../../yaml/node';
import type { Application } from '../build';
import { firstId, identityKey, isOrWas } from '../identity';
import { inlineManifests } from '../manifests';
import { mergeSchemasOf } from '../merge/open-api-schema';
import { applyOperations } from '../patches/apply-operations';
import type { Operation } from '../patches/json-patch';
import { applyMergePatch, type PatchOptions } from '../patches/merge-patch';
import {
	invalidPatch,
	listReplaced,
	mergeFailed,
	patchAmbiguous,
	patchedDuplicate,
	patchWithoutMatch,
	targetWithoutMatch,
} from '../patches/patch-problems';
import { patchInFile, patchInScalar, type PatchText } from '../patches/patch-text';
import type { Field, PatchEntry } from '../read/model';
import { compileSelector } from '../selector';
import type { Tracked, TransformContext, Transformed, Transformer } from '../tracked';
import { unchanged } from './each';

/** An entry of `patches`, or the configuration of a PatchTransformer. */
export function patch(entry: PatchEntry): Transformer {
	return (context, resources) => {
		const source = sourceOf(context, entry, 'patch');
		if ('problem' in source) return unchanged(resources, [source.problem]);
		const { text, at, shown } = source;
		const { objects, operations } = text;
		const mergeable = !objects.problems.some(problem => problem.fatal);
		if (!mergeable && typeof operations === 'string') return unchanged(resources, unreadable(text, at, shown));
		if (!mergeable) return patchWithOperations(entry, source, operations as readonly Operation[], resources);
		if (objects.resources.length > 0 && typeof operations !== 'string' && operations.length > 0) {
			const details = `illegally qualifies as both an SM and JSON patch: [${shown}]`;
			return unchanged(resources, [invalidPatch(at, 'this reads both as a merge patch and as a JSON patch', details)]);
		}
		return patchWithObjects(context, entry, source, resources);
	};
}

/** An entry of `patchesJson6902`, or the configuration of a PatchJson6902Transformer. */
export function json6902Patch(entry: PatchEntry): Transformer {
	return (context, resources) => {
		const { target } = entry;
		if (!target?.name) {
			const message = 'a JSON patch needs a `target` with a `name`';
			// Without any target kustomize crashes.
			const details = target
				? 'must specify the target name'
				: 'panic: runtime error: invalid memory address or nil pointer dereference';
			return unchanged(resources, [invalidPatch(target?.at ?? entry.at, message, details)]);
		}
		const source = sourceOf(context, entry, 'jsonOp');
		if ('problem' in source) return unchanged(resources, [source.problem]);
		const { operations } = source.text;
		if (typeof operations === 'string') {
			const [broken] = source.text.objects.problems.filter(({ code }) => code === 'kustomize/bad-yaml');
			const message = 'this is no JSON patch, which is a list of operations; move a merge patch to `patches`';
			return unchanged(resources, [broken ?? invalidPatch(source.at, message, operations)]);
		}
		if (operations.length === 0) {
			const details = `patch appears to be empty; file=${entry.path?.value ?? ''}, JsonOp=${entry.patch?.value ?? ''}`;
			return unchanged(resources, [invalidPatch(source.at, 'this patch has no operations', details)]);
		}
		return applyOperations(target, source.applicationAt, operations, resources, 'id-kept');
	};
}

/** `patchesStrategicMerge`: each entry is a file, or the patch itself. */
export function strategicMergePatches(entries: readonly Field<string>[]): Transformer {
	return (context, resources) => {
		const problems: Problem[] = [];
		const found: ObjectPatch[] = [];
		for (const entry of entries) {
			const inline = inlinePatch(context.db, entry);
			if (inline) {
				found.push(...inline.objects.resources.map(patch => ({ patch, at: entry.at })));
				continue;
			}
			const loaded = entry.value === '' ? undefined : context.load(entry.value, entry.at);
			if (loaded?.kind === 'problem') problems.push(loaded.problem);
			else if (loaded) {
				const { objects, operations } = patchInFile(context.db, loaded.file);
				problems.push(...(isJsonPatch(operations) ? [jsonPatchAsMerge(entry)] : objects.problems));
				found.push(...objects.resources.map(patch => ({ patch, at: patch.from })));
			}
		}
		if (found.length === 0 && problems.length === 0) {
			const [first] = entries;
			if (!first) return unchanged(resources);
			const files = entries.map(entry => entry.value).join(' ');
			const details = `patch appears to be empty; files=[${files}], Patch=`;
			problems.push(invalidPatch(first.at, 'these patches are all empty', details));
		}
		return mergeEach(context, found, resources, problems);
	};
}

function isJsonPatch(operations: PatchText['operations']): boolean {
	return typeof operations !== 'string' && operations.some(operation => child(operation, 'op') !== undefined);
}

function jsonPatchAsMerge({ value, at }: Field<string>): Problem {
	const message = `\`${value}\` is a JSON patch; list it in \`patches\`, with a \`target\` that says which resource it is for`;
	return invalidPatch(at, message, 'missing Resource metadata');
}

/** `patches` of a PatchStrategicMergeTransformer: the objects themselves. */
export function inlineStrategicMergePatches(field: Field<string>): Transformer {
	return (context, resources) => {
		if (field.node.kind !== 'scalar') return unchanged(resources);
		const { objects } = patchInScalar(context.db, field.node);
		const found = objects.resources.map(patch => ({ patch, at: field.at }));
		const problems = [...objects.problems];
		if (found.length === 0 && problems.length === 0) {
			const details = `patch appears to be empty; files=[], Patch=${field.value}`;
			problems.push(invalidPatch(field.at, 'this patch is empty', details));
		}
		return mergeEach(context, found, resources, problems);
	};
}

/** A text that is itself a patch reads as objects; a path does not. */
function inlinePatch(db: Database, { node }: Field<string>): PatchText | undefined {
	return node.kind === 'scalar' && inlineManifests(node) ? patchInScalar(db, node) : undefined;
}

interface Source {
	readonly text: PatchText;
	/** Where to complain about the patch as a whole. */
	readonly at: Address;
	/** The entry, or the file's document where it names a file. */
	readonly applicationAt: Address;
	/** As kustomize shows where a patch came from. */
	readonly shown: string;
}

/** The text of an entry, from its `path` or its own. */
function sourceOf(
	context: TransformContext,
	entry: PatchEntry,
	own: 'patch' | 'jsonOp',
): Source | { readonly problem: Problem } {
	const { path, at } = entry;
	const patch = entry.patch && (own === 'jsonOp' || entry.patch.value.trim() !== '') ? entry.patch : undefined;
	const hasPath = path !== undefined && path.value !== '';
	const hasPatch = patch !== undefined && patch.value !== '';
	if (hasPath && hasPatch) {
		const details =
			own === 'patch' ? "patch and path can't be set at the same time" : 'must specify a file path or jsonOp, not both';
		return { problem: invalidPatch(path.at, 'this entry has both `path` and `patch`; keep one of them', details) };
	}
	if (!hasPath && !hasPatch) {
		const details = own === 'patch' ? 'must specify one of patch and path' : 'empty file path and empty jsonOp';
		return { problem: invalidPatch(at, 'this entry has neither `path` nor `patch`', details) };
	}
	if (hasPatch) {
		const node: ScalarNode =
			patch.node.kind === 'scalar'
				? patch.node
				: { kind: 'scalar', text: patch.value, tag: '!!str', style: 'plain', origin: patch.node.origin };
		const shown = `patch: ${JSON.stringify(patch.value.trim())}`;
		return { text: patchInScalar(context.db, node), at: patch.at, applicationAt: at, shown };
	}
	const loaded = context.load(path!.value, path!.at);
	if (loaded.kind === 'problem') return { problem: loaded.problem };
	if (loaded.kind === 'bytes') {
		const details = `unable to parse SM or JSON patch from [path: ${JSON.stringify(path!.value)}]`;
		return { problem: invalidPatch(path!.at, `\`${path!.value}\` is no text file`, details) };
	}
	return {
		text: patchInFile(context.db, loaded.file),
		at: path!.at,
		applicationAt: { file: loaded.file, document: 0, path: [] },
		shown: `path: ${JSON.stringify(path!.value)}`,
	};
}

/** Neither objects nor operations: what is wrong is said for that which it looks like. */
function unreadable({ objects, operations, looksLike }: PatchText, at: Address, shown: string): readonly Problem[] {
	const details = `unable to parse SM or JSON patch from [${shown}]`;
	const [first] = objects.problems.filter(problem => problem.fatal);
	// What is no YAML is said once, by its parser.
	if (first?.code === 'kustomize/bad-yaml') return [{ ...first, details }];
	if (looksLike === 'objects' && first) return [{ ...first, code: 'kustomize/invalid-patch', details }];
	return [invalidPatch(at, `this is no JSON patch: ${String(operations)}`, details)];
}

function patchWithOperations(
	{ target }: PatchEntry,
	{ at, applicationAt, shown }: Source,
	operations: readonly Operation[],
	resources: readonly Tracked[],
): Transformed {
	if (target) return applyOperations(target, applicationAt, operations, resources, 'id-remembered');
	const message = 'a JSON patch needs a `target`, since it does not say itself which resource it means';
	return unchanged(resources, [invalidPatch(at, message, `must specify a target for JSON patch [${shown}]`)]);
}

/** A patch object and where its application is to be told. */
interface ObjectPatch {
	readonly patch: Tracked;
	readonly at: Address;
}

function patchWithObjects(
	context: TransformContext,
	entry: PatchEntry,
	{ text, at, applicationAt, shown }: Source,
	resources: readonly Tracked[],
): Transformed {
	const { target, options } = entry;
	const patches = text.objects.resources;
	const rest = text.objects.problems;
	if (patches.length > 1 && target) {
		const details = `Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: [${shown}]`;
		const message = `there are ${patches.length} patches in one entry, which then may have no \`target\`; make an entry of each`;
		return unchanged(resources, [...rest, invalidPatch(at, message, details)]);
	}
	const allowed = {
		name: options.allowNameChange ? 'changed' : 'kept',
		kind: options.allowKindChange ? 'changed' : 'kept',
	} as const;
	let state: Transformed = unchanged(resources, rest);
	const then = (next: Transformed): void => {
		state = {
			resources: next.resources,
			problems: [...state.problems, ...next.problems],
			applications: [...state.applications, ...next.applications],
		};
	};
	for (const patch of patches) {
		const place = entry.path ? { ...applicationAt, document: patch.from.document } : applicationAt;
		if (!target) {
			const one = onlyMatch(patch, state.resources, 'PatchTransformer');
			if ('problem' in one) then(failed(state.resources, place, one.problem));
			else
				then(
					merge(
						context,
						{ patch, at: place },
						new Set([one.match]),
						{ ...allowed, applied: 'itself' },
						state.resources,
					),
				);
			continue;
		}
		const selector = compileSelector(target);
		if ('problem' in selector) return unchanged(resources, [...rest, selector.problem]);
		const selected = new Set(state.resources.filter(resource => selector.matches(resource)));
		if (selected.size === 0) then(unchanged(state.resources, [targetWithoutMatch(target, state.resources)]));
		then(merge(context, { patch, at: place }, selected, { ...allowed, applied: 'as-copy' }, state.resources));
	}
	return state;
}

/** Each patch into the one resource that it names (`PatchStrategicMergeTransformerPlugin.Transform`). */
function mergeEach(
	context: TransformContext,
	patches: readonly ObjectPatch[],
	resources: readonly Tracked[],
	before: readonly Problem[],
): Transformed {
	const problems: Problem[] = [...before];
	const applications: Application[] = [];
	let current = resources;
	for (const each of patches) {
		const one = onlyMatch(each.patch, current, 'PatchStrategicMergeTransformer');
		const options = { name: 'kept', kind: 'kept', applied: 'as-copy' } as const;
		const next =
			'problem' in one
				? failed(current, each.at, one.problem)
				: merge(context, each, new Set([one.match]), options, current);
		current = next.resources;
		problems.push(...next.problems);
		applications.push(...next.applications);
	}
	return { resources: current, problems, applications };
}

function failed(resources: readonly Tracked[], at: Address, problem: Problem): Transformed {
	return { resources, problems: [problem], applications: [{ step: 'patch', at, matched: [], changed: false }] };
}

/** The resource that has, or had, the patch's id (`resWrangler.GetById`). */
function onlyMatch(
	patch: Tracked,
	resources: readonly Tracked[],
	words: 'PatchTransformer' | 'PatchStrategicMergeTransformer',
): { readonly match: Tracked } | { readonly problem: Problem } {
	const wanted = firstId(patch);
	const matches = resources.filter(resource => isOrWas(resource, wanted));
	const [match] = matches;
	if (match && matches.length === 1) return { match };
	return {
		problem: match ? patchAmbiguous(patch, matches, words) : patchWithoutMatch(patch, resources, words),
	};
}

/** Merges one patch into the selected resources; those that it deletes go. */
function merge(
	{ db, openApi }: TransformContext,
	{ patch, at }: ObjectPatch,
	selected: ReadonlySet<Tracked>,
	options: PatchOptions,
	resources: readonly Tracked[],
): Transformed {
	const schemas = mergeSchemasOf(db, openApi);
	const problems: Problem[] = [];
	const matched: ResourceId[] = [];
	let changed = false;
	const result: Tracked[] = [];
	for (const resource of resources) {
		if (!selected.has(resource)) {
			result.push(resource);
			continue;
		}
		matched.push(resource.id);
		const { resource: patched, troubles, lost } = applyMergePatch(resource, patch.node, options, schemas);
		problems.push(...troubles.map(trouble => mergeFailed(resource, trouble)));
		problems.push(...lost.map(each => listReplaced(resource, each)));
		changed ||= patched?.node !== resource.node;
		if (patched) result.push(patched);
	}
	if (options.applied === 'as-copy' && changed) problems.push(...duplicates(at, result));
	return {
		resources: matched.length > 0 ? result : resources,
		problems,
		applications: [{ step: 'patch', at, matched, changed }],
	};
}

/** Kustomize adds all resources anew after a patch with a target, and so finds those that have become the same. */
function duplicates(at: Address, resources: readonly Tracked[]): Problem[] {
	const problems: Problem[] = [];
	const seen = new Map<string, Tracked>();
	for (const resource of resources) {
		const key = identityKey(resource.id);
		const first = seen.get(key);
		if (first) problems.push(patchedDuplicate(at, first, resource));
		else seen.set(key, resource);
	}
	return problems;
}
