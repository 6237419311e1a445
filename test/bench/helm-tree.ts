/** A Flux repository with many HelmReleases: each in a base, and in five environments with a values file and a patch of its own. */

export const ENVIRONMENTS = ['local', 'integration', 'staging', 'preview', 'production'] as const;

/** The base file of a release, whose values every environment builds on. */
export function releaseFile(index: number): string {
	return `apps/base/${nameOf(index)}/helmrelease.yaml`;
}

/** The values file of a release's base. */
export function valuesFile(index: number): string {
	return `apps/base/${nameOf(index)}/values.yaml`;
}

/** The files of a repository with so many releases in each of the five environments. */
export function helmTree(releases: number): Map<string, string> {
	const files = new Map<string, string>([
		['charts/service/Chart.yaml', 'apiVersion: v2\nname: service\nversion: 1.2.0\n'],
		['charts/service/values.yaml', chartValues()],
		['charts/service/values.schema.json', JSON.stringify(chartSchema(), undefined, 2)],
		['apps/base/name-reference.yaml', NAME_REFERENCE],
	]);
	const names = Array.from({ length: releases }, (_, index) => nameOf(index));
	for (const [index, name] of names.entries()) {
		files.set(`apps/base/${name}/kustomization.yaml`, baseKustomization(name));
		files.set(releaseFile(index), release(name, index));
		files.set(valuesFile(index), baseValues(name, index));
	}
	for (const [size, environment] of ENVIRONMENTS.entries()) {
		files.set(`clusters/${environment}/flux-system/gotk-sync.yaml`, sync(environment));
		files.set(`clusters/${environment}/apps.yaml`, apps(environment));
		files.set(
			`apps/${environment}/kustomization.yaml`,
			`apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${names.map(name => `  - ${name}\n`).join('')}`,
		);
		for (const name of names) {
			files.set(`apps/${environment}/${name}/kustomization.yaml`, overlay(name));
			files.set(`apps/${environment}/${name}/values.yaml`, overlayValues(name, environment, size));
			files.set(`apps/${environment}/${name}/release-patch.yaml`, patch(name, size));
		}
	}
	return files;
}

function nameOf(index: number): string {
	return `service-${String(index).padStart(3, '0')}`;
}

const SECTIONS = ['server', 'worker', 'scheduler', 'cache', 'metrics', 'ingress', 'queue', 'storage'];

/** Some 200 lines, as a chart of middle size has them. */
function chartValues(): string {
	const section = (name: string) => `# Settings of the ${name}.
${name}:
  # -- Whether it runs.
  enabled: true
  # -- How many run side by side.
  replicas: 1
  image:
    repository: registry.example.com/${name}
    tag: "1.0.0"
    pullPolicy: IfNotPresent
  resources:
    requests:
      cpu: 50m
      memory: 64Mi
    limits: {}
  podAnnotations: {}
  nodeSelector: {}
  tolerations: []
  affinity: {}
  env: {}
`;
	return `hostname: ""\nlogLevel: info\n${SECTIONS.map(section).join('')}`;
}

function chartSchema(): object {
	const image = {
		type: 'object',
		properties: {
			repository: { type: 'string' },
			tag: { type: 'string' },
			pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
		},
		additionalProperties: false,
	};
	const section = {
		type: 'object',
		properties: {
			enabled: { type: 'boolean' },
			replicas: { type: 'integer', minimum: 0 },
			image: { $ref: '#/$defs/image' },
			resources: { type: 'object' },
			env: { type: 'object', additionalProperties: { type: 'string' } },
		},
	};
	return {
		$schema: 'http://json-schema.org/draft-07/schema#',
		type: 'object',
		properties: {
			hostname: { type: 'string' },
			logLevel: { enum: ['debug', 'info', 'warning', 'error'] },
			...Object.fromEntries(SECTIONS.map(name => [name, section])),
		},
		$defs: { image },
	};
}

function baseKustomization(name: string): string {
	return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: apps
resources:
  - helmrelease.yaml
configMapGenerator:
  - name: ${name}-values
    files:
      - values.yaml
configurations:
  - ../name-reference.yaml
`;
}

const NAME_REFERENCE = `nameReference:
  - kind: ConfigMap
    version: v1
    fieldSpecs:
      - path: spec/valuesFrom/name
        kind: HelmRelease
`;

function release(name: string, index: number): string {
	return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: apps
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/service
      sourceRef:
        kind: GitRepository
        name: flux-system
        namespace: flux-system
  valuesFrom:
    - kind: ConfigMap
      name: ${name}-values
  values:
    logLevel: info
    server:
      replicas: ${1 + (index % 3)}
`;
}

function baseValues(name: string, index: number): string {
	return `hostname: ${name}.\${domain}
${SECTIONS.map(section => `${section}:\n  replicas: ${1 + (index % 4)}\n  env:\n    NAME: ${name}-${section}\n    TIMEOUT: "30"\n`).join('')}`;
}

function overlay(name: string): string {
	return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: apps
resources:
  - ../../base/${name}
configMapGenerator:
  - name: ${name}-environment
    files:
      - values.yaml
configurations:
  - ../../base/name-reference.yaml
patches:
  - path: release-patch.yaml
`;
}

/** Nothing in it is what the base says, or what another environment says too. */
function overlayValues(name: string, environment: string, size: number): string {
	return `worker:\n  replicas: ${10 + size}\n  env:\n    ENVIRONMENT: ${environment}\n    SERVICE: ${name}-${environment}\n`;
}

function patch(name: string, size: number): string {
	return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: apps
spec:
  valuesFrom:
    - kind: ConfigMap
      name: ${name}-values
    - kind: ConfigMap
      name: ${name}-environment
  values:
    cache:
      replicas: ${20 + size}
`;
}

function sync(environment: string): string {
	return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: https://git.example.com/fleet
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  path: ./clusters/${environment}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
`;
}

function apps(environment: string): string {
	return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  path: ./apps/${environment}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      domain: ${environment}.example.com
`;
}
