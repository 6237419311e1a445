import { expect, test } from 'vitest';
import { analyse } from '../../support/check';

test('what a component does not find where a base cannot be read is said to be uncertain, once', () => {
	const { analysis } = analyse(`
-- app/kustomization.yaml --
resources: [../gone]
components: [../component]
-- component/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: remove
        path: /spec/replicas
`);
	const messages = analysis.diagnostics('/repo/component/kustomization.yaml').map(({ message }) => message);
	expect(messages).toHaveLength(1);
	expect(messages[0]!.match(/if it is not/g)).toHaveLength(1);
});
