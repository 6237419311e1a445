/** Made-up objects of every kind that kustomize has built-in paths for. */
import type { Random } from '../../scripts/bench/random.mjs';
import { IMAGES, LABELS, maybe, name, NAMES, NAMESPACES, object, type YamlMap } from './feature-parts';
import { cronJob, job, podSpec, selected, workload } from './feature-workloads';

function role(random: Random): YamlMap {
	const cluster = random.next() < 0.5;
	const rules = [
		{
			apiGroups: [''],
			resources: ['secrets', 'configmaps'],
			resourceNames: [name(random), name(random)],
			verbs: ['get'],
		},
		{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
	];
	return object(
		random,
		'rbac.authorization.k8s.io/v1',
		cluster ? 'ClusterRole' : 'Role',
		{ rules },
		cluster ? 'cluster' : 'namespaced',
	);
}

function binding(random: Random): YamlMap {
	const cluster = random.next() < 0.5;
	const subject = (): YamlMap => ({
		kind: random.of(['ServiceAccount', 'ServiceAccount', 'User', 'Group']),
		name: random.of([...NAMES, 'default']),
		...maybe(random, 0.6, () => ({ namespace: random.of(NAMESPACES) })),
	});
	const body = {
		roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: random.of(['Role', 'ClusterRole']), name: name(random) },
		subjects: [subject(), subject()],
	};
	return object(
		random,
		'rbac.authorization.k8s.io/v1',
		cluster ? 'ClusterRoleBinding' : 'RoleBinding',
		body,
		cluster ? 'cluster' : 'namespaced',
	);
}

function ingress(random: Random): YamlMap {
	const backend: YamlMap =
		random.next() < 0.5
			? { service: { name: name(random), port: { number: 80 } } }
			: { serviceName: name(random), servicePort: 80 };
	return object(
		random,
		random.of(['networking.k8s.io/v1', 'networking.k8s.io/v1beta1', 'extensions/v1beta1']),
		'Ingress',
		{
			spec: {
				...maybe(random, 0.3, () => ({ ingressClassName: name(random) })),
				...maybe(random, 0.3, () => ({ defaultBackend: backend })),
				...maybe(random, 0.3, () => ({ backend })),
				...maybe(random, 0.5, () => ({ tls: [{ hosts: ['a.example'], secretName: name(random) }] })),
				rules: [{ host: 'a.example', http: { paths: [{ path: '/', backend }] } }],
			},
		},
		'namespaced',
	);
}

function webhook(random: Random): YamlMap {
	const kind = random.of(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']);
	const clientConfig = { service: { name: name(random), namespace: random.of(NAMESPACES), path: '/x' } };
	return object(
		random,
		'admissionregistration.k8s.io/v1',
		kind,
		{
			webhooks: [
				{ name: 'a.b.c', clientConfig },
				{ name: 'd.e.f', clientConfig },
			],
		},
		'cluster',
	);
}

function definition(random: Random): YamlMap {
	const names = { kind: 'Thing', plural: 'things' };
	return {
		apiVersion: 'apiextensions.k8s.io/v1',
		kind: 'CustomResourceDefinition',
		metadata: { name: 'things.example.com' },
		spec: {
			group: 'example.com',
			names,
			scope: 'Namespaced',
			...maybe(random, 0.6, () => ({
				conversion: {
					strategy: 'Webhook',
					webhook: { clientConfig: { service: { name: name(random), namespace: random.of(NAMESPACES) } } },
				},
			})),
		},
	};
}

function custom(random: Random): YamlMap {
	const kind = random.of(['Thing', 'Thing', 'Namespaced']);
	return object(
		random,
		random.of(['example.com/v1', 'example.com/v1', 'example.com/v2']),
		kind,
		{
			spec: {
				...maybe(random, 0.6, () => ({ secretRef: { name: name(random) }, configRef: name(random) })),
				...maybe(random, 0.5, () => ({ replicas: 2, image: random.of(IMAGES) })),
				...maybe(random, 0.5, () => ({
					items: [
						{ name: 'one', value: 'http://app:80/path', image: 'nginx:1' },
						{ name: 'two', value: '$(HOST)', list: ['a', 'b'] },
					],
				})),
				...maybe(random, 0.4, () => ({
					selector: random.of(LABELS),
					template: { metadata: {}, spec: podSpec(random) },
				})),
				...maybe(random, 0.3, () => ({
					text: '{"a": {"b": "app"}, "l": [1, 2]}',
					yaml: 'a:\n  b: app\nl:\n- 1\n- 2\n',
				})),
				...maybe(random, 0.2, () => ({ 'dotted.key': 'v', 'with/slash': 'w', empty: null, number: 3, flag: true })),
			},
		},
		'namespaced',
	);
}

function small(random: Random): YamlMap {
	switch (random.below(12)) {
		case 0:
			return object(random, 'v1', 'Namespace', {}, 'cluster');
		case 1:
			return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: random.of(NAMESPACES) } };
		case 2:
			return object(
				random,
				'v1',
				'PersistentVolumeClaim',
				{
					spec: {
						volumeName: name(random),
						storageClassName: name(random),
						...maybe(random, 0.3, () => ({ selector: { matchLabels: { app: 'a' } } })),
					},
				},
				'namespaced',
			);
		case 3:
			return object(
				random,
				'v1',
				'PersistentVolume',
				{ spec: { storageClassName: name(random), claimRef: { name: name(random), namespace: 'ns1' } } },
				'cluster',
			);
		case 4:
			return object(
				random,
				'storage.k8s.io/v1',
				'StorageClass',
				{ provisioner: 'x', parameters: { secretName: 'y' } },
				'cluster',
			);
		case 5:
			return object(random, 'policy/v1', 'PodDisruptionBudget', { spec: selected(random) }, 'namespaced');
		case 6:
			return object(
				random,
				'networking.k8s.io/v1',
				'NetworkPolicy',
				{
					spec: {
						podSelector: { matchLabels: { app: 'a' } },
						ingress: [{ from: [{ podSelector: { matchLabels: { app: 'a' } } }, { podSelector: {} }] }],
						...maybe(random, 0.5, () => ({ egress: [{ to: [{ podSelector: { matchLabels: { tier: 'b' } } }] }] })),
					},
				},
				'namespaced',
			);
		case 7:
			return object(
				random,
				random.of(['autoscaling/v1', 'autoscaling/v2', 'autoscaling/v2beta2']),
				'HorizontalPodAutoscaler',
				{
					spec: {
						scaleTargetRef: {
							apiVersion: 'apps/v1',
							kind: random.of(['Deployment', 'StatefulSet', 'ReplicaSet']),
							name: name(random),
						},
						minReplicas: 1,
					},
				},
				'namespaced',
			);
		case 8:
			return object(
				random,
				'apiregistration.k8s.io/v1',
				'APIService',
				{ spec: { service: { name: name(random), namespace: random.of(NAMESPACES) } } },
				'cluster',
			);
		case 9:
			return object(random, 'scheduling.k8s.io/v1', 'PriorityClass', { value: 10 }, 'cluster');
		case 10:
			return object(
				random,
				'networking.k8s.io/v1',
				'IngressClass',
				{ spec: { parameters: { name: name(random) } } },
				'cluster',
			);
		default:
			return object(random, 'v1', 'Pod', { spec: podSpec(random) }, 'namespaced');
	}
}

/** Any object. */
export function anyObject(random: Random): YamlMap {
	switch (random.below(16)) {
		case 0:
		case 1:
		case 2:
		case 3:
			return workload(random);
		case 4:
			return job(random);
		case 5:
			return cronJob(random);
		case 6: {
			const type = random.of<YamlMap>([{}, { type: 'ExternalName' }, { type: 'LoadBalancer' }]);
			return object(
				random,
				'v1',
				'Service',
				{
					spec: {
						...type,
						...maybe(random, 0.8, () => ({ selector: random.of(LABELS) })),
						ports: [
							{ port: 80, name: 'http' },
							{ port: 53, protocol: 'UDP' },
						],
					},
				},
				'namespaced',
			);
		}
		case 7:
			return object(
				random,
				'v1',
				'ConfigMap',
				{ data: { k: 'v', host: 'app.example', 'file.yaml': 'a:\n  b: app\n', number: '3' } },
				'namespaced',
			);
		case 8:
			return object(
				random,
				'v1',
				'Secret',
				{
					...maybe(random, 0.7, () => ({ data: { k: 'dg==' } })),
					...maybe(random, 0.3, () => ({ stringData: { k: 'v' } })),
				},
				'namespaced',
			);
		case 9:
			return object(
				random,
				'v1',
				'ServiceAccount',
				maybe(random, 0.4, () => ({ secrets: [{ name: name(random) }], imagePullSecrets: [{ name: name(random) }] })),
				'namespaced',
			);
		case 10:
			return random.next() < 0.5 ? role(random) : binding(random);
		case 11:
			return ingress(random);
		case 12:
			return random.next() < 0.5 ? webhook(random) : definition(random);
		case 13:
			return custom(random);
		case 14: {
			const items = [anyObject(random), anyObject(random)];
			return random.next() < 0.5
				? { apiVersion: 'v1', kind: random.of(['List', 'ConfigMapList', 'ThingList']), items }
				: custom(random);
		}
		default:
			return small(random);
	}
}
