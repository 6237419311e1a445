import { describe, expect, test } from 'vitest';
import { Database } from '../../../../server/src/core/base/query';
import { formatPath } from '../../../../server/src/core/base/address';
import { allSteps } from '../../../../server/src/core/base/steps';
import { referenceProblems } from '../../../../server/src/core/gitops/secrets/references';
import { indexResources } from '../../../../server/src/core/kube/resource-index';
import { analyse } from '../../../support/check';
import { ROOT } from '../../../support/fixture';
import { resourcesOf } from '../../../support/resources';

const pod = (spec: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: ${spec}}}
`;
const env = (reference: string) => pod(`{containers: [{name: a, env: [{name: X, valueFrom: {${reference}}}]}]}`);
const object = (kind: string, rest: string, namespace = 'shop') =>
	`apiVersion: v1\nkind: ${kind}\nmetadata: {name: db, namespace: ${namespace}}\n${rest}\n`;

const problemsOf = (texts: readonly string[], coverage: 'whole' | 'part' = 'whole') =>
	allSteps(referenceProblems(new Database(undefined), indexResources(resourcesOf(texts.join('---\n')), coverage)));
const judge = (...texts: string[]) =>
	problemsOf(texts).map(({ code, severity, details }) => `${severity} ${code.slice(10)}: ${details}`);

const KEY = env('secretKeyRef: {name: db, key: password}');

describe('what is there', () => {
	test.each([
		['a Secret', object('Secret', 'data: {password: eA==}')],
		['a Secret with stringData', object('Secret', 'stringData: {password: x}')],
		[
			'a SealedSecret',
			'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: shop}\nspec: {encryptedData: {password: x}}\n',
		],
		[
			'an ExternalSecret',
			'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x, namespace: shop}\nspec: {target: {name: db}, data: [{secretKey: password}]}\n',
		],
		[
			'an ExternalSecret of many keys',
			'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: db, namespace: shop}\nspec: {dataFrom: [{extract: {key: x}}]}\n',
		],
		[
			'a Certificate',
			'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x, namespace: shop}\nspec: {secretName: db, additionalOutputFormats: [{type: DER}]}\n',
		],
		[
			'a chart that may make it',
			'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x, namespace: flux}\nspec: {targetNamespace: shop}\n',
		],
		[
			'a Job that may make it',
			'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x, namespace: shop}\nrules: [{apiGroups: [""], resources: [secrets], verbs: [get, create]}]\n',
		],
		[
			'a policy that generates one',
			'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: x}\nspec: {rules: [{name: a, generate: {kind: Secret}}]}\n',
		],
		[
			'a Secret that is copied into every namespace',
			'apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: other, annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-enabled: "true"}}\n',
		],
		[
			'a certificate that is',
			'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x, namespace: other}\nspec: {secretName: db, secretTemplate: {annotations: {replicator.v1.mittwald.de/replicate-to: "*"}}}\n',
		],
		[
			'a sealed secret that is',
			'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: other}\nspec: {encryptedData: {password: x}, template: {metadata: {annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-enabled: "true"}}}}\n',
		],
		...[
			'annotations: {replicator.v1.mittwald.de/replicate-from: other/db}',
			'annotations: {secret-generator.v1.mittwald.de/autogenerate: password}',
			'annotations: {sealedsecrets.bitnami.com/patch: "true"}',
			'annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}',
		].map((marks): [string, string] => [
			`a Secret that others fill: ${marks}`,
			`apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop, ${marks}}\n`,
		]),
		[
			'the token of a ServiceAccount',
			'apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata: {name: db, namespace: shop}\n',
		],
		[
			'an operator that may make it',
			'apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: x, namespace: shop}\n',
		],
	])('%s', (_, provider) => {
		expect(judge(KEY, provider)).toEqual([]);
	});
	test('in parts', () => {
		const of = (secretKey: string, policy: string) =>
			`apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: ${secretKey}, namespace: shop}\nspec: {target: {name: db, creationPolicy: ${policy}}, data: [{secretKey: ${secretKey}}]}\n`;
		const own = object('Secret', 'stringData: {user: shop}');
		expect(judge(KEY, own, of('password', 'Merge'))).toEqual([]);
		expect(judge(KEY, of('token', 'Owner'), of('password', 'Merge'))).toEqual([]);
		expect(judge(KEY, own, of('token', 'Merge'))).toHaveLength(1);
	});
	test('the keys of a certificate', () => {
		const certificate = (more: string) =>
			`apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x, namespace: shop}\nspec: {secretName: db${more}}\n`;
		const uses = (key: string) => env(`secretKeyRef: {name: db, key: ${key}}`);
		expect(judge(uses('tls.crt'), certificate(''))).toEqual([]);
		expect(judge(uses('tls.cert'), certificate(''))).toEqual([
			"error missing-key: couldn't find key tls.cert in Secret shop/db",
		]);
		expect(judge(uses('keystore.p12'), certificate(', keystores: {pkcs12: {create: true}}'))).toEqual([]);
	});
	test('what is optional, or a variable', () => {
		expect(judge(env('secretKeyRef: {name: db, key: password, optional: true}'))).toEqual([]);
		expect(judge(env('secretKeyRef: {name: "${NAME}", key: password}'))).toEqual([]);
		expect(judge(pod('{volumes: [{name: v, configMap: {name: kube-root-ca.crt}}]}'))).toEqual([]);
	});
	test('binary data has keys too', () => {
		expect(judge(env('configMapKeyRef: {name: db, key: x}'), object('ConfigMap', 'binaryData: {x: AAAA}'))).toEqual([]);
	});
});

describe('what is not', () => {
	test.each([
		['env of a Secret', KEY, 'warning missing-secret: secret "db" not found'],
		[
			'env of a ConfigMap',
			env('configMapKeyRef: {name: db, key: x}'),
			'error missing-config-map: configmap "db" not found',
		],
		[
			'envFrom',
			pod('{initContainers: [{name: a, envFrom: [{configMapRef: {name: db}}]}]}'),
			'error missing-config-map: configmap "db" not found',
		],
		[
			'a volume',
			pod('{volumes: [{name: v, secret: {secretName: db}}]}'),
			'warning missing-secret: MountVolume.SetUp failed: secret "db" not found',
		],
		[
			'a projected volume',
			pod('{volumes: [{name: v, projected: {sources: [{configMap: {name: db}}]}}]}'),
			'error missing-config-map: MountVolume.SetUp failed: configmap "db" not found',
		],
		[
			'a Role that may only read',
			KEY +
				'---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x, namespace: shop}\nrules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]\n',
			'warning missing-secret: secret "db" not found',
		],
		[
			'a volume of a driver',
			pod('{volumes: [{name: v, csi: {driver: x, nodePublishSecretRef: {name: db}}}]}'),
			'warning missing-secret: MountVolume.SetUp failed: secret "db" not found',
		],
		[
			'a pull secret of a ServiceAccount',
			'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\nimagePullSecrets: [{name: db}]\n',
			'hint missing-secret: Unable to retrieve some image pull secrets',
		],
		[
			'a pull secret',
			pod('{imagePullSecrets: [{name: db}]}'),
			'hint missing-secret: Unable to retrieve some image pull secrets',
		],
	])('%s', (_, text, expected) => {
		expect(judge(text)).toEqual([expected]);
	});
	test('a key', () => {
		const problems = problemsOf([KEY, object('Secret', 'stringData: {pasword: x}')]);
		expect(problems).toMatchObject([
			{ code: 'reference/missing-key', severity: 'error', details: "couldn't find key password in Secret shop/db" },
		]);
		expect(problems[0]!.message).toContain('did you mean "pasword"?');
		expect(formatPath(problems[0]!.at.path)).toBe('spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key');
	});
	test('one of that name in another namespace', () => {
		const [problem] = problemsOf([KEY, object('Secret', 'stringData: {password: x}', 'other')]);
		expect(problem).toMatchObject({ code: 'reference/missing-secret', severity: 'error', related: [{}] });
		expect(problem!.message).toContain('there is one in namespace other');
	});
	test('is only said where the tree holds everything', () => {
		expect(problemsOf([KEY], 'part')).toEqual([]);
	});
	test('certificates of an Ingress, unless cert-manager makes them', () => {
		const ingress = (annotations: string) =>
			`apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: shop, annotations: {${annotations}}}\nspec: {tls: [{secretName: web-tls}]}\n`;
		expect(judge(ingress(''))).toEqual(['hint missing-secret: undefined']);
		expect(judge(ingress('cert-manager.io/cluster-issuer: letsencrypt'))).toEqual([]);
	});
});

describe('in a tree that nobody says to be whole', () => {
	const tree = (production: string, staging = SEALED) => `-- base/kustomization.yaml --
resources: [web.yaml]
-- base/web.yaml --
${KEY}-- production/kustomization.yaml --
resources: [../base, db.yaml]
-- production/db.yaml --
${production}-- staging/kustomization.yaml --
resources: [../base, db.yaml]
-- staging/db.yaml --
${staging}`;
	const SEALED =
		'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: shop}\nspec: {encryptedData: {password: x}}\n';
	const OTHER = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: shop}\n';
	const found = (text: string) =>
		analyse(text)
			.analysis.diagnostics(`${ROOT}/base/web.yaml`)
			.filter(({ code }) => code.startsWith('reference/'))
			.map(({ severity, message, environments }) => [severity, environments, message.slice(message.indexOf('so the'))]);

	test.each<[string, string, unknown]>([
		['every environment has it', tree(SEALED), []],
		[
			'one environment lacks it',
			tree(OTHER),
			[['warning', ['production'], 'so the container will not start; staging has one.']],
		],
		[
			'its name is nearly right',
			tree(SEALED.replace('name: db', 'name: dbs')),
			[['warning', ['production'], 'so the container will not start; staging has one.']],
		],
		[
			'nobody has it',
			tree(OTHER, OTHER),
			[['information', ['production', 'staging'], 'so the container will not start.']],
		],
		['something does not build', tree(OTHER, OTHER).replaceAll('../base, db', '../base, nothing.yaml, db'), []],
	])('%s', (_, text, expected) => {
		expect(found(text)).toEqual(expected);
	});
});
