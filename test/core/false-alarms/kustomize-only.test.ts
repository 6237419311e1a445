/** Repositories without Flux: kustomize alone, with what it has had over the years. */
import { expect, test } from 'vitest';
import { said } from './said';

const deployment = (name: string) => `apiVersion: apps/v1
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
          image: registry.example.com/${name}:1.0.0
          envFrom:
            - configMapRef:
                name: ${name}-config
            - secretRef:
                name: ${name}-credentials
          ports:
            - containerPort: 8080
`;

const service = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - port: 80
      targetPort: 8080
`;

test('overlays beside base, with labels, images, replicas, generators, replacements and components', () => {
	const overlay = (env: string, n: number) => `-- web/overlays/${env}/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: web-${env}
namePrefix: ${env}-
commonLabels:
  environment: ${env}
resources:
  - ../../base
components:
  - ../../components/metrics
images:
  - name: registry.example.com/web
    newTag: 1.${n}.0
replicas:
  - name: web
    count: ${n}
configMapGenerator:
  - name: web-config
    behavior: merge
    literals:
      - LOG_LEVEL=${env === 'prod' ? 'warn' : 'debug'}
secretGenerator:
  - name: web-credentials
    envs:
      - credentials.env
    options:
      disableNameSuffixHash: true
replacements:
  - source:
      kind: Service
      name: web
      fieldPath: metadata.name
    targets:
      - select:
          kind: Ingress
        fieldPaths:
          - spec.rules.0.http.paths.0.backend.service.name
patches:
  - target:
      kind: Ingress
      name: web
    patch: |-
      - op: replace
        path: /spec/rules/0/host
        value: web.${env}.example.com
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - name: web
                resources:
                  limits:
                    memory: ${n * 128}Mi
-- web/overlays/${env}/.gitignore --
credentials.env
-- web/overlays/${env}/credentials.env --
PASSWORD=changeme
`;
	expect(
		said(`-- web/base/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - service.yaml
  - ingress.yaml
configMapGenerator:
  - name: web-config
    literals:
      - LOG_FORMAT=json
-- web/base/deployment.yaml --
${deployment('web')}-- web/base/service.yaml --
${service('web')}-- web/base/ingress.yaml --
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  number: 80
-- web/components/metrics/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target:
      kind: Deployment
    patch: |-
      - op: add
        path: /spec/template/metadata/annotations
        value:
          prometheus.io/scrape: "true"
${overlay('dev', 2)}${overlay('prod', 4)}`).filter(
			each => !each.includes('deprecated-field') && !each.includes('secret/'),
		),
	).toEqual([]);
});

test('old spellings, vars, configurations, and charts that only helm can inflate', () => {
	expect(
		said(`-- kustomization.yaml --
namespace: shop
bases:
  - ./base
patchesStrategicMerge:
  - patch.yaml
patchesJson6902:
  - target:
      group: apps
      version: v1
      kind: Deployment
      name: web
    path: json-patch.yaml
commonAnnotations:
  team: shop
configurations:
  - name-reference.yaml
vars:
  - name: WEB_SERVICE
    objref:
      kind: Service
      name: web
      apiVersion: v1
helmCharts:
  - name: redis
    repo: https://charts.bitnami.com/bitnami
    version: 18.1.0
    releaseName: redis
    valuesInline:
      auth:
        enabled: false
-- name-reference.yaml --
nameReference:
  - kind: ConfigMap
    fieldSpecs:
      - kind: Widget
        path: spec/config
-- patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          args: [--upstream, $(WEB_SERVICE)]
-- json-patch.yaml --
- op: replace
  path: /spec/replicas
  value: 3
-- base/kustomization.yaml --
resources:
  - deployment.yaml
  - service.yaml
configMapGenerator:
  - name: web-config
    files:
      - application.properties
-- base/application.properties --
a=b
-- base/deployment.yaml --
${deployment('web')}-- base/service.yaml --
${service('web')}`),
	).toEqual([17, 2, 4, 6].map(line => `kustomization.yaml:${line} warning kustomize/deprecated-field`));
});

test('remote bases by URL, and a tree with nothing of its own', () => {
	expect(
		said(`-- kustomization.yaml --
resources:
  - https://github.com/cert-manager/cert-manager/releases/download/v1.15.0/cert-manager.yaml
  - github.com/org/repo//deploy/base?ref=v1.2.3
  - https://raw.githubusercontent.com/org/repo/main/crds.yaml
  - git@github.com:org/private.git//manifests
components:
  - https://github.com/org/components//tls?ref=main
patches:
  - target:
      kind: Deployment
      name: cert-manager
    patch: |-
      - op: add
        path: /spec/template/spec/priorityClassName
        value: system-cluster-critical
  - path: patch.yaml
-- patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cert-manager-webhook
  namespace: cert-manager
spec:
  replicas: 2
`),
	).toEqual([]);
});

test('one base under environments of two parts, and a base that is an overlay itself', () => {
	expect(
		said(
			['snd/03', 'snd/04', 'prd/01']
				.map(
					(env, i) => `-- apps/web/${env}/kustomization.yaml --
resources:
  - ../base
patches:
  - path: replicas.yaml
-- apps/web/${env}/replicas.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${i + 2}
`,
				)
				.concat(
					['snd', 'prd'].map(
						(env, i) => `-- apps/web/${env}/base/kustomization.yaml --
namespace: web
resources:
  - ../../base
images:
  - name: registry.example.com/web
    newTag: 2.${i}.0
`,
					),
				)
				.join('') +
				`-- apps/web/base/kustomization.yaml --
resources: [deployment.yaml, service.yaml]
-- apps/web/base/deployment.yaml --
${deployment('web').replace(/ {10}envFrom:\n(?: {12}.*\n)+/, '')}-- apps/web/base/service.yaml --
${service('web')}`,
		),
	).toEqual([]);
});

test('no GitOps tree at all', () => {
	expect(
		said(`-- package.json --
{ "name": "app" }
-- k8s/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {}
-- openapi.yaml --
openapi: 3.0.0
-- ansible/site.yml --
- hosts: all
  tasks:
    - template: { src: "{{ x }}" }
-- .gitlab-ci.yml --
include: !reference [a, b]
`),
	).toEqual([]);
});
