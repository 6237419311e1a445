/** A fault that a shared file has in one place only is told there, so that nobody takes the others for broken. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const CONFIG = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: shop\n`;

const COMPONENT = `-- component/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - path: patch.yaml
-- component/patch.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  level: "1"
`;

const user = (directory: string, name: string) => `-- ${directory}/kustomization.yaml --
resources:
  - config.yaml
components:
  - ../component
-- ${directory}/config.yaml --
${CONFIG(name)}`;

test('a patch of a shared component that finds nothing in one of its users', () => {
	const found = diagnostics(analyse(COMPONENT + user('one', 'settings') + user('two', 'other')));
	expect(found).toEqual(['two/kustomization.yaml:4 kustomize/patch-without-match "../component"']);
});

test('a patch that finds nothing in any of them stands where it is', () => {
	const found = diagnostics(analyse(COMPONENT + user('one', 'another') + user('two', 'other')));
	expect(found).toEqual(['component/patch.yaml:4 kustomize/patch-without-match "settings"']);
});

const flux = (name: string, substitute: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  interval: 1h
  prune: true
  path: ./shared
  postBuild:
    substitute: ${substitute}
  sourceRef: { kind: GitRepository, name: flux-system }
`;

const SHARED = `-- shared/config.yaml --
${CONFIG('settings')}data:
  region: \${REGION}
`;

test('a variable that one of two clusters does not set', () => {
	const found = diagnostics(
		analyse(`${SHARED}-- clusters/a/shared.yaml --
${flux('shared', '{ REGION: eu }')}-- clusters/b/shared.yaml --
${flux('shared', '{ ZONE: us }')}`),
	);
	expect(found).toEqual(['clusters/b/shared.yaml:8 flux/variable-not-set "postBuild"']);
});

test('a variable that nobody sets', () => {
	const found = diagnostics(analyse(`${SHARED}-- clusters/a/shared.yaml --\n${flux('shared', '{ ZONE: eu }')}`));
	expect(found).toEqual(['shared/config.yaml:7 flux/variable-not-set "${REGION}"']);
});

test('a variable in a file that a generator takes stands at its line, and in a block of text, too', () => {
	const found = diagnostics(
		analyse(`${SHARED}-- clusters/a/shared.yaml --
${flux('shared', '{ REGION: eu }')}-- shared/kustomization.yaml --
configMapGenerator: [{ name: files, files: [run.sh] }]
resources: [config.yaml, block.yaml]
-- shared/run.sh --
set -e
echo \${ONE}
-- shared/block.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: block }
data:
  run.sh: |
    set -e
    echo \${TWO}
`),
	);
	expect(found).toEqual([
		'shared/block.yaml:7 flux/variable-not-set "${TWO}"',
		'shared/run.sh:2 flux/variable-not-set "${ONE}"',
	]);
});

test('what a patch says wrongly of many objects is told once', () => {
	const found = diagnostics(
		analyse(`-- kustomization.yaml --
resources: [configs.yaml]
patches:
  - target: { kind: ConfigMap }
    path: patch.yaml
-- configs.yaml --
${CONFIG('one')}---
${CONFIG('two')}-- patch.yaml --
- op: add
  path: /data
  value: { level: 1 }
`),
	);
	expect(found).toEqual(['patch.yaml:3 schema/wrong-type "1"']);
});

test('a file that a base and an overlay of another environment list is no copy', () => {
	const found = diagnostics(
		analyse(`-- roles.yaml --
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: team, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
subjects: [{ kind: Group, name: team, apiGroup: rbac.authorization.k8s.io }]
-- live/base/kustomization.yaml --
resources: [../../base, ../../roles.yaml]
-- live/one/kustomization.yaml --
resources: [../base]
-- live/two/kustomization.yaml --
resources: [../base]
-- test/base/kustomization.yaml --
resources: [../../base, ../../roles.yaml]
-- test/one/kustomization.yaml --
resources: [../base]
-- base/kustomization.yaml --
resources: [config.yaml]
-- base/config.yaml --
${CONFIG('settings')}`),
	);
	expect(found).toEqual([]);
});

test('a text that a variable makes a number of is told where the variable is asked for', () => {
	const found = diagnostics(
		analyse(`-- clusters/one/flux.yaml --
${flux('one', '{ NUMBER: "00" }')}-- shared/config.yaml --
${CONFIG('settings')}data:
  number: "\${NUMBER}"
`),
	);
	expect(found).toEqual(['shared/config.yaml:7 schema/wrong-type "\\"${NUMBER}\\""']);
});

test('a plain secret in a base is an error where others are kept safe, and a warning where none is', () => {
	const base = `-- base/kustomization.yaml --
resources: [secret.yaml]
-- base/secret.yaml --
apiVersion: v1
kind: Secret
metadata: { name: smtp, namespace: shop }
stringData: { password: correct-horse-battery }
-- live/kustomization.yaml --
resources: [../base, more.yaml]
-- test/kustomization.yaml --
resources: [../base]
`;
	const severities = (more: string) => {
		const { analysis } = analyse(`${base}-- live/more.yaml --\n${more}`);
		return analysis.diagnostics('/repo/base/secret.yaml').map(({ severity, code }) => `${severity} ${code}`);
	};
	expect(severities(CONFIG('settings'))).toEqual(['warning secret/in-base']);
	const external = `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: other, namespace: shop }
spec: { secretStoreRef: { name: vault }, dataFrom: [{ extract: { key: other } }] }
`;
	expect(severities(external)).toEqual(['error secret/in-base']);
});
