/**
 * Workloads that use a Secret or ConfigMap, or a key of one, that nothing in their environment provides. Providers are the objects themselves, SealedSecrets,
 * ExternalSecrets, generators, and whatever `secret-makers.ts` says a controller makes; a name that may come from one of
 * those is not missing.
 */
import { didYouMean, nearest } from '../../base/nearest';
import { ofObject } from '../../base/memo';
import type { Problem, Severity } from '../../base/problem';
import type { Database } from '../../base/query';
import { inSteps, type Steps } from '../../base/steps';
import { podOf } from '../../kube/pod';
import type { Resource } from '../../kube/resource';
import type { ResourceIndex } from '../../kube/resource-index';
import { addressOf, child, itemsOf, nodeAt, textAt } from '../../yaml/node';
import { makersOf, type Makers } from './secret-makers';
import { pullUses, type Use, usesOf } from './secret-users';

/** What kubelet says, by what the use is for. */
const EFFECTS: Readonly<Record<Use['effect'], { readonly severity: Severity; readonly what: string }>> = {
	container: { severity: 'error', what: 'the container will not start' },
	volume: { severity: 'error', what: 'the volume cannot be mounted' },
	pull: { severity: 'hint', what: 'private images cannot be pulled with it' },
};

/** What is known beyond the resources themselves. */
export interface Sight {
	/**
	 * Whether these resources are all that there are: Flux says so (`whole`); nobody in the tree says what else is applied, but nothing that it
	 * builds is hidden either (`likely`); or others may well exist (`part`).
	 */
	readonly coverage: 'whole' | 'likely' | 'part';
	/** Another environment in which an object of that name is provided. */
	readonly provides?: (kind: Use['kind'], name: string) => string | undefined;
}

/**
 * The problems of the pods among the resources. Objects that are not found are only spoken of where the resources are all that there
 * are, and in a lower voice where they only seem to be; keys of objects that are found always.
 */
export function* referenceProblems(
	db: Database,
	index: ResourceIndex,
	sight: Sight = { coverage: index.coverage },
): Steps<readonly Problem[]> {
	const makers = makersOf(db, index.resources);
	const seen = { index, makers, sight };
	const problems = yield* inSteps(index.resources, resource => [
		...usesBy(db, resource).flatMap(use => useProblems(seen, resource, use)),
		...tlsProblems(index, makers, resource),
	]);
	return problems.flat();
}

interface Seen {
	readonly index: ResourceIndex;
	readonly makers: Makers;
	readonly sight: Sight;
}

const usesBy = ofObject<Resource, readonly Use[]>(resource => {
	const pod = podOf(resource);
	if (pod) return usesOf(child(pod.root, 'spec'));
	// Its pods pull images with what it names.
	return resource.id.group === '' && resource.id.kind === 'ServiceAccount' ? pullUses(resource.node) : NO_USES;
});

const NO_USES: readonly Use[] = [];

function useProblems(seen: Seen, user: Resource, use: Use): readonly Problem[] {
	// A variable that Flux fills in later is no name yet.
	if (use.optional || use.name.includes('${')) return [];
	const { namespace } = user.id;
	const found = seen.index.data.find(use.kind, namespace, use.name);
	if (!found) return missingObject(seen, user, use);
	if (found.keys === 'some') return [];
	// A generated object is known by the name without its hash.
	const called = use.at.origin.step === 'nameReference' ? found.resource.originalId.name : use.name;
	return use.keys
		.filter(({ key }) => !found.data.has(key) && !key.includes('${'))
		.map(({ key, at }) => ({
			code: 'reference/missing-key',
			severity: EFFECTS[use.effect].severity,
			message: `${use.kind}/${called} has no key "${key}", so ${EFFECTS[use.effect].what}${didYouMean(key, found.data.keys())}`,
			at: addressOf(at.origin),
			related: [{ message: `${use.kind}/${called} comes from here`, at: addressOf(found.resource.node.origin) }],
			details:
				use.effect === 'volume'
					? `MountVolume.SetUp failed: references non-existent ${use.kind.toLowerCase()} key: ${key}`
					: `couldn't find key ${key} in ${use.kind} ${namespace}/${use.name}`,
		}));
}

function missingObject({ index, makers, sight }: Seen, { id }: Resource, use: Use): readonly Problem[] {
	if (sight.coverage === 'part' || makers.maker(use.kind, id.namespace, use.name) !== undefined) return [];
	const elsewhere = index.data.findAnywhere(use.kind, use.name);
	const where = id.namespace ? ` in namespace ${id.namespace}` : '';
	const names = index.data.names(use.kind, id.namespace);
	const environment = elsewhere ? undefined : sight.provides?.(use.kind, use.name);
	const hint = elsewhere
		? `; there is one in namespace ${elsewhere.resource.id.namespace || 'default'}, which pods of this one cannot use.`
		: environment !== undefined
			? `; ${environment} has one.`
			: didYouMean(use.name, names);
	const { severity: whole, what } = EFFECTS[use.effect];
	const isSupported = elsewhere !== undefined || environment !== undefined || nearest(use.name, names) !== undefined;
	const severity = sight.coverage === 'likely' && whole === 'error' ? (isSupported ? 'warning' : 'information') : whole;
	const lower = use.kind.toLowerCase();
	return [
		{
			code: use.kind === 'Secret' ? 'reference/missing-secret' : 'reference/missing-config-map',
			// A Secret is often made by hand and kept out of the tree on purpose; a ConfigMap seldom is.
			severity: use.kind === 'Secret' && severity === 'error' && !elsewhere ? 'warning' : severity,
			message: `${id.kind}/${id.name} uses ${use.kind}/${use.name}, which nothing here provides${where}, so ${what}${hint}`,
			at: addressOf(use.at.origin),
			...(elsewhere
				? { related: [{ message: 'of that name', at: addressOf(elsewhere.resource.node.origin) }] }
				: undefined),
			details:
				use.effect === 'pull'
					? 'Unable to retrieve some image pull secrets'
					: use.effect === 'volume'
						? `MountVolume.SetUp failed: ${lower} "${use.name}" not found`
						: `${lower} "${use.name}" not found`,
		},
	];
}

/** An Ingress without its certificate serves the controller's default one; it may be made by hand, so this is a hint. */
function tlsProblems(index: ResourceIndex, makers: Makers, { id, node }: Resource): readonly Problem[] {
	if (id.kind !== 'Ingress' || id.group !== 'networking.k8s.io' || index.coverage === 'part') return [];
	return itemsOf(nodeAt(node, ['spec', 'tls'])).flatMap((entry): Problem[] => {
		const name = textAt(entry, 'secretName');
		if (!name || name.includes('${') || index.data.find('Secret', id.namespace, name)) return [];
		if (makers.maker('Secret', id.namespace, name) !== undefined) return [];
		return [
			{
				code: 'reference/missing-secret',
				severity: 'hint',
				message: `Ingress/${id.name} takes its certificate from Secret/${name}, which nothing here provides, so browsers see the controller's own certificate${didYouMean(name, index.data.names('Secret', id.namespace))}`,
				at: addressOf(nodeAt(entry, ['secretName'])!.origin),
			},
		];
	});
}
