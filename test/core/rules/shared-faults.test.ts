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
	expect(found).toEqual([
		// Each with what it could have meant there.
		'component/patch.yaml:4 kustomize/patch-without-match "settings"',
		'component/patch.yaml:4 kustomize/patch-without-match "settings"',
	]);
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
