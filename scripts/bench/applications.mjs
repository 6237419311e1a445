// The applications of a generated tree: for each kind the files of its base, and those of an overlay for one environment. What
// environments change differs between them, as it should.

/** What the environments of a tree make of an application. `name` may have several parts (`prod/eu1`). */
export const SIZES = {
	local: {
		cpu: '20m',
		memory: '64Mi',
		least: 1,
		most: 2,
		cache: 16,
		domain: 'apps.localtest.me',
		schedule: '0 * * * *',
	},
	staging: {
		cpu: '100m',
		memory: '192Mi',
		least: 2,
		most: 5,
		cache: 128,
		domain: 'stg.example.com',
		schedule: '*/30 * * * *',
	},
	production: {
		cpu: '250m',
		memory: '512Mi',
		least: 4,
		most: 12,
		cache: 512,
		domain: 'example.com',
		schedule: '*/5 * * * *',
	},
	'staging/eu1': {
		cpu: '110m',
		memory: '208Mi',
		least: 2,
		most: 6,
		cache: 144,
		domain: 'stg.eu1.example.com',
		schedule: '*/25 * * * *',
	},
	'prod/eu1': {
		cpu: '260m',
		memory: '528Mi',
		least: 5,
		most: 14,
		cache: 528,
		domain: 'eu1.example.com',
		schedule: '*/6 * * * *',
	},
	'prod/us1': {
		cpu: '280m',
		memory: '560Mi',
		least: 6,
		most: 16,
		cache: 560,
		domain: 'us1.example.com',
		schedule: '*/7 * * * *',
	},
};

const kustomization = body => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${body}`;
const list = entries => entries.map(entry => `  - ${entry}\n`).join('');

/** A name that is its own namespace. */
const namespace = name => `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
`;

const readme = (name, what, rows) => `# ${name}

${what}

| file | content |
| --- | --- |
${rows.map(([file, text]) => `| \`${file}\` | ${text} |`).join('\n')}
`;

/** A web service of one's own: Deployment, Service, Ingress, HorizontalPodAutoscaler, settings, a sealed secret. */
export const web = {
	base(name, random) {
		const port = 8000 + random.below(900);
		const image = `registry.example.com/${name}:1.${random.below(30)}.${random.below(9)}`;
		return {
			'README.md': readme(name, `The web service ${name}.`, [
				['deployment.yaml', 'the Deployment'],
				['ingress.yaml', 'the Ingress, without a host: overlays set it'],
				['settings.env', 'its settings'],
			]),
			'namespace.yaml': namespace(name),
			'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      serviceAccountName: ${name}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: ${name}
          image: ${image}
          args:
            - serve
            - --listen=:${port}
          ports:
            - name: http
              containerPort: ${port}
          env:
            - name: CACHE_MB
              value: "32"
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
          envFrom:
            - configMapRef:
                name: ${name}-settings
            - secretRef:
                name: ${name}-keys
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: ${5 + random.below(10)}
          livenessProbe:
            httpGet:
              path: /alive
              port: http
            periodSeconds: 20
          resources:
            requests:
              cpu: 10m
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: scratch
              mountPath: /tmp
      volumes:
        - name: scratch
          emptyDir: {}
`,
			'service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`,
			'serviceaccount.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
automountServiceAccountToken: false
`,
			'ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: ${1 + random.below(20)}m
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  name: http
`,
			'hpa.yaml': `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  minReplicas: 1
  maxReplicas: 3
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: ${60 + random.below(25)}
`,
			'settings.env': `LOG_FORMAT=json\nREQUEST_TIMEOUT=${5 + random.below(40)}s\nUPLOAD_LIMIT=${1 + random.below(64)}MiB\n`,
			'kustomization.yaml': kustomization(`namespace: ${name}
resources:
${list(['namespace.yaml', 'serviceaccount.yaml', 'deployment.yaml', 'service.yaml', 'ingress.yaml', 'hpa.yaml'])}configMapGenerator:
  - name: ${name}-settings
    envs:
      - settings.env
labels:
  - pairs:
      app.kubernetes.io/part-of: ${name}
`),
		};
	},
	overlay(name, { size, resources, random }) {
		return {
			'patches/deployment-patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${name}
spec:
  template:
    spec:
      containers:
        - name: ${name}
          env:
            - name: CACHE_MB
              value: "${size.cache}"
          resources:
            requests:
              cpu: ${size.cpu}
              memory: ${size.memory}
`,
			'patches/ingress-patch.yaml': `- op: add
  path: /spec/rules/0/host
  value: ${name}.${size.domain}
`,
			'sealed-secrets/actual-keys.yaml': sealed(name, `${name}-keys`, ['SESSION_KEY'], random),
			'kustomization.yaml': kustomization(`resources:
${list([...resources, 'sealed-secrets/actual-keys.yaml'])}configMapGenerator:
  - name: ${name}-settings
    namespace: ${name}
    behavior: merge
    literals:
      - PUBLIC_HOST=${name}.${size.domain}
patches:
  - path: patches/deployment-patch.yaml
  - target:
      kind: Ingress
      name: ${name}
    path: patches/ingress-patch.yaml
  - target:
      kind: HorizontalPodAutoscaler
      name: ${name}
    patch: |-
      - op: replace
        path: /spec/minReplicas
        value: ${size.least}
      - op: replace
        path: /spec/maxReplicas
        value: ${size.most}
`),
		};
	},
};

/** Somebody else's chart: HelmRepository, HelmRelease, and values that come through generated ConfigMaps. */
export const release = {
	base(name, random) {
		return {
			'README.md': readme(
				name,
				`The chart of ${name}. An overlay must generate the ConfigMap \`${name}-values-env\`.`,
				[
					['helm/release.yaml', 'the HelmRelease'],
					['helm/values.yaml', `the shared values, which become the ConfigMap \`${name}-values\``],
				],
			),
			'namespace.yaml': namespace(name),
			'helmrepository.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: ${name}
spec:
  interval: 12h
  url: https://charts.example.com/${name}
`,
			'helm/release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
spec:
  interval: 15m
  chart:
    spec:
      chart: ${name}
      version: ${1 + random.below(9)}.${random.below(30)}.${random.below(12)}
      sourceRef:
        kind: HelmRepository
        name: ${name}
  install:
    remediation:
      retries: 3
  upgrade:
    remediation:
      retries: 3
  valuesFrom:
    - kind: ConfigMap
      name: ${name}-values
      valuesKey: values.yaml
    - kind: ConfigMap
      name: ${name}-values-env
      valuesKey: values.yaml
`,
			'helm/values.yaml': `image:
  repository: registry.example.com/${name}
  pullPolicy: IfNotPresent
controller:
  replicaCount: 1
  resources:
    requests:
      cpu: 10m
      memory: 32Mi
  podAnnotations:
    prometheus.io/port: "${9000 + random.below(500)}"
service:
  type: ClusterIP
  port: 80
ingress:
  enabled: true
  className: nginx
  hosts: []
metrics:
  enabled: true
  serviceMonitor:
    enabled: true
    interval: ${10 + random.below(50)}s
persistence:
  enabled: true
  size: ${1 + random.below(9)}Gi
`,
			'kustomizeconfig.yaml': `nameReference:
  - kind: ConfigMap
    version: v1
    fieldSpecs:
      - kind: HelmRelease
        path: spec/valuesFrom/name
`,
			'kustomization.yaml': kustomization(`namespace: ${name}
resources:
${list(['namespace.yaml', 'helmrepository.yaml', 'helm/release.yaml'])}configMapGenerator:
  - name: ${name}-values
    files:
      - values.yaml=helm/values.yaml
configurations:
  - kustomizeconfig.yaml
`),
		};
	},
	overlay(name, { size, resources }) {
		return {
			'helm/values.yaml': `controller:
  replicaCount: ${size.least + 1}
  resources:
    requests:
      cpu: ${size.cpu}
      memory: ${size.memory}
ingress:
  hosts:
    - host: ${name}.${size.domain}
      paths:
        - path: /
          pathType: Prefix
persistence:
  size: ${size.cache / 16 + 10}Gi
`,
			'patches/helmrelease-patch.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: ${name}
spec:
  interval: ${size.most}m
`,
			'kustomization.yaml': kustomization(`resources:
${list(resources)}configMapGenerator:
  - name: ${name}-values-env
    namespace: ${name}
    files:
      - values.yaml=helm/values.yaml
patches:
  - path: patches/helmrelease-patch.yaml
`),
		};
	},
};

/** Work that runs by the clock, and the disk it keeps its state on. */
export const job = {
	base(name, random) {
		return {
			'README.md': readme(name, `The job ${name}; each overlay says when it runs.`, [
				['cronjob.yaml', 'the CronJob'],
				['claim.yaml', 'the disk with its state'],
			]),
			'namespace.yaml': namespace(name),
			'cronjob.yaml': `apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${name}
spec:
  schedule: "15 ${random.below(24)} * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: ${1 + random.below(5)}
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: ${name}
              image: registry.example.com/${name}:2.${random.below(40)}.0
              args:
                - run
              volumeMounts:
                - name: state
                  mountPath: /state
          volumes:
            - name: state
              persistentVolumeClaim:
                claimName: ${name}
`,
			'claim.yaml': `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}
spec:
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: 1Gi
`,
			'kustomization.yaml': kustomization(`namespace: ${name}
resources:
${list(['namespace.yaml', 'claim.yaml', 'cronjob.yaml'])}labels:
  - pairs:
      app.kubernetes.io/name: ${name}
    includeTemplates: true
`),
		};
	},
	overlay(name, { size, resources }) {
		return {
			'patches/cronjob-patch.yaml': `apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${name}
  namespace: ${name}
spec:
  schedule: "${size.schedule}"
`,
			'patches/claim-patch.yaml': `- op: replace
  path: /spec/resources/requests/storage
  value: ${size.cache}Gi
`,
			'kustomization.yaml': kustomization(`resources:
${list(resources)}images:
  - name: registry.example.com/${name}
    newTag: 2.${size.most + 40}.${size.least}
patches:
  - path: patches/cronjob-patch.yaml
  - target:
      kind: PersistentVolumeClaim
      name: ${name}
    path: patches/claim-patch.yaml
`),
		};
	},
};

/** What applications there are, as often as real trees have them: most are charts. */
export const KINDS = [release, web, release, job, release, web];

/** A SealedSecret that could be one: two bytes of length, as many as an RSA key of 4,096 bits gives, then the sealed text. */
export function sealed(namespace, name, keys, random) {
	const value = () => Buffer.concat([Buffer.from([2, 0]), random.bytes(512 + 16 + 32)]).toString('base64');
	return `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  encryptedData:
${keys.map(key => `    ${key}: ${value()}\n`).join('')}  template:
    metadata:
      name: ${name}
      namespace: ${namespace}
`;
}

/** What to seal, beside a base. */
export const secretTemplate = (namespace, name, keys) => `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: ${namespace}
type: Opaque
stringData:
${keys.map(key => `  ${key}: "<sealed per environment>"\n`).join('')}`;

/** A kustomization that only lists. */
export const listing = resources => kustomization(`resources:\n${list(resources)}`);
