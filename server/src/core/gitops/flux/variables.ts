/**
 * What a Flux Kustomization's `spec.postBuild` gives its variables: `substitute` over `substituteFrom`, whose ConfigMaps and
 * Secrets are looked for in what the tree holds (fluxcd/pkg/kustomize `loadVars`).
 */
import type { Address } from '../../base/address';
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { DataSources, DataValue } from '../../kube/data-sources';
import {
	addressOf,
	child,
	entriesOf,
	itemsOf,
	type Node,
	nodeAt,
	type Origin,
	sameOrigin,
	textAt,
} from '../../yaml/node';

export interface Variable {
	readonly name: string;
	readonly value: DataValue;
	/** Where it is defined: the entry of `substitute`, or of the object's data. */
	readonly origin: Origin;
	/** Who gives it: `postBuild.substitute`, `ConfigMap/x`, `Secret/x`. */
	readonly source: string;
}

export interface Variables {
	readonly byName: ReadonlyMap<string, Variable>;
	/** Whether the tree holds every source, so that a name that is not here does not exist. */
	readonly knowledge: 'complete' | 'partial';
	/** `Always` substitutes even where there is no variable at all. */
	readonly strategy: 'WithVariables' | 'Always';
	readonly problems: readonly Problem[];
}

/** Where a variable is written down. Its value may be filled in from elsewhere: what an outer Kustomization substitutes leads to its own variables. */
export function definitionOf({ origin }: Variable): Origin {
	let at = origin;
	while (at.step === 'substitute' && at.replaced) at = at.replaced;
	return at;
}

/** No `postBuild` at all: nothing is substituted. */
export const NO_VARIABLES: Variables = {
	byName: new Map(),
	knowledge: 'complete',
	strategy: 'WithVariables',
	problems: [],
};

/** The variables of the Flux Kustomization `node` (its tree after its own parent's build). `namespace` is where it lives. */
export function readVariables(node: Node, namespace: string, sources: DataSources): Variables {
	const postBuild = nodeAt(node, ['spec', 'postBuild']);
	const byName = new Map<string, Variable>();
	const problems: Problem[] = [];
	let knowledge: Variables['knowledge'] = 'complete';
	for (const reference of itemsOf(child(postBuild, 'substituteFrom'))) {
		const found = readSource(reference, namespace, sources);
		problems.push(...found.problems);
		if (found.knowledge === 'partial') knowledge = 'partial';
		for (const variable of found.variables) byName.set(variable.name, variable);
	}
	for (const { key, value } of entriesOf(child(postBuild, 'substitute'))) {
		if (value.kind !== 'scalar') continue;
		const text = value.tag === '!!null' ? '' : withoutNewlines(value.text);
		byName.set(key, {
			name: key,
			value: { kind: 'known', text },
			origin: value.origin,
			source: 'postBuild.substitute',
		});
	}
	for (const { name, origin, source } of byName.values()) {
		if (!VARIABLE_NAME.test(name)) problems.push(invalidName(name, source, addressOf(origin)));
	}
	const strategy = textAt(postBuild, 'substituteStrategy') === 'Always' ? 'Always' : 'WithVariables';
	return { byName, knowledge, strategy, problems };
}

/** Whether both give the same names the same values, from the same places. */
export function sameVariables(a: Variables, b: Variables): boolean {
	return (
		a.knowledge === b.knowledge &&
		a.strategy === b.strategy &&
		a.byName.size === b.byName.size &&
		[...a.byName].every(([name, variable]) => sameVariable(variable, b.byName.get(name))) &&
		JSON.stringify(a.problems) === JSON.stringify(b.problems)
	);
}

function sameVariable(a: Variable, b: Variable | undefined): boolean {
	return (
		b !== undefined &&
		a.source === b.source &&
		JSON.stringify(a.value) === JSON.stringify(b.value) &&
		sameOrigin(a.origin, b.origin)
	);
}

/** `varsubRegex`. */
const VARIABLE_NAME = /^[_A-Za-z][_A-Za-z0-9]*$/;

function readSource(reference: Node, namespace: string, sources: DataSources) {
	const kind = textAt(reference, 'kind') ?? '';
	const name = textAt(reference, 'name') ?? '';
	const optional = textAt(reference, 'optional') === 'true';
	if ((kind !== 'ConfigMap' && kind !== 'Secret') || name === '') return NOTHING;
	const found = sources.find(kind, namespace, name);
	if (!found) {
		const ignored = optional && kind === 'ConfigMap' && sources.coverage === 'whole';
		const problem = optional ? undefined : sourceNotFound(reference, kind, namespace, name, sources);
		return { ...NOTHING, knowledge: ignored ? 'complete' : 'partial', problems: problem ? [problem] : [] } as const;
	}
	const variables = [...found.data].map(([key, { value, origin }]) => ({
		name: key,
		value: value.kind === 'known' ? { kind: 'known' as const, text: withoutNewlines(value.text) } : value,
		origin,
		source: `${kind}/${name}`,
	}));
	return { variables, knowledge: found.keys === 'all' ? 'complete' : 'partial', problems: [] } as const;
}

/** Secrets are often made by hand, and ConfigMaps sometimes: only what is nearly right is called an error. */
function sourceNotFound(
	reference: Node,
	kind: 'ConfigMap' | 'Secret',
	namespace: string,
	name: string,
	sources: DataSources,
): Problem | undefined {
	const at = child(reference, 'name');
	const similar = nearest(name, sources.names(kind, namespace));
	const elsewhere = sources.findAnywhere(kind, name);
	const certain = similar !== undefined || (elsewhere !== undefined && sources.coverage === 'whole');
	if (!at || (!certain && (kind === 'Secret' || sources.coverage === 'part'))) return undefined;
	const place = elsewhere?.resource.id.namespace;
	const hint = place
		? `; there is one in namespace "${place}", and a Kustomization reads only its own.`
		: similar !== undefined
			? `; did you mean "${similar}"?`
			: '.';
	return {
		code: 'flux/substitute-source-not-found',
		severity: certain ? 'error' : 'warning',
		message: `there is no ${kind} "${name}" in namespace "${namespace}" to take variables from${hint} Unless somebody makes it by hand, nothing of this Kustomization is applied; name an existing ${kind}, or set "optional: true".`,
		at: addressOf(at.origin),
		...(elsewhere && { related: [{ message: `${kind} "${name}"`, at: elsewhere.resource.from }] }),
		details: `post build failed: substitute from '${kind}/${name}' error: ${kind === 'ConfigMap' ? 'configmaps' : 'secrets'} "${name}" not found`,
		...(certain && { fatal: true as const }),
	};
}

const NOTHING = {
	variables: [] as readonly Variable[],
	knowledge: 'complete' as const,
	problems: [] as readonly Problem[],
};

function withoutNewlines(text: string): string {
	return text.replaceAll('\n', '');
}

function invalidName(name: string, source: string, at: Address): Problem {
	return {
		code: 'flux/variable-name-invalid',
		severity: 'error',
		message: `"${name}" from ${source} cannot be the name of a variable, so no object of this Kustomization can be substituted; use letters, digits and "_" only, not beginning with a digit.`,
		at,
		anchor: 'key',
		details: `'${name}' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'`,
		fatal: true,
	};
}
