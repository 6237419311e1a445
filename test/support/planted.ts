/** A tree full of secrets, for tests that search everything that Strata says for them. */
import { selfSigned } from './certificate';
import { NOW } from './check';

export const PLANTED = [
	'planted-Password-7',
	Buffer.from('planted-Password-7').toString('base64'),
	`AKIA${'PLANTEDKEY123456'}`,
	'planted-ciphertext',
	'planted-token-x9',
	'planted-sops-value',
	'planted-helm-value',
	'planted-env-file',
	'planted-literal',
	'planted-copy',
	Buffer.from('planted-copy').toString('base64'),
];

/** Those that stand in Secrets and in copies of Secrets only: the others are in objects that a preview shows as they are. */
export const PLANTED_IN_SECRETS = [0, 1, 4, 5, 7, 8, 9, 10].map(i => PLANTED[i]!);

/** What `kubectl apply` leaves in an annotation. */
const COPY = JSON.stringify(
	JSON.stringify({
		apiVersion: 'v1',
		data: { password: PLANTED[10] },
		kind: 'Secret',
		metadata: { name: 'copy' },
		stringData: { other: PLANTED[9] },
	}),
);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export const SECRETS = `apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
data: {password: ${PLANTED[1]}, bad: ${PLANTED[4]}, number: 7}
stringData: {other: ${PLANTED[0]}, list: [${PLANTED[0]}]}
typo: ${PLANTED[0]}
---
apiVersion: v1
kind: Secret
metadata:
  name: copy
  namespace: shop
  annotations:
    ${LAST_APPLIED}: ${COPY}
    objectset.rio.cattle.io/applied: ${PLANTED[9]}
data: {}
---
apiVersion: v1
kind: Secret
metadata: {name: sops, namespace: shop}
stringData: {a: ${PLANTED[5]}, b: "ENC[${PLANTED[5]}]"}
sops: {mac: ${PLANTED[5]}, lastmodified: x}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db, namespace: shop}
spec: {encryptedData: {password: ${PLANTED[3]}, long: ${PLANTED[3]!.repeat(10)}}, template: {metadata: {name: other, annotations: {${LAST_APPLIED}: ${COPY}}}}}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db2, namespace: shop}
spec: {encryptedData: {long: ${PLANTED[3]!.repeat(10)}}}
`;

export const WORKLOAD = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, annotations: {aws: ${PLANTED[2]}, copied: ${COPY}}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      containers:
      - name: a
        image: x
        env:
        - {name: X, value: ${PLANTED[2]}}
        - {name: Y, valueFrom: {secretKeyRef: {name: db, key: nope}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
`;

export const POLICIES = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: no-env}
spec:
  rules:
  - name: secrets
    match: {any: [{resources: {kinds: [Secret, Deployment]}}]}
    validate:
      message: "bad value {{ request.object.stringData.other || request.object.metadata.annotations.aws || 'none' }}"
      pattern: {metadata: {labels: {team: "?*"}}}
---
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: cel}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [secrets]}]}
  validations:
  - expression: "object.stringData.other == 'x'"
    messageExpression: "'value is ' + object.stringData.other"
`;

export const TREE = `-- app/kustomization.yaml --
namePrefix: my-
resources: [secrets.yaml, workload.yaml, release.yaml, policies.yaml, broken.yaml]
secretGenerator:
  - name: generated
    literals: [password=${PLANTED[8]}, ${PLANTED[8]}]
    envs: [secret.env]
patches:
  - target: {kind: Secret}
    patch: |-
      - {op: replace, path: /stringData/nowhere/deep, value: ${PLANTED[0]}}
-- app/secret.env --
PASSWORD=${PLANTED[7]}
${PLANTED[7]} with spaces
-- app/broken.yaml --
apiVersion: v1
kind: Secret
metadata: {name: broken}
stringData:
  password: "${PLANTED[0]}
-- app/secrets.yaml --
${SECRETS}-- app/workload.yaml --
${WORKLOAD}-- app/release.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: here, namespace: shop}
spec: {interval: 1m, url: "https://example.com/x.git"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: chart, namespace: shop}
spec:
  interval: 1h
  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: here}}}
  valuesFrom: [{kind: Secret, name: db, valuesKey: other}]
  values: {password: {nested: ${PLANTED[6]}}, typo: ${PLANTED[6]}}
-- chart/Chart.yaml --
apiVersion: v2
name: chart
version: 1.0.0
-- chart/values.yaml --
password: ""
-- chart/values.schema.json --
{"type": "object", "additionalProperties": false, "properties": {"password": {"type": "string", "pattern": "^x"}}}
-- app/policies.yaml --
${POLICIES}-- app/pub-cert.pem --
${selfSigned(0, NOW - 1).certificate}`;

const GENERATOR = /^secretGenerator:\n[^]*?(?=^patches)/m;
/** The tree as a whole, without one after the other of what stops its build, and without all of it, so that what is built is judged too. */
export const TREES = [
	TREE,
	TREE.replace(/literals: .*/, 'literals: []'),
	TREE.replace(GENERATOR, ''),
	TREE.replace(', broken.yaml', '').replace(/^secretGenerator:\n[^]*?(?=^-- )/m, ''),
];

/** What stands around a text where it is; empty where it is nowhere. */
export function around(output: string, planted: string): string {
	const at = output.indexOf(planted);
	return at < 0 ? '' : output.slice(Math.max(0, at - 200), at + planted.length + 50);
}
