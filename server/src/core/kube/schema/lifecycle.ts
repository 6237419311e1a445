/** API versions that come and go: deprecated, removed, not there yet, never there. */
import { nearest } from '../../base/nearest';
import type { Fix } from '../../base/problem';
import type { Database } from '../../base/query';
import { addressOf, child, type MapNode } from '../../yaml/node';
import { parseApiVersion } from '../resource-id';
import { compareReleases } from './releases';
import { schemaIndex } from './shard';
import { type KindSchema, knownVersionsOf } from './store';
import { report, type Walk } from './walk';

/** Says that the API version of a resource is deprecated, removed or not there yet. `fits`: the resource would be right as that one. */
export function checkLife(walk: Walk, node: MapNode, known: KindSchema, fits: (successor: string) => boolean): void {
	const { apiVersion, kind, life, from } = known;
	const at = child(node, 'apiVersion') ?? node;
	const version = walk.kubernetesVersion;
	const instead = life.replacedBy === undefined ? '' : `; write ${describe(life.replacedBy, kind)} instead`;
	const fixes = () => (life.replacedBy === undefined ? {} : fixesFor(node, life.replacedBy, kind, fits));
	if (from === 'kubernetes') {
		const { introduced, deprecated, removed } = life;
		if (removed !== undefined && compareReleases(removed, version) <= 0) {
			report(walk, 'schema/removed-api', at, {
				message: `${apiVersion} ${kind} is not served since Kubernetes ${removed}${instead}.`,
				details: noMatches(apiVersion, kind),
				...fixes(),
			});
		} else if (introduced !== undefined && compareReleases(introduced, version) > 0) {
			report(walk, 'schema/unknown-api', at, {
				message: `${apiVersion} ${kind} came with Kubernetes ${introduced}, and this is for ${version}.`,
				details: noMatches(apiVersion, kind),
			});
		} else if (typeof deprecated === 'string' && compareReleases(deprecated, version) <= 0) {
			const end = removed === undefined ? 'unavailable in some later release' : `unavailable in v${removed}+`;
			report(walk, 'schema/deprecated-api', at, {
				message: `${apiVersion} ${kind} is deprecated since Kubernetes ${deprecated}${
					removed === undefined ? '' : ` and goes away with ${removed}`
				}${instead}.`,
				details: `Warning: ${apiVersion} ${kind} is deprecated in v${deprecated}+, ${end}`,
				tag: 'deprecated',
				...fixes(),
			});
		}
		return;
	}
	checkCustomLife(walk, node, known, instead, fixes);
}

/**
 * Which release of Flux or of an operator a cluster runs is seldom known: what is gone from the newest is then a warning. A
 * CustomResourceDefinition in the tree is what gets installed.
 */
function checkCustomLife(
	walk: Walk,
	node: MapNode,
	{ apiVersion, kind, life, from }: KindSchema,
	instead: string,
	fixes: () => { readonly fixes?: readonly Fix[] },
): void {
	const at = child(node, 'apiVersion') ?? node;
	const { flux } = life;
	if (from === 'tree' && life.notServed) {
		report(walk, 'schema/removed-api', at, {
			message: `${apiVersion} ${kind} is not served: its CustomResourceDefinition does not have it${instead}.`,
			details: noMatches(apiVersion, kind),
			...fixes(),
		});
	} else if (flux?.removedAfter !== undefined) {
		const gone = walk.fluxVersion !== undefined && compareReleases(walk.fluxVersion, flux.removedAfter) > 0;
		report(walk, gone ? 'schema/removed-api' : 'schema/deprecated-api', at, {
			message: `${apiVersion} ${kind} is ${gone ? 'not served' : 'on its way out'}: Flux ${flux.removedAfter} was the last release that served it${instead}.`,
			details: noMatches(apiVersion, kind),
			...(gone ? undefined : { tag: 'deprecated' as const }),
			...fixes(),
		});
	} else if (life.notServed || life.deprecated !== undefined || flux?.deprecatedSince !== undefined) {
		const since = flux?.deprecatedSince === undefined ? '' : ` since Flux ${flux.deprecatedSince}`;
		const state = life.notServed ? 'not served by the newest release of its operator' : `deprecated${since}`;
		report(walk, 'schema/deprecated-api', at, {
			message: `${apiVersion} ${kind} is ${state}${instead}.`,
			details: life.notServed
				? noMatches(apiVersion, kind)
				: `Warning: ${life.warning ?? `${apiVersion} ${kind} is deprecated`}`,
			tag: 'deprecated',
			...fixes(),
		});
	}
}

/** What the API groups of Kubernetes hold besides what a tree states: subresources, lists, reviews. */
const NOT_IN_INDEX: ReadonlySet<string> = new Set([
	'Binding',
	'ComponentStatus',
	'Eviction',
	'Scale',
	'Status',
	'TokenRequest',
]);

/** Says that a kind is not there in an API version that is known well, or else that nothing is known about it. */
export function checkUnknownKind(db: Database, walk: Walk, node: MapNode, apiVersion: string, kind: string): void {
	const { group } = parseApiVersion(apiVersion);
	if (group === 'kustomize.config.k8s.io' || kind.endsWith('List')) return;
	const { kubernetes, crds } = schemaIndex(db);
	const elsewhere = knownVersionsOf(db, kind);
	const sameGroup = elsewhere.filter(id => groupOf(id) === group);
	const at = child(node, 'apiVersion') ?? node;
	if (kubernetes.groups.has(group) && !NOT_IN_INDEX.has(kind)) {
		const inGroup = [...kubernetes.kinds.keys()].filter(id => groupOf(id) === group).map(kindOf);
		const other = newest(sameGroup.length > 0 ? sameGroup : elsewhere.filter(id => kubernetes.kinds.get(id)?.shard));
		const meant = other === undefined ? nearest(kind, inGroup) : undefined;
		report(walk, 'schema/unknown-api', other === undefined && meant !== undefined ? (child(node, 'kind') ?? at) : at, {
			message:
				`Kubernetes has no kind ${kind} in ${apiVersion}` +
				(other !== undefined
					? `; it is in ${versionOf(other)}.`
					: meant === undefined
						? '.'
						: `; did you mean "${meant}"?`),
			details: noMatches(apiVersion, kind),
			...(other === undefined ? undefined : fixesFor(node, other, kind, () => true)),
		});
		return;
	}
	const known = newest(sameGroup);
	report(walk, 'schema/unknown-kind', known === undefined ? (child(node, 'kind') ?? at) : at, {
		message:
			known !== undefined && crds.groups.has(group)
				? `Strata knows ${kind} as ${versionOf(known)} and not as ${apiVersion}, so its fields are not checked.`
				: `Strata has no schema of ${apiVersion} ${kind}, so its fields are not checked; put its CustomResourceDefinition into the tree to have them checked.`,
	});
}

/** How the API server's client says that it cannot find a kind. */
function noMatches(apiVersion: string, kind: string): string {
	return `no matches for kind "${kind}" in version "${apiVersion}"`;
}

const groupOf = (id: string) => (id.split('/').length === 3 ? id.split('/')[0]! : '');
const kindOf = (id: string) => id.slice(id.lastIndexOf('/') + 1);
const versionOf = (id: string) => id.slice(0, id.lastIndexOf('/'));

/** The stable version if there is one, else the last by name. */
function newest(ids: readonly string[]): string | undefined {
	return ids.findLast(id => /(^|\/)v\d+\//.test(id)) ?? ids.at(-1);
}

/** `networking.k8s.io/v1`, with the kind where it is another one. */
function describe(id: string, kind: string): string {
	return kindOf(id) === kind ? versionOf(id) : `${versionOf(id)} ${kindOf(id)}`;
}

function fixesFor(
	node: MapNode,
	successor: string,
	kind: string,
	fits: (successor: string) => boolean,
): { readonly fixes?: readonly Fix[] } {
	const at = child(node, 'apiVersion');
	if (!at || kindOf(successor) !== kind || !fits(successor)) return {};
	const apiVersion = versionOf(successor);
	return {
		fixes: [
			{
				title: `Change apiVersion to ${apiVersion}`,
				edits: [{ kind: 'set', at: addressOf(at.origin), text: apiVersion }],
			},
		],
	};
}
