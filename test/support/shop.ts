/** A small tree that many tests of answers start from: a base and two environments, patches of both kinds, values, a sealed secret. */
export const SHOP = `-- base/kustomization.yaml --
resources:
  - deployment.yaml
  - helmrepository.yaml
  - helmrelease.yaml
configMapGenerator:
  - name: api-values
    namespace: shop
    files: [values.yaml=helm/values.yaml]
generatorOptions:
  disableNameSuffixHash: true
-- base/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 1
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: ghcr.io/example/web:1.0.0
          env:
            - name: COLOUR
              value: blue
-- base/helmrepository.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: shop
spec:
  interval: 1h
  url: https://charts.example.com
-- base/helmrelease.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: api
  namespace: shop
spec:
  interval: 1h
  chart:
    spec:
      chart: api
      version: 1.2.3
      sourceRef:
        kind: HelmRepository
        name: charts
  valuesFrom:
    - kind: ConfigMap
      name: api-values
    - kind: ConfigMap
      name: api-values-env
-- base/helm/values.yaml --
replicaCount: 1
ingress:
  enabled: false
  className: nginx
-- base/sealed-secrets/template-api-token.yaml --
apiVersion: v1
kind: Secret
metadata:
  name: api-token
  namespace: shop
stringData:
  token: <sealed per environment>
-- staging/kustomization.yaml --
resources:
  - ../base
configMapGenerator:
  - name: api-values-env
    namespace: shop
    files: [values.yaml=helm/values.yaml]
generatorOptions:
  disableNameSuffixHash: true
patches:
  - path: patches/web-patch.yaml
images:
  - name: ghcr.io/example/web
    newTag: 1.1.0-rc1
-- staging/patches/web-patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: web
          env:
            - name: COLOUR
              value: green
-- staging/helm/values.yaml --
ingress:
  enabled: true
-- production/kustomization.yaml --
resources:
  - ../base
configMapGenerator:
  - name: api-values-env
    namespace: shop
    files: [values.yaml=helm/values.yaml]
generatorOptions:
  disableNameSuffixHash: true
replicas:
  - name: web
    count: 3
patches:
  - target:
      kind: Deployment
      name: web
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/env/0/value
        value: black
-- production/helm/values.yaml --
replicaCount: 2
`;

/** The tree with a text replaced once, or \`$0\` put in. */
export function shop(...edits: readonly (readonly [before: string, after: string])[]): string {
	return edits.reduce((text, [before, after]) => {
		if (!text.includes(before)) throw new Error(`not in the tree: ${before}`);
		return text.replace(before, () => after);
	}, SHOP);
}
