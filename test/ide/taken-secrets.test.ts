/** A value of a Secret that a step puts somewhere else (`replacements`, `vars`, Flux's substitution) is not shown there either, whoever asks. */
import { expect, test } from 'vitest';
import { explain } from '../../server/src/core/ide/explain';
import { Database } from '../../server/src/core/base/query';
import { analyse } from '../support/check';
import { fixture, memorySource, ROOT } from '../support/fixture';

const VALUES = Array.from({ length: 9 }, (_, i) => `planted-value-${i}x`);
const [REPLACED, VAR, SUBSTITUTED, POLICY, NUMBER, LABEL, PART, BROKEN, MERGED] = VALUES;

const TREE = `-- base/kustomization.yaml --
resources: [secret.yaml, web.yaml, release.yaml, policy.yaml]
-- base/secret.yaml --
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
stringData:
  password: ${REPLACED}
  user: ${VAR}
  part: shop:${PART}
  broken: "x\${${BROKEN}"
-- base/policy.yaml --
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: env}
spec:
  rules:
  - name: env
    match: {any: [{resources: {kinds: [Deployment]}}]}
    validate:
      message: "{{ request.object.spec.template.spec.containers[0].env[0].value }}"
      pattern: {metadata: {labels: {team: "?*"}}}
-- base/web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: "\${LABEL} \${LABEL}"}}
spec:
  replicas: \${NUMBER}
  minReadySeconds: 5
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
        - name: web
          image: web:1
          imagePullPolicy: \${POLICY}
          args: ["--user=$(USER)", "user:\${PLAIN}:\${SUBSTITUTED}"]
          env:
            - name: PASSWORD
              value: replaced
            - name: PART
              value: a:b
-- base/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: chart, namespace: shop}
spec:
  interval: 1h
  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}
  valuesFrom: [{kind: Secret, name: values}]
  values: {a: b}
-- chart/Chart.yaml --
apiVersion: v2
name: chart
version: 1.0.0
-- chart/values.yaml --
auth: {password: ""}
-- production/kustomization.yaml --
resources: [../base]
vars:
  - name: USER
    objref: {kind: Secret, name: db, apiVersion: v1}
    fieldref: {fieldpath: stringData.user}
replacements:
  - source: {kind: Secret, name: db, fieldPath: stringData.password}
    targets:
      - select: {kind: Deployment, name: web}
        fieldPaths: ["spec.template.spec.containers.[name=web].env.[name=PASSWORD].value"]
  - source: {kind: Secret, name: db, fieldPath: stringData.part, options: {delimiter: ":", index: 1}}
    targets:
      - select: {kind: Deployment, name: web}
        fieldPaths: ["spec.template.spec.containers.[name=web].env.[name=PART].value"]
        options: {delimiter: ":", index: 1}
secretGenerator:
  - name: values
    namespace: shop
    files: [values.yaml=secret-values.yaml]
    options: {disableNameSuffixHash: true}
-- production/secret-values.yaml --
auth: {password: ${MERGED}}
-- clusters/production/apps.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./production
  interval: 1m
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild:
    substitute: {PLAIN: shown}
    substituteFrom: [{kind: Secret, name: variables}]
-- clusters/production/variables.yaml --
apiVersion: v1
kind: Secret
metadata: {name: variables, namespace: flux-system}
stringData:
  SUBSTITUTED: ${SUBSTITUTED}
  POLICY: ${POLICY}
  NUMBER: ${NUMBER}
  LABEL: ${LABEL}
-- clusters/production/flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://example.com/x"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  path: ./clusters/production
  interval: 1m
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
`;

/** What of a tree is said anywhere, with what stands around a planted value. */
function leaksOf(tree: string): { readonly leaks: readonly string[]; readonly codes: ReadonlySet<string> } {
	const { analysis, fixture: parsed } = analyse(tree);
	const leaks = new Set<string>();
	const codes = new Set<string>();
	const look = (where: string, said: unknown) => {
		const text = JSON.stringify(said) ?? '';
		for (const value of VALUES) {
			const at = text.indexOf(value);
			if (at >= 0) leaks.add(`${where}: ${text.slice(Math.max(0, at - 80), at + 30)}`);
		}
	};
	for (const [file, text] of parsed.files) {
		for (const found of analysis.diagnostics(file)) {
			codes.add(found.code);
			look(found.code, found);
		}
		look(
			'fixes',
			analysis.fixes(file, 0, text.length).map(({ title }) => title),
		);
		look('lenses', analysis.lenses(file));
		const offsets = [...text.matchAll(/\w(?=\W)/g)].map(({ index }) => index);
		for (const offset of offsets) {
			look(`hover of ${file}`, analysis.hover(file, offset));
			look(`completion in ${file}`, analysis.complete(file, offset));
			look(`override in ${file}`, analysis.overridable(file, offset));
			for (const { id } of analysis.mergedValuesAt(file, offset)) look(`values in ${file}`, analysis.render(id));
		}
	}
	for (const { id } of analysis.entryPoints()) look(`what ${id} renders`, analysis.render(id));
	return { leaks: [...leaks], codes };
}

test('nothing that is said holds them', () => {
	const { leaks, codes } = leaksOf(TREE);
	expect(codes).toContain('flux/substitution-unreadable');
	expect(leaks).toEqual([]);
});

test('not where there is something to say about the fields that they have come to', () => {
	const { leaks, codes } = leaksOf(TREE.replace(/ {2}broken: .*\n/, ''));
	for (const code of ['schema/not-in-enum', 'schema/wrong-type', 'policy/kyverno']) expect(codes).toContain(code);
	expect(leaks).toEqual([]);
});

test('not where a replacement cannot put them', () => {
	const numbered = TREE.replace(
		'fieldPaths: ["spec.template.spec.containers.[name=web].env.[name=PASSWORD].value"]',
		'fieldPaths: [spec.minReadySeconds]',
	);
	const { leaks, codes } = leaksOf(numbered);
	expect(codes).toContain('kustomize/replacement-target');
	expect(leaks).toEqual([]);
});

test('not by the command that says who wrote a field', () => {
	const db = new Database(memorySource(fixture(TREE).files));
	const wanted = { kind: 'Deployment', name: 'web', namespace: undefined, path: [] };
	const said = JSON.stringify(explain(db, `${ROOT}/production`, wanted, { loadRestrictor: 'LoadRestrictionsNone' }));
	expect(said).toContain('(secret)');
	for (const value of VALUES) expect(said).not.toContain(value);
});
