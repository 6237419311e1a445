/** What is said about patches that cannot be read, find nothing, or do not fit; kustomize's own words are in `details`. */
import type { Address } from '../../base/address';
import { below, formatPath } from '../../base/address';
import { changeTo } from '../../base/change-to';
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import { describeId, formatId, type ResourceId } from '../../kube/resource-id';
import { addressOf, child, type MapNode, type Node, stringAt } from '../../yaml/node';
import { effectiveNamespace, NO_NAMESPACE } from '../identity';
import type { LostElements, MergeTrouble } from '../merge/strategic-merge';
import { plainNodeKinds } from '../node-kinds';
import type { Selector } from '../read/model';
import type { Tracked } from '../tracked';
import type { OperationTrouble } from './json-patch';
import { nearestPointer } from './json-pointer';

/** A patch that is written so that nothing can be done with it. */
export function invalidPatch(at: Address, message: string, details: string): Problem {
	return { code: 'kustomize/invalid-patch', severity: 'error', fatal: true, message, at, details };
}

/** No resource is the one that a merge patch names: its nearest relative tells which part of the name is wrong. */
export function patchWithoutMatch(
	patch: Tracked,
	resources: readonly Tracked[],
	words: 'PatchTransformer' | 'PatchStrategicMergeTransformer',
): Problem {
	const { id, node } = patch;
	const full = formatId(id);
	const unmatched = `no matches for Id ${full}; failed to find unique target for patch ${full}`;
	const { why, at } = nearMiss(id, node, resources);
	return {
		code: 'kustomize/patch-without-match',
		severity: 'error',
		fatal: true,
		message: `no resource is ${describeId(id)} (${apiVersionOf(id)}), which this patch means${why}`,
		at,
		details:
			words === 'PatchTransformer' ? `no resource matches strategic merge patch "${full}": ${unmatched}` : unmatched,
	};
}

function apiVersionOf({ group, version }: ResourceId): string {
	return group ? `${group}/${version}` : version || 'no apiVersion';
}

function nearMiss(
	id: ResourceId,
	node: MapNode,
	resources: readonly Tracked[],
): { readonly why: string; readonly at: Address } {
	const metadata = child(node, 'metadata');
	const at = (part: 'apiVersion' | 'kind' | 'name' | 'namespace'): Address => {
		const holder = part === 'name' || part === 'namespace' ? metadata : node;
		return addressOf((child(holder, part) ?? child(metadata, 'name') ?? node).origin);
	};
	const ids = resources.flatMap(resource => [resource.id, resource.originalId]);
	const sameName = ids.filter(other => other.kind === id.kind && other.name === id.name);
	const otherVersion = sameName.find(other => effectiveNamespace(other) === effectiveNamespace(id));
	if (otherVersion) {
		return {
			why: `: here its apiVersion is ${apiVersionOf(otherVersion)}; write that into the patch`,
			at: at('apiVersion'),
		};
	}
	const [elsewhere] = sameName;
	if (elsewhere) {
		const now = namespaceOf(elsewhere);
		return {
			why: `: here it is in ${now}; a patch names the namespace that the resource has before this kustomization sets its own`,
			at: at('namespace'),
		};
	}
	const sameKind = ids.filter(other => other.kind === id.kind);
	const near = nearest(
		id.name,
		sameKind.map(other => other.name),
	);
	if (near !== undefined) return { why: `; did you mean \`${near}\`?`, at: at('name') };
	const otherKind = ids.find(other => other.name === id.name);
	if (otherKind) return { why: `: there is a ${describeId(otherKind)}`, at: at('kind') };
	if (sameKind.length === 0) return { why: `: there is no ${id.kind} here at all`, at: at('kind') };
	const names = [...new Set(sameKind.map(other => `\`${other.name}\``))];
	const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')}, ...` : names.join(', ');
	return { why: `: the ${id.kind}s here are ${shown}`, at: at('name') };
}

function namespaceOf(id: ResourceId): string {
	const namespace = effectiveNamespace(id);
	if (namespace === NO_NAMESPACE) return 'no namespace';
	return id.namespace ? `namespace \`${id.namespace}\`` : 'no namespace';
}

/** Several resources are what a merge patch names, by the names that they have or had. */
export function patchAmbiguous(
	patch: Tracked,
	matches: readonly Tracked[],
	words: 'PatchTransformer' | 'PatchStrategicMergeTransformer',
): Problem {
	const full = formatId(patch.id);
	const several = `multiple matches for Id ${full}; failed to find unique target for patch ${full}`;
	return {
		code: 'kustomize/patch-ambiguous',
		severity: 'error',
		fatal: true,
		message: `${matches.length} resources are or were called ${describeId(patch.id)}, so this patch could mean each of them; give it a \`target\` that tells them apart`,
		at: patch.from,
		related: matches.map(match => ({ message: describeId(match.id), at: match.from })),
		details: words === 'PatchTransformer' ? `no resource matches strategic merge patch "${full}": ${several}` : several,
	};
}

/** A merge patch and a resource do not fit together. */
export function mergeFailed(resource: Tracked, trouble: MergeTrouble): Problem {
	const field = formatPath(trouble.path) || 'the resource';
	if (trouble.repeatedKey !== undefined) {
		return {
			code: 'kustomize/duplicate-key',
			severity: 'error',
			fatal: true,
			message: `\`${trouble.repeatedKey}\` stands twice in this map, which ${describeId(resource.id)} takes over as it is; keep one of them`,
			at: trouble.at,
			anchor: 'key',
			details: trouble.details,
		};
	}
	const unknown = trouble.details.startsWith('unknown patch strategy');
	const kinds = plainNodeKinds(trouble.details);
	return {
		code: 'kustomize/patch-failed',
		severity: 'error',
		fatal: true,
		message: unknown
			? `\`$patch\` must be merge, replace or delete (at \`${field}\`)`
			: kinds?.got
				? `\`${field}\` of ${describeId(resource.id)} is ${kinds.wanted}, and this patch has ${kinds.got} there; write ${kinds.wanted}`
				: `\`${field}\` of ${describeId(resource.id)} is of another kind than the patch has there: ${trouble.details}`,
		at: trouble.at,
		...(trouble.target && { related: [{ message: `the field of ${describeId(resource.id)}`, at: trouble.target }] }),
		details: trouble.details,
	};
}

/** A list that looks as if it should be merged, of a kind whose lists kustomize replaces. */
export function listReplaced(resource: Tracked, { at, path, names }: LostElements): Problem {
	const shown = names.map(name => `\`${name}\``).join(', ');
	const plural = names.length > 1 ? 'are' : 'is';
	return {
		code: 'kustomize/list-replaced',
		severity: 'warning',
		message: `this list replaces \`${formatPath(path)}\` of ${describeId(resource.id)} whole, so ${shown} ${plural} gone: kustomize knows no merge key for it. Repeat what should stay, or use a JSON patch`,
		at,
		anchor: 'key',
	};
}

/** A JSON operation does not apply to a resource. */
export function operationFailed(resource: Tracked, trouble: OperationTrouble): Problem {
	return {
		code: 'kustomize/patch-failed',
		severity: 'error',
		fatal: true,
		message: `this operation does not apply to ${describeId(resource.id)}: ${trouble.message}`,
		at: addressOf(trouble.at.origin),
		related: [{ message: describeId(resource.id), at: resource.from }],
		details: trouble.details,
		...changeTo(addressOf(trouble.at.origin), trouble.meant),
	};
}

/** `replace` of a field that is not there. The RFC refuses it, kustomize adds the field. */
export function replacedNothing(resource: Tracked, operation: Node): Problem {
	const path = child(operation, 'path');
	const pointer = stringAt(path) ?? '';
	const meant = nearestPointer(resource.node, pointer.startsWith('/') ? pointer : `/${pointer}`, 'there');
	const why = pointer.startsWith('/')
		? meant === undefined
			? ''
			: `; did you mean \`${meant}\`?`
		: ', since its path does not begin with `/`, and so all before the first one is ignored';
	return {
		code: 'kustomize/replace-of-missing-field',
		severity: 'warning',
		message: `${describeId(resource.id)} has no such field to replace${why}${why.endsWith('?') ? ' K' : '; k'}ustomize adds it without a word. Write \`op: add\` if that is meant, or correct the path`,
		at: addressOf((path ?? operation).origin),
		...(path && changeTo(addressOf(path.origin), meant)),
	};
}

/**
 * A target that selects nothing is no error to kustomize. Where it names an object, whoever wrote it thinks otherwise; one of all objects
 * of a kind may well be there for those to come.
 */
export function targetWithoutMatch(target: Selector, resources: readonly Tracked[]): Problem {
	return nothingSelected(target, resources, 'this target selects no resource, so the patch does nothing');
}

/** A selector that selects nothing; `what` begins the sentence, which ends with what was probably meant. */
export function nothingSelected(target: Selector, resources: readonly Tracked[], what: string): Problem {
	const { why, part, meant } = nearestTarget(target, resources);
	return {
		code: 'kustomize/target-without-match',
		severity: target.name || meant !== undefined ? 'warning' : 'information',
		message: `${what}${why}`,
		at: target.at,
		anchor: 'key',
		...(part && changeTo(below(target.at, part), meant)),
	};
}

interface Meant {
	/** The end of a sentence. */
	readonly why: string;
	/** The part of the selector that is wrong, and what it should be. */
	readonly part?: 'kind' | 'name' | 'version' | 'group';
	readonly meant?: string;
}

function nearestTarget(target: Selector, resources: readonly Tracked[]): Meant {
	const kinds = resources.map(({ id }) => id.kind);
	if (target.kind && !kinds.some(kind => kind === target.kind || isPattern(target.kind))) {
		const near = nearest(target.kind, kinds);
		return near === undefined
			? { why: `: there is no ${target.kind} here` }
			: { why: `; did you mean \`kind: ${near}\`?`, part: 'kind', meant: near };
	}
	const ofKind = resources.filter(({ id }) => !target.kind || id.kind === target.kind);
	const named = ofKind.filter(({ id, originalId }) => id.name === target.name || originalId.name === target.name);
	if (target.name && named.length === 0) {
		const near = nearest(
			target.name,
			ofKind.map(({ id }) => id.name),
		);
		return near === undefined ? { why: '' } : { why: `; did you mean \`name: ${near}\`?`, part: 'name', meant: near };
	}
	const [only] = named;
	if (!only) return { why: '' };
	const { version, group } = only.id;
	if (target.version && target.version !== version)
		return { why: `: the version of ${describeId(only.id)} is ${version}`, part: 'version', meant: version };
	if (target.group && target.group !== group)
		return {
			why: `: the group of ${describeId(only.id)} is ${group || 'empty'}`,
			...(group && { part: 'group' as const, meant: group }),
		};
	return { why: target.namespace ? `: ${only.id.kind}/${only.id.name} is in ${namespaceOf(only.id)}` : '' };
}

function isPattern(text: string): boolean {
	return /[.*+?|()[\]{}^$\\]/.test(text);
}

/** A patch gave a resource the identity of another one. */
export function patchedDuplicate(at: Address, first: Tracked, second: Tracked): Problem {
	return {
		code: 'kustomize/duplicate-id',
		severity: 'error',
		fatal: true,
		message: `this patch makes two resources the same: ${describeId(second.id)}`,
		at,
		related: [first, second].map(({ from, originalId }) => ({ message: describeId(originalId), at: from })),
		details: `may not add resource with an already registered id: ${formatId(second.id)}`,
	};
}
