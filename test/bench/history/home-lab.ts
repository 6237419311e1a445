/**
 * Two more layouts, as many public repositories have them: a home lab (`kubernetes/apps/<namespace>/<app>/{ks.yaml,app}`, anchors,
 * shared components, variables), and a fleet whose clusters list no kustomization at their own paths.
 */
import type { Random } from '../../../scripts/bench/random.mjs';

const APPS: Readonly<Record<string, readonly string[]>> = {
	media: ['jellyfin', 'sonarr', 'radarr', 'prowlarr'],
	network: ['ingress-nginx', 'external-dns', 'cloudflared'],
	observability: ['grafana', 'gatus', 'loki'],
	default: ['homepage', 'paperless', 'atuin'],
};

/** One cluster, a Flux Kustomization for each application, which waits for others and takes the cluster's variables. */
export function homeLab(random: Random): Map<string, string> {
	const out = new Map<string, string>([
		['kubernetes/flux/flux-system/gotk-sync.yaml', gotkSync('./kubernetes/flux/cluster')],
		['kubernetes/flux/flux-system/kustomization.yaml', listing(['gotk-sync.yaml'])],
		['kubernetes/flux/cluster/ks.yaml', CLUSTER_APPS],
		['kubernetes/flux/cluster/settings.yaml', SETTINGS],
		['kubernetes/components/common/kustomization.yaml', component('resources:\n  - ./namespace.yaml\n')],
		['kubernetes/components/common/namespace.yaml', COMMON_NAMESPACE],
		['kubernetes/components/volsync/kustomization.yaml', component('resources:\n  - ./claim.yaml\n')],
		['kubernetes/components/volsync/claim.yaml', CLAIM],
		['Taskfile.yaml', 'version: "3"\ntasks:\n  apply:\n    cmds:\n      - flux reconcile ks {{.KS}}\n'],
		['.github/renovate.json5', '{ extends: ["config:recommended"] }\n'],
	]);
	let before: string | undefined;
	for (const [namespace, names] of Object.entries(APPS)) {
		const directory = `kubernetes/apps/${namespace}`;
		out.set(
			`${directory}/kustomization.yaml`,
			`---\n# yaml-language-server: $schema=https://json.schemastore.org/kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: ${namespace}\ncomponents:\n  - ../../components/common\nresources:\n${names.map(name => `  - ./${name}/ks.yaml\n`).join('')}`,
		);
		for (const name of names) {
			const stateful = random.below(2) === 0;
			out.set(`${directory}/${name}/ks.yaml`, appKustomization(namespace, name, before, stateful));
			out.set(
				`${directory}/${name}/app/kustomization.yaml`,
				listing(['./helmrelease.yaml', './ocirepository.yaml', './dashboard.yaml']),
			);
			out.set(`${directory}/${name}/app/ocirepository.yaml`, ociRepository(name, random));
			out.set(`${directory}/${name}/app/helmrelease.yaml`, appTemplate(name, random));
			out.set(`${directory}/${name}/app/dashboard.yaml`, dashboard(name));
			before = name;
		}
	}
	return out;
}

/** `clusters/<name>/*.yaml` without any kustomization file, over `infrastructure` and `tenants` with patches and variables. */
export function fleet(random: Random): Map<string, string> {
	const out = new Map<string, string>();
	const services = ['billing', 'orders', 'stock', 'mailer'];
	for (const cluster of ['fra-1', 'nyc-2']) {
		out.set(
			`clusters/${cluster}/flux-system/gotk-sync.yaml`,
			gotkSync(`./clusters/${cluster}`, `  postBuild:\n    substitute:\n      CLUSTER: ${cluster}\n`),
		);
		out.set(`clusters/${cluster}/flux-system/kustomization.yaml`, listing(['gotk-sync.yaml']));
		out.set(
			`clusters/${cluster}/vars.yaml`,
			configMap('cluster-vars', 'flux-system', { REGION: cluster.slice(0, 3), DOMAIN: `${cluster}.example.com` }),
		);
		out.set(
			`clusters/${cluster}/infrastructure.yaml`,
			fluxObject('infrastructure', './infrastructure/configs', `  postBuild:\n${FROM_VARS}`),
		);
		for (const service of services) {
			out.set(
				`clusters/${cluster}/${service}.yaml`,
				fluxObject(
					service,
					// Half of the paths come from what the cluster is told to be called.
					services.indexOf(service) % 2 === 0
						? `./services/${service}/\${CLUSTER}`
						: `./services/${service}/${cluster}`,
					`  dependsOn:\n    - name: infrastructure\n  postBuild:\n    substitute:\n      SERVICE: ${service}\n${FROM_VARS}`,
				),
			);
		}
	}
	out.set('infrastructure/configs/issuer.yaml', configMap('issuer', 'infra', { domain: '${DOMAIN}', zone: 'a' }));
	out.set(
		'infrastructure/configs/quotas.yaml',
		configMap('quotas', 'infra', { region: '${REGION}', burst: '${BURST:=2}' }),
	);
	out.set(
		'components/monitored/kustomization.yaml',
		component('patches:\n  - target:\n      kind: Service\n    path: label.yaml\n'),
	);
	out.set(
		'components/monitored/label.yaml',
		'apiVersion: v1\nkind: Service\nmetadata:\n  name: any\n  labels:\n    monitored: "true"\n',
	);
	for (const service of services) {
		const base = `services/${service}/base`;
		const port = 8000 + random.below(900);
		out.set(`${base}/kustomization.yaml`, listing(['deployment.yaml', 'service.yaml']));
		out.set(`${base}/deployment.yaml`, deployment(service, port, random));
		out.set(`${base}/service.yaml`, serviceOf(service, port));
		for (const cluster of ['fra-1', 'nyc-2']) {
			const overlay = `services/${service}/${cluster}`;
			out.set(
				`${overlay}/kustomization.yaml`,
				`apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: ${service}\nresources:\n  - ../base\n  - ingress.yaml\ncomponents:\n  - ../../../components/monitored\nconfigMapGenerator:\n  - name: ${service}-settings\n    envs:\n      - settings.env\npatches:\n  - path: patches/replicas.yaml\n  - target:\n      kind: Deployment\n      name: ${service}\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/imagePullPolicy\n        value: Always\n`,
			);
			out.set(`${overlay}/settings.env`, `CACHE=${64 + random.below(400)}\nLOG=json\n`);
			out.set(
				`${overlay}/patches/replicas.yaml`,
				`apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${service}\nspec:\n  replicas: ${2 + random.below(7)}\n`,
			);
			out.set(`${overlay}/ingress.yaml`, ingress(service));
		}
	}
	return out;
}

const FROM_VARS = '    substituteFrom:\n      - kind: ConfigMap\n        name: cluster-vars\n';

const CLUSTER_APPS = `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: cluster-apps
  namespace: flux-system
spec:
  interval: 1h
  path: ./kubernetes/apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
  patches:
    - # Every Kustomization retries soon, and patches the releases that it brings
      patch: |-
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: not-used
        spec:
          retryInterval: 2m
          patches:
            - patch: |-
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata:
                  name: not-used
                spec:
                  install:
                    crds: CreateReplace
              target:
                group: helm.toolkit.fluxcd.io
                kind: HelmRelease
      target:
        group: kustomize.toolkit.fluxcd.io
        kind: Kustomization
`;

const SETTINGS = `apiVersion: v1
kind: ConfigMap
metadata:
  name: cluster-settings
  namespace: flux-system
data:
  TIMEZONE: Europe/Vienna
  DOMAIN: home.example.com
`;

const COMMON_NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: not-used
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
`;

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: "\${APP}"
spec:
  accessModes: ["\${VOLSYNC_MODE:=ReadWriteOnce}"]
  resources:
    requests:
      storage: "\${VOLSYNC_CAPACITY:=5Gi}"
`;

function appKustomization(namespace: string, name: string, before: string | undefined, stateful: boolean): string {
	return `---
# yaml-language-server: $schema=https://example.com/kustomization-kustomize-v1.json
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: &app ${name}
  namespace: &namespace ${namespace}
spec:
  commonMetadata:
    labels:
      app.kubernetes.io/name: *app
${stateful ? '  components:\n    - ../../../../components/volsync\n' : ''}${before === undefined ? '' : `  dependsOn:\n    - name: ${before}\n      namespace: ${namespaceOf(before)}\n`}  interval: 1h
  path: ./kubernetes/apps/${namespace}/${name}/app
  postBuild:
    substitute:
      APP: *app
      TIMEZONE: Europe/Vienna
      VOLSYNC_CAPACITY: 10Gi
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  targetNamespace: *namespace
  timeout: 5m
  wait: false
`;
}

function namespaceOf(app: string): string {
	return Object.entries(APPS).find(([, names]) => names.includes(app))?.[0] ?? 'default';
}

function ociRepository(name: string, random: Random): string {
	return `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: ${name}
spec:
  interval: 15m
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
  ref:
    tag: 3.${random.below(9)}.${random.below(9)}
  url: oci://ghcr.io/bjw-s-labs/helm/app-template
`;
}

function appTemplate(name: string, random: Random): string {
	return `---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: &app ${name}
spec:
  chartRef:
    kind: OCIRepository
    name: ${name}
  interval: 1h
  values:
    controllers:
      ${name}:
        containers:
          app:
            image:
              repository: ghcr.io/example/${name}
              tag: 1.${random.below(30)}.${random.below(9)}
            env:
              TZ: \${TIMEZONE}
            resources:
              requests:
                cpu: ${10 + random.below(90)}m
    service:
      app:
        ports:
          http:
            port: &port ${8000 + random.below(900)}
    route:
      app:
        hostnames: ["{{ .Release.Name }}.home.example.com"]
        rules:
          - backendRefs:
              - identifier: app
                port: *port
`;
}

const dashboard = (name: string) =>
	configMap(`${name}-dashboard`, undefined, { 'dashboard.json': '{}', app: '${APP}' });

function configMap(name: string, namespace: string | undefined, data: Readonly<Record<string, string>>): string {
	const entries = Object.entries(data).map(([key, value]) => `  ${key}: "${value}"\n`);
	return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}data:\n${entries.join('')}`;
}

function deployment(name: string, port: number, random: Random): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: ${name}
          image: registry.example.com/${name}:2.${random.below(40)}.0
          imagePullPolicy: IfNotPresent
          ports:
            - name: http
              containerPort: ${port}
          envFrom:
            - configMapRef:
                name: ${name}-settings
`;
}

const serviceOf = (name: string, port: number) =>
	`apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - name: http\n      port: 80\n      targetPort: ${port}\n`;

const ingress = (name: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
spec:
  rules:
    - host: \${SERVICE}.\${DOMAIN}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  name: http
`;

function listing(resources: readonly string[]): string {
	return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${resources.map(each => `  - ${each}\n`).join('')}`;
}

const component = (body: string) => `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${body}`;

function fluxObject(name: string, path: string, extra: string): string {
	return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 30m
  path: ${path}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
${extra}`;
}

function gotkSync(path: string, extra = ''): string {
	return `# This manifest was generated by flux. DO NOT EDIT.
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  ref:
    branch: main
  url: ssh://git@example.com/org/fleet
---
${fluxObject('flux-system', path, extra)}`;
}
