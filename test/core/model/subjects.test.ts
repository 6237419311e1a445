/** Which trees of an environment a question about a file looks through: an environment has thousands, and the pointer moves often. */
import { expect, test } from 'vitest';
import { entriesOf } from '../../../server/src/core/model/entries';
import { subjectsWrittenIn } from '../../../server/src/core/model/subjects';
import { analyse } from '../../support/check';

const { analysis } = analyse(`
-- base/kustomization.yaml --
resources: [api.yaml, web.yaml]
-- base/api.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: api }
data: { level: info }
-- base/web.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { level: info, colour: red }
-- production/kustomization.yaml --
resources: [../base, release.yaml]
patches: [{ path: colour.yaml }, { path: later.yaml }]
generatorOptions: { disableNameSuffixHash: true }
configMapGenerator:
  - name: web-values
    namespace: web
    files: [values.yaml]
-- production/colour.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { colour: blue }
-- production/later.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { colour: green }
-- production/values.yaml --
replicas: 2
-- production/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: web }
spec:
  interval: 1h
  chart: { spec: { chart: web, sourceRef: { kind: HelmRepository, name: charts } } }
  values: { colour: red }
  valuesFrom: [{ kind: ConfigMap, name: web-values, valuesKey: values.yaml }]
`);

const looksThrough = (file: string) =>
	entriesOf(analysis.db, file).flatMap(entry =>
		subjectsWrittenIn(analysis.db, entry, file).map(({ of: { title } }) => title),
	);

test.each([
	['/repo/base/api.yaml', ['ConfigMap/api']],
	['/repo/base/web.yaml', ['ConfigMap/web']],
	// What it wrote is written over, and still leads to who did.
	['/repo/production/colour.yaml', ['ConfigMap/web']],
	['/repo/production/later.yaml', ['ConfigMap/web']],
])('%s has written in %j', (file, titles) => {
	expect(looksThrough(file)).toEqual(titles);
});

test('a values file has written in the values of its release too', () => {
	expect(looksThrough('/repo/production/release.yaml')).toEqual([
		'HelmRelease/web in namespace web',
		'values of HelmRelease/web in namespace web',
	]);
	expect(looksThrough('/repo/production/values.yaml')).toContain('values of HelmRelease/web in namespace web');
});
