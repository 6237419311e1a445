/**
 * Sealed secrets that are rendered for another name, namespace or scope than their values were sealed for. What these were is said by the first
 * commit that holds the ciphertext, where the history is known; else by the secret's own file, before any transformer.
 */
import { type Address, addressKey } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import type { SealedAs, SealedVersion } from '../../workspace/sealing-history';
import { addressOf, child, nodeAt, type Origin, type Step, textAt } from '../../yaml/node';
import { sameSealing } from './sealing-history';
import { CLUSTER_WIDE, type EncryptedValue, NAMESPACE_WIDE, placeOf, scopeOf } from './sealed-secret-fields';

/** What the history says of a ciphertext. */
export interface SealingPast {
	/** Oldest first, at least one. */
	readonly versions: readonly SealedVersion[];
	/** What its file says of it now. */
	readonly now: SealedAs;
}

export interface DriftContext {
	/** Nothing where the history is not known, or has nothing of the ciphertext in that file. */
	readonly past?: (file: string, ciphertext: string) => SealingPast | undefined;
	/** In milliseconds since 1970. */
	readonly clock?: () => number | undefined;
}

export const SCOPE_DRIFT = 'sealed-secret/scope-drift';

/** The steps by which a kustomization changes a name or a namespace, as users call them. */
const CHANGED_BY: Partial<Readonly<Record<Step, string>>> = {
	prefix: 'this prefix',
	suffix: 'this suffix',
	namespace: 'this namespace',
	hash: 'this hash',
	nameReference: 'the reference to a name',
	annotations: 'this annotation',
	transformer: 'this transformer',
	patch: 'this patch',
	replacement: 'this replacement',
	flux: 'the Flux Kustomization',
	substitute: 'this substitution',
};

/** Who has lived with a change for so long would know if the secret did not open: it may have been a correction. */
const LIVED_WITH_MS = 30 * 24 * 60 * 60 * 1000;

export function driftProblems(
	resource: Resource,
	values: readonly EncryptedValue[],
	context: DriftContext,
): readonly Problem[] {
	const groups = new Map<string, { readonly past: SealingPast | undefined; readonly keys: string[] }>();
	for (const { key, node } of values) {
		// A value that a later step wrote was sealed for what is rendered, as far as anyone can tell.
		if (node.origin.step !== 'resource' || !sameDocument(addressOf(node.origin), resource.from)) continue;
		const found = context.past?.(resource.from.file, node.text);
		// Where the file says what it said at first, the history has nothing to add to it.
		const past = found && sameSealing(found.versions[0]!, found.now) ? undefined : found;
		const group = past === undefined ? '' : JSON.stringify(past.versions);
		const known = groups.get(group);
		if (known) known.keys.push(key);
		else groups.set(group, { past, keys: [key] });
	}
	return [...groups.values()].flatMap(({ past, keys }) => {
		const drifts = driftsOf(resource, past);
		return drifts.flatMap(drift =>
			problemsOf(resource, drift, { past, keys, clock: context.clock ?? (() => undefined) }),
		);
	});
}

interface Drift {
	readonly part: 'name' | 'namespace' | 'scope';
	readonly sealedAs: string;
	readonly rendered: string;
	/** Of a scope: the step that has changed it, where it was not the file itself. */
	readonly by?: Origin;
}

/** The parts of the label that the values were sealed with which are others by now. */
function driftsOf(resource: Resource, past: SealingPast | undefined): readonly Drift[] {
	const { node, id, originalId } = resource;
	const scope = scopeOf(child(node, 'metadata'));
	const [first] = past?.versions ?? [];
	if (past && first && first.scope !== past.now.scope && scope !== first.scope) {
		// A template without annotations says nothing: manifests written by hand around `kubeseal --raw` have none.
		if (first.template.scope === 'strict' || scope !== first.template.scope)
			return [{ part: 'scope', sealedAs: first.scope, rendered: scope }];
	}
	const changed = scopeChange(resource);
	if (changed) return [changed];
	if (scope === 'cluster-wide') return [];
	return (['name', 'namespace'] as const).flatMap((part): readonly Drift[] => {
		if (part === 'name' && scope !== 'strict') return [];
		const rendered = id[part];
		// kubeseal writes into the template what it sealed for, so where that is what is rendered, somebody sealed for it on purpose.
		const then = first && [first[part], first.template[part]].filter(isKnown);
		const written = originalId[part];
		const candidates =
			then && then.length > 0 ? then : [written, textAt(node, 'spec', 'template', 'metadata', part) ?? ''];
		const [sealedAs = ''] = candidates;
		return isKnown(sealedAs) && isKnown(rendered) && !candidates.includes(rendered)
			? [{ part, sealedAs, rendered }]
			: [];
	});
}

/**
 * The scope that a step after the file has changed: an annotation taken away or set to something else, or one added although the template,
 * which kubeseal fills together with the annotations, has a name and knows nothing of it.
 */
function scopeChange({ node, removed, from }: Resource): Drift | undefined {
	const rendered = scopeOf(child(node, 'metadata'));
	const template = nodeAt(node, ['spec', 'template', 'metadata']);
	for (const [key, scope] of SCOPES) {
		const now = nodeAt(node, ['metadata', 'annotations', key]);
		const gone = removed.find(({ path: [metadata, annotations, last] }) => {
			return metadata === 'metadata' && annotations === 'annotations' && last === key;
		});
		const by = now?.origin ?? gone?.origin;
		if (!by || sameDocument(addressOf(by), from)) continue;
		const isOn = textAt(now) === 'true';
		if (!isOn && by.replaced && rendered !== scope) return { part: 'scope', sealedAs: scope, rendered, by };
		const isSealedByHand = textAt(template, 'name') === undefined || scopeOf(template) === scope;
		if (isOn && !by.replaced && !isSealedByHand && rendered === scope)
			return { part: 'scope', sealedAs: scopeOf(template), rendered, by };
	}
	return undefined;
}

const SCOPES = [
	[CLUSTER_WIDE, 'cluster-wide'],
	[NAMESPACE_WIDE, 'namespace-wide'],
] as const;

/** Neither left to others, nor a variable. */
function isKnown(text: string): boolean {
	return text !== '' && !text.includes('${') && !text.includes('{{');
}

interface Values {
	readonly past: SealingPast | undefined;
	readonly keys: readonly string[];
	readonly clock: () => number | undefined;
}

/** Said where it is changed and where it was sealed: either may be the one that somebody looks at, and each leads to the other. */
function problemsOf(
	{ node, originalId, from }: Resource,
	{ part, sealedAs, rendered, by: changedBy }: Drift,
	{ past, keys, clock }: Values,
): readonly Problem[] {
	const scope = scopeOf(child(node, 'metadata'));
	const shared = {
		code: `sealed-secret/${part}-drift`,
		severity: past && isLivedWith(past, clock) ? 'information' : 'error',
		details: `no key could decrypt secret (${keys.join(', ')})`,
	} as const;
	const name = `SealedSecret/${originalId.name}`;
	const sealed = `${name} was sealed for the ${part} "${sealedAs}"${sinceOf(past)}`;
	const why = `so the controller cannot decrypt it (scope: ${scope})`;
	const anew = `Seal it anew for the ${part} "${rendered}"${WIDER[part]}`;
	if (part === 'scope' && !changedBy) {
		const at = placeOf(node, 'metadata', 'annotations');
		const back = `give it back the annotations that it was sealed with`;
		return [
			{ ...shared, message: `${sealed}, and is "${rendered}" by now, ${why}. ${anew}, or ${back}.`, at, anchor: 'key' },
		];
	}
	const origin = changedBy ?? nodeAt(node, ['metadata', part])!.origin;
	const change = addressOf(origin);
	const secret = { ...from, path: [...from.path, 'metadata', ...(part === 'scope' ? [] : [part])] };
	if (addressKey(change) === addressKey(secret)) {
		const message = `${sealed} and is called "${rendered}" by now without having been sealed anew, ${why}. ${anew}, or give it back the ${part} "${sealedAs}".`;
		const fixes = [
			{ title: `Change the ${part} back to "${sealedAs}"`, edits: [{ kind: 'set', at: secret, text: sealedAs }] },
		] as const;
		return [
			{
				...shared,
				message: part === 'name' ? message : message.replace(' is called ', ' stands in '),
				at: secret,
				fixes,
			},
		];
	}
	const by = nameOfStep(origin);
	return [
		{
			...shared,
			message: `${sealed}, but ${by} makes it "${rendered}", ${why}. ${anew}, or keep ${by} from it.`,
			at: change,
			related: [{ message: `${name} is sealed here, for the ${part} "${sealedAs}"`, at: secret }],
		},
		{
			...shared,
			message: `${sealed}, and is rendered with the ${part} "${rendered}", ${why}. ${anew}, or keep ${by === 'this' ? 'what changes it' : by} from it.`,
			at: secret,
			related: [{ message: `the ${part} is made "${rendered}" here`, at: change }],
		},
	];
}

/** What changed it, as users call it: a kustomization's field by its name. */
function nameOfStep({ step, link }: Origin): string {
	const field = String(link?.key);
	return BY_FIELD.has(step) && FIELDS.has(field) ? `\`${field}\`` : (CHANGED_BY[step] ?? 'this');
}

const BY_FIELD: ReadonlySet<Step> = new Set(['prefix', 'suffix', 'namespace', 'flux']);
const FIELDS: ReadonlySet<string> = new Set(['namePrefix', 'nameSuffix', 'namespace', 'targetNamespace']);

const WIDER: Readonly<Record<Drift['part'], string>> = {
	name: ' (or with the scope namespace-wide)',
	namespace: ' (or with the scope cluster-wide)',
	scope: '',
};

/** Whether what the file says now was committed so long ago that somebody would have noticed. */
function isLivedWith({ versions, now }: SealingPast, clock: () => number | undefined): boolean {
	const last = versions.at(-1)!;
	// What is not committed yet is a change of today.
	return versions.length > 1 && sameSealing(last, now) && (clock() ?? 0) - last.time > LIVED_WITH_MS;
}

function sinceOf(past: SealingPast | undefined): string {
	const [first] = past?.versions ?? [];
	if (!first) return '';
	return ` (commit ${first.commit.slice(0, 8)} of ${new Date(first.time).toISOString().slice(0, 10)})`;
}

function sameDocument(a: Address, b: Address): boolean {
	return a.file === b.file && a.document === b.document;
}
