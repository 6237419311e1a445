/**
 * Sealed secrets that are rendered for another name, namespace or scope than their values were sealed for. What these were is said by the first
 * commit that holds the ciphertext, where the history is known; else by the secret's own file, before any transformer.
 */
import { type Address, addressKey } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import type { SealedAs, SealedVersion } from '../../workspace/sealing-history';
import { addressOf, child, nodeAt, type Step, textAt } from '../../yaml/node';
import { sameSealing } from './sealing-history';
import { type EncryptedValue, placeOf, scopeOf } from './sealed-secret-fields';

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

/** The steps by which a kustomization changes a name or a namespace, as users call them. */
const CHANGED_BY: Partial<Readonly<Record<Step, string>>> = {
	prefix: 'namePrefix',
	suffix: 'nameSuffix',
	namespace: 'namespace',
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
	{ part, sealedAs, rendered }: Drift,
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
	if (part === 'scope') {
		const at = placeOf(node, 'metadata', 'annotations');
		const back = `give it back the annotations that it was sealed with`;
		return [
			{ ...shared, message: `${sealed}, and is "${rendered}" by now, ${why}. ${anew}, or ${back}.`, at, anchor: 'key' },
		];
	}
	const { origin } = nodeAt(node, ['metadata', part])!;
	const change = addressOf(origin);
	const secret = { ...from, path: [...from.path, 'metadata', part] };
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
	const by = CHANGED_BY[origin.step] ?? 'this';
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
