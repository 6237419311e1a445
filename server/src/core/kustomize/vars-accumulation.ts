/** Gathers `vars` over the levels of a build and marks the objects that they take their values from (`ResAccumulator.MergeVars`). */
import type { Address } from '../base/address';
import type { Problem } from '../base/problem';
import { describeId, parseApiVersion, type ResourceId } from '../kube/resource-id';
import { effectiveNamespace, firstId, sameIdentity } from './identity';
import type { VarEntry } from './read/model';
import type { Tracked } from './tracked';

/** All vars so far, in the order in which they were declared. */
export type DeclaredVars = readonly VarEntry[];

export const NO_VARS: DeclaredVars = [];

/** Adds the vars of one kustomization. */
export function declareVars(
	resources: readonly Tracked[],
	known: DeclaredVars,
	vars: readonly VarEntry[],
): { readonly resources: readonly Tracked[]; readonly vars: DeclaredVars; readonly problems: readonly Problem[] } {
	if (vars.length === 0) return { resources, vars: known, problems: [] };
	const problems: Problem[] = [];
	let marked = resources;
	for (const entry of vars) {
		const target = targetOf(entry);
		const matches = marked.filter(resource => refersTo(target, firstId(resource)));
		const [only] = matches;
		if (matches.length === 1 && only) {
			const index = marked.indexOf(only);
			marked = marked.with(index, { ...only, refVarNames: [...only.refVarNames, entry.name] });
		} else if (matches.length > 1) {
			problems.push({
				code: 'kustomize/invalid-var',
				severity: 'error',
				fatal: true,
				message: `${matches.length} resources fit the var ${entry.name}; give its objref a namespace`,
				at: entry.at,
				related: matches.map(match => ({ message: describeId(match.id), at: match.from })),
				details: `found ${matches.length} resId matches for var ${entry.name} (unable to disambiguate)`,
			});
		}
	}
	return { resources: marked, vars: mergeVarSets(known, vars, undefined, problems), problems };
}

/** Both sets together; a name that stands in both is an error, at the var or at the entry that brings it. */
export function mergeVarSets(
	known: DeclaredVars,
	more: readonly VarEntry[],
	at: Address | undefined,
	problems: Problem[],
): DeclaredVars {
	let result = known;
	for (const entry of more) {
		const first = result.find(each => each.name === entry.name);
		if (!first) result = [...result, entry];
		else {
			problems.push({
				code: 'kustomize/duplicate-var',
				severity: 'error',
				fatal: true,
				message: `there is another var called ${entry.name} in this build; names of vars must be unique`,
				at: at ?? entry.at,
				related: [{ message: `the other ${entry.name}`, at: first.at }],
				details: `var '${entry.name}' already encountered`,
			});
		}
	}
	return result;
}

function targetOf({ objref }: VarEntry): ResourceId {
	const gvk = objref.apiVersion ? parseApiVersion(objref.apiVersion) : { group: objref.group, version: objref.version };
	return { ...gvk, kind: objref.kind, name: objref.name, namespace: objref.namespace };
}

/** Without a namespace an objref finds its object in any; with one it finds none of a kind that has no namespaces. */
function refersTo(target: ResourceId, id: ResourceId): boolean {
	return (
		sameIdentity(target, { ...id, namespace: target.namespace }) &&
		(target.namespace === '' || target.namespace === effectiveNamespace(id))
	);
}
