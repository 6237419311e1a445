/** When `overlay/moved-object` speaks, and when not. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../support/check';

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: data
spec:
  ports: [{ port: 5432 }]
`;

const tree = (reference: string, overlay: string, more = '') => `-- base/kustomization.yaml --
resources: [service.yaml, reference.yaml]
-- base/service.yaml --
${SERVICE}-- base/reference.yaml --
${reference}-- staging/kustomization.yaml --
resources: [../base]
${overlay}-- production/kustomization.yaml --
resources: [../base]
${more}`;

const found = (text: string) => diagnostics(analyse(text)).filter(each => each.includes('overlay/moved-object'));

const host = (url: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { url: '${url}' }
`;

test('a host name of the namespace before', () => {
	expect(found(tree(host('http://db.data.svc:80'), 'namespace: stage\n'))).toHaveLength(1);
	expect(found(tree(host('http://db.data.svc:80'), 'namespace: data\n'))).toEqual([]);
	expect(found(tree(host('http://db.data.svc:80'), ''))).toEqual([]);
});

test('a host name that only ends like it, and one of another service', () => {
	const others = [
		'http://my.db.data.svc',
		'http://db.database.svc',
		'http://db.data.svc-x.example',
		'http://dbs.data.svc',
	];
	for (const url of others) expect(found(tree(host(url), 'namespace: stage\n'))).toEqual([]);
});

test('what another entry point of the environment leaves there is found there', () => {
	const cluster = `-- staging/data/kustomization.yaml --
resources: [service.yaml]
-- staging/data/service.yaml --
${SERVICE}`;
	expect(found(tree(host('http://db.data.svc'), 'namespace: stage\n', cluster))).toEqual([]);
});

test('the namespace that a base gives, and a webhook', () => {
	const text = `-- base/kustomization.yaml --
namespace: data
resources: [service.yaml, hook.yaml]
-- base/service.yaml --
${SERVICE.replace('  namespace: data\n', '')}-- base/hook.yaml --
apiVersion: example.com/v1
kind: Hook
metadata: { name: hook }
spec:
  clientConfig:
    service: { name: db, namespace: data, path: /x }
-- staging/kustomization.yaml --
resources: [../base]
namespace: stage
-- production/kustomization.yaml --
resources: [../base]
`;
	expect(found(text)).toEqual(['staging/kustomization.yaml:2 overlay/moved-object "stage"']);
});

test('subjects of role bindings, which kustomize corrects', () => {
	const text = `-- base/kustomization.yaml --
resources: [rbac.yaml]
-- base/rbac.yaml --
apiVersion: v1
kind: ServiceAccount
metadata: { name: shop, namespace: shop }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: shop, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: shop, namespace: shop }]
-- staging/kustomization.yaml --
resources: [../base]
namespace: stage
-- production/kustomization.yaml --
resources: [../base]
`;
	expect(found(text)).toEqual([]);
});
