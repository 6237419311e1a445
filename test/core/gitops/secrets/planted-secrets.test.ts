/** Nothing that Strata says holds a secret's value: every text of every problem of this folder and of policies is searched for planted ones. */
import { expect, test } from 'vitest';
import type { Problem } from '../../../../server/src/core/base/problem';
import { Database } from '../../../../server/src/core/base/query';
import { admissionPolicyProblems } from '../../../../server/src/core/gitops/policy/admission-policies';
import { kyvernoProblems } from '../../../../server/src/core/gitops/policy/kyverno-policies';
import { allSteps } from '../../../../server/src/core/base/steps';
import { podSecurityProblems } from '../../../../server/src/core/gitops/policy/pod-security';
import { UNRESTRICTED } from '../../../../server/src/core/gitops/policy/pod-security/levels';
import { credentialProblems, plainSecretProblems } from '../../../../server/src/core/gitops/secrets/plain-secrets';
import { referenceProblems } from '../../../../server/src/core/gitops/secrets/references';
import { repeatedCiphertexts } from '../../../../server/src/core/gitops/secrets/repeated-ciphertext';
import { sealedSecretProblems } from '../../../../server/src/core/gitops/secrets/sealed-secret';
import { missingDecryption, sopsProblems } from '../../../../server/src/core/gitops/secrets/sops';
import { creationRules } from '../../../../server/src/core/gitops/secrets/sops-config';
import { indexResources } from '../../../../server/src/core/kube/resource-index';
import { PLANTED, POLICIES, SECRETS, WORKLOAD } from '../../../support/planted';
import { resourcesOf } from '../../../support/resources';

/** Further objects, for what only this test asks. */
const MORE = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./x}
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: values}
spec:
  rules:
  - name: values
    match: {any: [{resources: {kinds: [Secret]}}]}
    validate:
      message: wrong
      pattern: {stringData: {other: "x*"}}
  - name: annotations
    match: {any: [{resources: {kinds: [Secret]}}]}
    validate:
      message: "copy {{ request.object.metadata.annotations.values(@) || 'none' }}"
      pattern: {metadata: {labels: {team: "?*"}}}
---
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: number}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [secrets]}]}
  validations:
  - expression: "int(object.stringData.other) == 1"
  - expression: "!has(object.metadata.annotations)"
    messageExpression: "object.metadata.annotations['objectset.rio.cattle.io/applied']"
`;
const TREE = [SECRETS, WORKLOAD, POLICIES, MORE].join('---\n');

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
		...allSteps(referenceProblems(new Database(undefined), indexResources(resources, 'whole'))),
		...allSteps(
			podSecurityProblems(resources, { defaults: UNRESTRICTED, exemptNamespaces: [], exemptRuntimeClasses: [] }),
		),
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
