/** Nothing that Strata says holds a secret's value: every text of every problem of this folder and of policies is searched for planted ones. */
import { expect, test } from 'vitest';
import type { Problem } from '../../../../server/src/core/base/problem';
import { admissionPolicyProblems } from '../../../../server/src/core/gitops/policy/admission-policies';
import { kyvernoProblems } from '../../../../server/src/core/gitops/policy/kyverno-policies';
import { podSecurityProblems } from '../../../../server/src/core/gitops/policy/pod-security';
import { UNRESTRICTED } from '../../../../server/src/core/gitops/policy/pod-security/levels';
import { credentialProblems, plainSecretProblems } from '../../../../server/src/core/gitops/secrets/plain-secrets';
import { referenceProblems } from '../../../../server/src/core/gitops/secrets/references';
import { repeatedCiphertexts } from '../../../../server/src/core/gitops/secrets/repeated-ciphertext';
import { sealedSecretProblems } from '../../../../server/src/core/gitops/secrets/sealed-secret';
import { missingDecryption, sopsProblems } from '../../../../server/src/core/gitops/secrets/sops';
import { creationRules } from '../../../../server/src/core/gitops/secrets/sops-config';
import { indexResources } from '../../../../server/src/core/kube/resource-index';
import { resourcesOf } from '../../../support/resources';

const PLANTED = [
	'planted-Password-7',
	'cGxhbnRlZC1QYXNzd29yZC03',
	`AKIA${'PLANTEDKEY123456'}`,
	'planted-ciphertext',
	'planted-token-x9',
];

const TREE = `apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
data: {password: ${PLANTED[1]}}
stringData: {other: ${PLANTED[0]}, missing-key: ${PLANTED[4]}}
---
apiVersion: v1
kind: Secret
metadata: {name: sops, namespace: shop}
stringData: {a: ${PLANTED[0]}, b: "ENC[${PLANTED[3]}]"}
sops: {mac: ${PLANTED[3]}, lastmodified: x}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db, namespace: shop}
spec: {encryptedData: {password: ${PLANTED[3]}, long: ${PLANTED[3]!.repeat(10)}}, template: {metadata: {name: other}}}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db2, namespace: shop}
spec: {encryptedData: {long: ${PLANTED[3]!.repeat(10)}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, annotations: {aws: ${PLANTED[2]}}}
spec:
  template:
    spec:
      hostPID: true
      containers:
      - name: a
        env:
        - {name: X, value: ${PLANTED[2]}}
        - {name: Y, valueFrom: {secretKeyRef: {name: db, key: nope}}}
        - {name: Z, valueFrom: {secretKeyRef: {name: nope, key: nope}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./x}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: no-env}
spec:
  rules:
  - name: secrets
    match: {any: [{resources: {kinds: [Secret, Deployment]}}]}
    validate:
      message: "bad value {{ request.object.stringData.other || request.object.metadata.annotations.aws || 'none' }}"
      pattern: {metadata: {labels: {team: "?*"}}}
  - name: values
    match: {any: [{resources: {kinds: [Secret]}}]}
    validate:
      message: wrong
      pattern: {stringData: {other: "x*"}}
---
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: cel}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [secrets]}]}
  validations:
  - expression: "object.stringData.other == 'x'"
    messageExpression: "'value is ' + object.stringData.other"
  - expression: "int(object.stringData.other) == 1"
`;

test('no problem repeats a secret', () => {
	const resources = resourcesOf(TREE);
	const [rule] = creationRules(
		resourcesOf('creation_rules: [{encrypted_regex: ^(data|stringData)$, age: age1x}]')[0]!.node,
	);
	const problems: readonly Problem[] = [
		...sealedSecretProblems(resources, { certificates: [] }),
		...repeatedCiphertexts([{ name: '', resources }]),
		...plainSecretProblems(resources),
		...resources.flatMap(({ node }) => credentialProblems(node)),
		...resources.flatMap(({ node }) => sopsProblems('/repo/x.yaml', node, { rule })),
		...missingDecryption(
			resources.find(({ id }) => id.kind === 'Kustomization')!,
			resources,
		),
		...referenceProblems(indexResources(resources, 'whole')),
		...podSecurityProblems(resources, { defaults: UNRESTRICTED, exemptNamespaces: [], exemptRuntimeClasses: [] }),
		...kyvernoProblems(resources, { known: {} }),
		...admissionPolicyProblems(resources),
	];
	const areas = new Set(problems.map(({ code }) => code));
	for (const code of [
		'secret/plain-text',
		'secret/credential',
		'sops/plain-value',
		'sealed-secret/not-base64',
		'reference/missing-key',
		'policy/pod-security',
		'policy/kyverno',
		'policy/validating-policy',
	])
		expect(areas).toContain(code);
	for (const problem of problems) {
		const said = JSON.stringify(problem);
		for (const planted of PLANTED) expect(said, problem.code).not.toContain(planted);
	}
});
