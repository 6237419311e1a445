/**
 * What a Flux Kustomization's `spec.postBuild` gives its variables: `substitute` over `substituteFrom`, whose ConfigMaps and
 * Secrets are looked for in what the tree holds (fluxcd/pkg/kustomize `loadVars`).
 */
import type { Address } from '../../base/address';
import { didYouMean } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { DataSources, DataValue } from '../../kube/data-sources';
import { addressOf, child, entriesOf, itemsOf, type Node, nodeAt, type Origin, textAt } from '../../yaml/node';

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

/** `varsubRegex`. */
const VARIABLE_NAME = /^[_A-Za-z][_A-Za-z0-9]*$/;

function readSource(reference: Node, namespace: string, sources: DataSources) {
	const kind = textAt(reference, 'kind') ?? '';
	const name = textAt(reference, 'name') ?? '';
	const optional = textAt(reference, 'optional') === 'true';
	if ((kind !== 'ConfigMap' && kind !== 'Secret') || name === '') return NOTHING;
	const found = sources.find(kind, namespace, name);
	if (!found) {
		const knowledge = sources.coverage === 'whole' ? 'complete' : 'partial';
		const at = child(reference, 'name');
		if (optional || knowledge === 'partial' || !at) return { ...NOTHING, knowledge } as const;
		const candidates = sources.names(kind, namespace);
		const problem: Problem = {
			code: 'flux/substitute-source-not-found',
			severity: 'error',
			message: `there is no ${kind} "${name}" in namespace "${namespace}"${didYouMean(name, candidates)} Its variables are missing, so the Kustomization cannot be built; name an existing ${kind}, or set "optional: true".`,
			at: addressOf(at.origin),
			details: `post build failed: substitute from '${kind}/${name}' error: ${kind === 'ConfigMap' ? 'configmaps' : 'secrets'} "${name}" not found`,
			fatal: true,
		};
		return { ...NOTHING, knowledge: 'partial', problems: [problem] } as const;
	}
	const variables = [...found.data].map(([key, { value, origin }]) => ({
		name: key,
		value: value.kind === 'known' ? { kind: 'known' as const, text: withoutNewlines(value.text) } : value,
		origin,
		source: `${kind}/${name}`,
	}));
	return { variables, knowledge: found.keys === 'all' ? 'complete' : 'partial', problems: [] } as const;
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
