/**
 * Objects from which a controller in the cluster makes Secrets or ConfigMaps. A name that one of them may make is never called
 * missing. Rows say which names; where nobody can tell, any name in the namespace may come from it.
 */
import type { FieldPath } from '../../base/address';
import { ofObject } from '../../base/memo';
import type { Database } from '../../base/query';
import type { Resource } from '../../kube/resource';
import { itemsOf, type Node, nodeAt, textAt } from '../../yaml/node';

type Made =
	/** The object of this name, in the maker's namespace. */
	| { readonly names: readonly string[] }
	/** This name in every namespace. */
	| { readonly everywhere: string }
	/** Anything in this namespace; where it is empty, anything anywhere. */
	| { readonly anyIn: string; readonly kind?: 'Secret' };

/** By `group/kind`; groups that have many kinds of makers stand in `MAKER_GROUPS`. */
const MAKERS: Readonly<Record<string, (resource: Resource) => readonly Made[]>> = {
	'cert-manager.io/Certificate': named('spec.secretName'),
	'cert-manager.io/Issuer': named('spec.acme.privateKeySecretRef.name'),
	'cert-manager.io/ClusterIssuer': everywhere('spec.acme.privateKeySecretRef.name'),
	'trust.cert-manager.io/Bundle': everywhere('metadata.name'),
	'external-secrets.io/ClusterExternalSecret': ({ node }) => [
		{ everywhere: textAt(node, 'spec', 'externalSecretName') ?? textAt(node, 'metadata', 'name') ?? '' },
	],
	'external-secrets.io/PushSecret': () => [],
	'isindir.github.com/SopsSecret': ({ node }) => [
		{ names: itemsOf(nodeAt(node, ['spec', 'secretTemplates'])).flatMap(item => textAt(item, 'name') ?? []) },
	],
	'onepassword.com/OnePasswordItem': named('metadata.name'),
	'secrets.hashicorp.com/VaultStaticSecret': named('spec.destination.name'),
	'secrets.hashicorp.com/VaultDynamicSecret': named('spec.destination.name'),
	'secrets.hashicorp.com/VaultPKISecret': named('spec.destination.name'),
	'secrets.infisical.com/InfisicalSecret': ({ node }) => [
		{
			names: [
				textAt(node, 'spec', 'managedSecretReference', 'secretName') ?? [],
				...itemsOf(nodeAt(node, ['spec', 'managedKubeSecretReferences'])).map(item => textAt(item, 'secretName') ?? []),
			].flat(),
		},
	],
	'secrets.doppler.com/DopplerSecret': named('spec.managedSecret.name'),
	'spv.no/AzureKeyVaultSecret': named('spec.output.secret.name'),
	'secrets-store.csi.x-k8s.io/SecretProviderClass': ({ node }) => [
		{ names: itemsOf(nodeAt(node, ['spec', 'secretObjects'])).flatMap(item => textAt(item, 'secretName') ?? []) },
	],
	'acid.zalan.do/postgresql': ({ id }) => [{ anyIn: id.namespace }],
	'networking.k8s.io/Ingress': ({ node }) =>
		nodeAt(node, ['metadata', 'annotations', 'cert-manager.io/cluster-issuer']) ||
		nodeAt(node, ['metadata', 'annotations', 'cert-manager.io/issuer']) ||
		textAt(node, 'metadata', 'annotations', 'kubernetes.io/tls-acme') === 'true'
			? [{ names: itemsOf(nodeAt(node, ['spec', 'tls'])).flatMap(item => textAt(item, 'secretName') ?? []) }]
			: [],
	'helm.toolkit.fluxcd.io/HelmRelease': ({ id, node }) => [
		{ anyIn: textAt(node, 'spec', 'targetNamespace') ?? id.namespace },
	],
	'helm.cattle.io/HelmChart': ({ id, node }) => [{ anyIn: textAt(node, 'spec', 'targetNamespace') ?? id.namespace }],
	// Who may make Secrets in a namespace is there to make some: a Job of an admission webhook, an operator without resources of its own.
	'rbac.authorization.k8s.io/Role': ({ id, node }) =>
		itemsOf(nodeAt(node, ['rules'])).some(mayMakeSecrets) ? [{ anyIn: id.namespace, kind: 'Secret' }] : [],
	'kyverno.io/ClusterPolicy': generated,
	'kyverno.io/Policy': generated,
	'policies.kyverno.io/GeneratingPolicy': () => [{ anyIn: '' }],
	'policies.kyverno.io/NamespacedGeneratingPolicy': ({ id }) => [{ anyIn: id.namespace }],
	'argoproj.io/Application': ({ node }) => [{ anyIn: textAt(node, 'spec', 'destination', 'namespace') ?? '' }],
};

/** Groups of which no kind makes Secrets or ConfigMaps. Custom resources of other groups, not listed above, may make any. */
const HARMLESS_GROUPS: ReadonlySet<string> = new Set([
	'',
	'apps',
	'batch',
	'autoscaling',
	'policy',
	'bitnami.com',
	'external-secrets.io',
	'argoproj.io',
	'monitoring.coreos.com',
	'traefik.io',
	'traefik.containo.us',
	'keda.sh',
	'cilium.io',
	'metallb.io',
	'kyverno.io',
	'cert-manager.io',
	'snapshot.storage.k8s.io',
	'velero.io',
]);

/** Endings of groups of which no kind makes any. */
const HARMLESS_GROUP_ENDINGS = ['.k8s.io', '.toolkit.fluxcd.io', '.istio.io', '.kyverno.io', '.linkerd.io'] as const;

/** Made by the cluster itself in every namespace. */
const BY_THE_CLUSTER: ReadonlySet<string> = new Set([
	'kube-root-ca.crt',
	'openshift-service-ca.crt',
	'istio-ca-root-cert',
	'linkerd-identity-trust-roots',
]);

export interface Makers {
	/** Who may make an object of that name, in the words of a message; nothing where nobody can. */
	maker(kind: 'Secret' | 'ConfigMap', namespace: string, name: string): string | undefined;
}

/** What the controllers in the cluster may make of these resources. */
export function makersOf(db: Database, resources: readonly Resource[]): Makers {
	const made = resources.flatMap(resource => madeFrom(db, resource));
	return {
		maker(kind, namespace, name) {
			if (BY_THE_CLUSTER.has(name)) return 'the cluster';
			return made.find(({ what, namespace: own }) => {
				if ('names' in what) return own === namespace && what.names.includes(name);
				if ('everywhere' in what) return what.everywhere === name;
				return (what.anyIn === namespace || what.anyIn === '') && (what.kind ?? kind) === kind;
			})?.who;
		},
	};
}

interface MadeBySomeone {
	readonly what: Made;
	readonly namespace: string;
	readonly who: string;
}

const madeFrom = ofObject<Resource, readonly MadeBySomeone[]>(resource => {
	const made = [...madeBy(resource), ...copiesOf(resource)];
	if (made.length === 0) return NOTHING;
	const { kind, name, namespace } = resource.id;
	return made.map(what => ({ what, namespace, who: `${kind}/${name}` }));
});

const NOTHING: readonly MadeBySomeone[] = [];

function madeBy(resource: Resource): readonly Made[] {
	const { group, kind, namespace } = resource.id;
	const row = MAKERS[`${group}/${kind}`];
	if (row) return row(resource);
	if (HARMLESS_GROUPS.has(group) || HARMLESS_GROUP_ENDINGS.some(ending => group.endsWith(ending))) return [];
	return [{ anyIn: namespace }];
}

/** Annotations by which a controller copies an object, under its name, into other namespaces. */
const COPIED_BY = [
	'reflector.v1.k8s.emberstack.com/reflection-auto-enabled',
	'replicator.v1.mittwald.de/replicate-to',
	'replicator.v1.mittwald.de/replicate-to-matching',
	'kubed.appscode.com/sync',
] as const;

/** Where an object says of what it is, or makes, that it is to be copied, and what that is called. */
const COPIED_AT: readonly { readonly metadata: FieldPath; readonly name?: FieldPath }[] = [
	{ metadata: ['metadata'] },
	{ metadata: ['spec', 'template', 'metadata'] },
	{ metadata: ['spec', 'target', 'template', 'metadata'], name: ['spec', 'target', 'name'] },
	{ metadata: ['spec', 'secretTemplate'], name: ['spec', 'secretName'] },
];

function copiesOf({ id, node }: Resource): readonly Made[] {
	return COPIED_AT.flatMap(({ metadata, name }): readonly Made[] => {
		const annotations = nodeAt(node, [...metadata, 'annotations']);
		if (!annotations || !COPIED_BY.some(key => textAt(annotations, key) !== undefined)) return [];
		return [{ everywhere: (name && textAt(node, ...name)) ?? id.name }];
	});
}

/** A rule of RBAC that lets somebody make Secrets of any name. */
function mayMakeSecrets(rule: Node): boolean {
	const has = (field: string, ...texts: readonly string[]) =>
		itemsOf(nodeAt(rule, [field])).some(item => texts.includes(textAt(item) ?? ''));
	return has('apiGroups', '', '*') && has('resources', 'secrets', '*') && has('verbs', 'create', '*');
}

/** What a Kyverno policy generates may be of any name, and in any namespace. */
function generated({ node }: Resource): readonly Made[] {
	return itemsOf(nodeAt(node, ['spec', 'rules'])).some(rule => nodeAt(rule, ['generate']) !== undefined)
		? [{ anyIn: '' }]
		: [];
}

function named(path: string): (resource: Resource) => readonly Made[] {
	return ({ node }) => [{ names: [textAt(node, ...path.split('.')) ?? []].flat() }];
}

function everywhere(path: string): (resource: Resource) => readonly Made[] {
	return ({ node }) => {
		const name = textAt(node, ...path.split('.'));
		return name === undefined ? [] : [{ everywhere: name }];
	};
}
