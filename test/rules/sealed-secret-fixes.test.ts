/** A transformer that breaks a sealed secret is kept from it: offered where it was tried and mends it, and only there. */
import { expect, test } from 'vitest';
import { analyse, applied, diagnostics } from '../support/check';
import { ROOT } from '../support/fixture';

const CIPHERTEXT = 'AgB' + 'abcdefgh'.repeat(80) + 'A';
const SECRET = (name: string) => `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: ${name}
  namespace: shop
spec:
  encryptedData:
    password: ${CIPHERTEXT.replaceAll('a', name.charAt(0))}
`;
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: shop\n';

const DRIFT = /sealed-secret\/\w+-drift/;

/** What is offered at a file, the file after it, and the drifts that are left then. */
function kept(text: string, file: string) {
	const { analysis, fixture } = analyse(text);
	const path = `${ROOT}/${file}`;
	const offered = analysis.fixes(path, 0, fixture.files.get(path)!.length).filter(({ code }) => DRIFT.test(code));
	const files = offered[0] && applied(fixture, offered[0].change);
	const after = Object.entries({
		...Object.fromEntries([...fixture.files].map(([at, is]) => [at.slice(6), is])),
		...files,
	});
	const fixed = analyse(after.map(([at, is]) => `-- ${at} --\n${is}`).join(''));
	return {
		titles: offered.map(({ title }) => title),
		files,
		left: diagnostics(fixed).filter(line => DRIFT.test(line)),
	};
}

test('namePrefix', () => {
	const tree = `-- kustomization.yaml --
namePrefix: my-
resources:
  - db.yaml
  - web.yaml
-- db.yaml --
${SECRET('db')}-- web.yaml --
${CONFIG}`;
	const { titles, files, left } = kept(tree, 'kustomization.yaml');
	expect(titles).toEqual(['Keep namePrefix from SealedSecret/db']);
	expect(files).toEqual({
		'kustomization.yaml': `namePrefix: my-
resources:
  - db.yaml
  - web.yaml
transformers:
  - |-
    apiVersion: builtin
    kind: PatchTransformer
    metadata:
      name: keep-name-of-db
    target:
      kind: SealedSecret
      name: db
    patch: |-
      - op: replace
        path: /metadata/name
        value: db
`,
	});
	expect(left).toEqual([]);
	// At the secret the same is offered.
	expect(kept(tree, 'db.yaml').files).toEqual(files);
});

test('a namespace over two secrets of a base, one at a time', () => {
	const tree = `-- base/kustomization.yaml --
resources:
- db.yaml
- queue.yaml
-- base/db.yaml --
${SECRET('db')}-- base/queue.yaml --
${SECRET('queue')}-- production/kustomization.yaml --
namespace: production
resources:
- ../base
transformers: []
`;
	const { titles, left } = kept(tree, 'production/kustomization.yaml');
	expect(titles).toEqual(['Keep namespace from SealedSecret/db', 'Keep namespace from SealedSecret/queue']);
	expect(left).toEqual([
		'base/queue.yaml:5 sealed-secret/namespace-drift "shop"',
		'production/kustomization.yaml:1 sealed-secret/namespace-drift "production"',
	]);
});

test('a suffix of a component', () => {
	const tree = `-- kustomization.yaml --
resources: [db.yaml]
components: [suffixed]
-- db.yaml --
${SECRET('db')}-- suffixed/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
nameSuffix: -v1
`;
	const { titles, left } = kept(tree, 'suffixed/kustomization.yaml');
	expect(titles).toEqual(['Keep nameSuffix from SealedSecret/db']);
	expect(left).toEqual([]);
});

test.each([
	[
		'a Flux Kustomization moves it',
		`-- clusters/x/apps.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  path: ./apps
  targetNamespace: other
  sourceRef:
    kind: GitRepository
    name: flux-system
-- apps/kustomization.yaml --
resources: [db.yaml]
-- apps/db.yaml --
${SECRET('db')}`,
		'clusters/x/apps.yaml',
	],
	[
		'two levels change the name, and undoing one of them does not mend it',
		`-- base/kustomization.yaml --
namePrefix: a-
resources: [db.yaml]
-- base/db.yaml --
${SECRET('db')}-- production/kustomization.yaml --
namePrefix: b-
resources: [../base]
`,
		'base/kustomization.yaml',
	],
	[
		'a patch renames it',
		`-- kustomization.yaml --
resources: [db.yaml]
patches:
  - target:
      kind: SealedSecret
    patch: '[{"op": "replace", "path": "/metadata/name", "value": "cache"}]'
-- db.yaml --
${SECRET('db')}`,
		'kustomization.yaml',
	],
])('nothing is offered where %s', (_, tree, file) => {
	expect(diagnostics(analyse(tree)).filter(line => DRIFT.test(line)).length).toBeGreaterThan(0);
	expect(kept(tree, file).titles).toEqual([]);
});
