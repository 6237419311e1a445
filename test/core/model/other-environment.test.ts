/** What an overlay may say without being taken for another environment's. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const tree = (environments: readonly [string, string], own: string) => `
-- base/kustomization.yaml --
resources: [config.yaml]
-- base/config.yaml --
{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}
-- ${environments[0]}/kustomization.yaml --
resources: [../base, own.yaml]
-- ${environments[0]}/own.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: own}
data: {${own}}
-- ${environments[1]}/kustomization.yaml --
resources: [../base]
`;

test.each([
	['environment: staging', 0],
	['environment: production', 1],
	['ENVIRONMENT: production', 1],
	['upstream: shop-production', 0],
	['mirror: "https://production.example.com"', 0],
	['environment: staging-production', 0],
	['environment: development', 0],
])('%s in staging: %d', (own, findings) => {
	const found = diagnostics(analyse(tree(['staging', 'production'], own)));
	expect(found.filter(each => each.includes('overlay/other-environment'))).toHaveLength(findings);
});

test('environments whose names could mean anything are not looked for', () => {
	expect(diagnostics(analyse(tree(['home', 'main'], 'cluster: main')))).toEqual([]);
});
