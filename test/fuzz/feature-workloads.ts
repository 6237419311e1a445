/** Made-up workloads, with pods that refer to the other objects in every way that kustomize knows. */
import type { Random } from '../../scripts/bench/random.mjs';
import { IMAGES, LABELS, maybe, name, object, type YamlMap } from './feature-parts';

function container(random: Random, called: string): YamlMap {
	return {
		name: called,
		image: random.of(IMAGES),
		...maybe(random, 0.3, () => ({ args: ['--host', '$(HOST)', `--name=$(${random.of(['NAME', 'PLAIN'])})`] })),
		...maybe(random, 0.5, () => ({
			env: [
				{ name: 'A', value: random.of(['1', '$(HOST)', 'http://app.ns1:80/x']) },
				{ name: 'B', valueFrom: { configMapKeyRef: { name: name(random), key: 'k' } } },
				...(random.next() < 0.5 ? [{ name: 'C', valueFrom: { secretKeyRef: { name: name(random), key: 'k' } } }] : []),
			],
		})),
		...maybe(random, 0.3, () => ({
			envFrom: [{ configMapRef: { name: name(random) } }, { secretRef: { name: name(random), optional: true } }],
		})),
		...maybe(random, 0.4, () => ({
			ports: [
				{ containerPort: 80, name: 'http' },
				{ containerPort: 53, protocol: random.of(['UDP', 'TCP']) },
			],
		})),
		...maybe(random, 0.2, () => ({ resources: { limits: { cpu: '1', memory: '1Gi' } } })),
		...maybe(random, 0.2, () => ({
			volumeMounts: [
				{ name: 'v', mountPath: '/v' },
				{ name: 'w', mountPath: '/w' },
			],
		})),
	};
}

export function podSpec(random: Random): YamlMap {
	return {
		...maybe(random, 0.3, () => ({ serviceAccountName: name(random) })),
		...maybe(random, 0.15, () => ({ initContainers: [container(random, 'init')] })),
		containers: [container(random, 'main'), ...(random.next() < 0.4 ? [container(random, 'side')] : [])],
		...maybe(random, 0.4, () => ({
			volumes: [
				random.of<YamlMap>([
					{ name: 'v', configMap: { name: name(random) } },
					{ name: 'v', secret: { secretName: name(random) } },
					{ name: 'v', persistentVolumeClaim: { claimName: name(random) } },
					{
						name: 'v',
						projected: { sources: [{ configMap: { name: name(random) } }, { secret: { name: name(random) } }] },
					},
				]),
				{ name: 'w', emptyDir: {} },
			],
		})),
		...maybe(random, 0.15, () => ({ imagePullSecrets: [{ name: name(random) }] })),
		...maybe(random, 0.1, () => ({ priorityClassName: name(random) })),
		...maybe(random, 0.15, () => ({
			affinity: {
				podAntiAffinity: {
					requiredDuringSchedulingIgnoredDuringExecution: [
						{ labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'zone' },
					],
					preferredDuringSchedulingIgnoredDuringExecution: [
						{ weight: 1, podAffinityTerm: { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'zone' } },
					],
				},
			},
		})),
		...maybe(random, 0.1, () => ({
			topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', labelSelector: { matchLabels: { app: 'a' } } }],
		})),
	};
}

function template(random: Random): YamlMap {
	return {
		...maybe(random, 0.7, () => ({ metadata: maybe(random, 0.9, () => ({ labels: random.of(LABELS) })) })),
		spec: podSpec(random),
	};
}

export function selected(random: Random): YamlMap {
	return maybe(random, 0.7, () => ({
		selector:
			random.next() < 0.8
				? { matchLabels: random.of(LABELS) }
				: { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
	}));
}

export function workload(random: Random): YamlMap {
	const apiVersion = random.of(['apps/v1', 'apps/v1', 'apps/v1', 'extensions/v1beta1']);
	const kind = random.of(['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);
	return object(
		random,
		apiVersion,
		kind,
		{
			spec: {
				...maybe(random, 0.6, () => ({ replicas: 1 + random.below(3) })),
				...selected(random),
				template: template(random),
				...(kind === 'StatefulSet'
					? {
							serviceName: name(random),
							...maybe(random, 0.6, () => ({
								volumeClaimTemplates: [
									{
										metadata: { name: 'data', ...maybe(random, 0.5, () => ({ labels: { app: 'a' } })) },
										spec: { storageClassName: name(random) },
									},
								],
							})),
						}
					: {}),
			},
		},
		'namespaced',
	);
}

export function job(random: Random): YamlMap {
	return object(random, 'batch/v1', 'Job', { spec: { ...selected(random), template: template(random) } }, 'namespaced');
}

export function cronJob(random: Random): YamlMap {
	const body = {
		spec: {
			schedule: '* * * * *',
			jobTemplate: {
				...maybe(random, 0.3, () => ({ metadata: { labels: { app: 'a' } } })),
				spec: { ...maybe(random, 0.2, () => selected(random)), template: template(random) },
			},
		},
	};
	return object(random, random.of(['batch/v1', 'batch/v1beta1']), 'CronJob', body, 'namespaced');
}
