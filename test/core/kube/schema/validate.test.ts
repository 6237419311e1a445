/** What is said of single faults: code, field, the words, the way out. */
import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../../server/src/core/base/address';
import { allSteps } from '../../../../server/src/core/base/steps';
import type { Problem } from '../../../../server/src/core/base/problem';
import { Database } from '../../../../server/src/core/base/query';
import { customKindsIn, customKindsOf } from '../../../../server/src/core/kube/schema/crd';
import { SCHEMA_PROBLEM_CODES } from '../../../../server/src/core/kube/schema/problem-codes';
import { validateResource, type ValidateOptions } from '../../../../server/src/core/kube/schema/validate';
import { readContent } from '../../../../server/src/core/yaml/content';
import type { Node } from '../../../../server/src/core/yaml/node';
import { parseSyntax } from '../../../../server/src/core/yaml/syntax';
import { fixture, memorySource } from '../../../support/fixture';

const db = new Database(memorySource(new Map()));

function read(text: string): Node {
	return readContent(parseSyntax(text), { file: '/repo/x.yaml', step: 'resource' })[0]!.root!;
}

function problems(text: string, options: Partial<ValidateOptions> = {}): readonly Problem[] {
	return validateResource(db, read(text), { mode: 'resource', ...options });
}

/** `code path`, one for each problem. */
function told(text: string, options: Partial<ValidateOptions> = {}): readonly string[] {
	return problems(text, options).map(({ code, at }) => `${code} ${formatPath(at.path)}`.trim());
}

const POD = (container: string) =>
	`apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers:\n    - name: c\n      ${container}\n`;

describe('kinds of Kubernetes itself', () => {
	test('an unknown field names the nearest and offers to rename', () => {
		const [problem, ...rest] = problems(POD('imagePulPolicy: Always'));
		expect(rest).toEqual([]);
		expect(problem).toMatchObject({
			code: 'schema/unknown-field',
			severity: 'error',
			message: '"imagePulPolicy" is not a field of spec.containers[0] of Pod/p; did you mean "imagePullPolicy"?',
			anchor: 'key',
			fixes: [{ edits: [{ kind: 'rename-key', key: 'imagePullPolicy' }] }],
		});
		expect(problem!.details).toContain('.spec.containers[0].imagePulPolicy: field not declared in schema');
	});

	test.each([
		['image: 5', 'schema/wrong-type spec.containers[0].image'],
		['image: yes', undefined],
		['image: true', 'schema/wrong-type spec.containers[0].image'],
		['tty: "true"', 'schema/wrong-type spec.containers[0].tty'],
		['image: null', undefined],
		['image: ${IMAGE}', undefined],
		['tty: ${TTY}', undefined],
		['imagePullPolicy: Allways', 'schema/not-in-enum spec.containers[0].imagePullPolicy'],
		['imagePullPolicy: ""', undefined],
		['imagePullPolicy: ${POLICY:=Always}', undefined],
		['resources: { limits: { cpu: 0.5, memory: 1Gi } }', undefined],
		['resources: { limits: { cpu: 1e3 } }', undefined],
		['resources: { limits: { memory: 1GB } }', 'schema/bad-format spec.containers[0].resources.limits.memory'],
		['livenessProbe: { httpGet: { port: http } }', undefined],
		['livenessProbe: { httpGet: { port: 80.5 } }', 'schema/wrong-type spec.containers[0].livenessProbe.httpGet.port'],
		['livenessProbe: { httpGet: { path: / } }', 'schema/missing-field spec.containers[0].livenessProbe.httpGet'],
		['ports: [{ containerPort: 99999999999 }]', 'schema/out-of-range spec.containers[0].ports[0].containerPort'],
		['ports: [{ containerPort: 1.0 }]', undefined],
		['ports: { containerPort: 1 }', 'schema/wrong-type spec.containers[0].ports'],
		['ports: [{ containerPort: 1 }, { containerPort: 1, protocol: UDP }]', undefined],
		[
			'ports: [{ containerPort: 1 }, { containerPort: 1, protocol: TCP }]',
			'schema/duplicate-list-key spec.containers[0].ports[1].containerPort',
		],
		['env: [{ name: A }, { name: A }]', 'schema/duplicate-list-key spec.containers[0].env[1].name'],
		['env: [{ name: "${A}" }, { name: "${A}" }]', undefined],
	])('%s', (container, expected) => {
		expect(told(POD(container))).toEqual(expected === undefined ? [] : [expected]);
	});

	test('a value of a Secret is never repeated', () => {
		const found = problems(
			'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { a: 48151623, b: pla&in-hunter2 }\nstringData: { c: 815162342 }\n',
		);
		expect(found.map(({ code }) => code)).toEqual(['schema/wrong-type', 'schema/bad-format', 'schema/wrong-type']);
		expect(JSON.stringify(found.map(({ message, details }) => [message, details]))).not.toMatch(/4815|hunter2|8151/);
	});

	test('a patch lacks nothing, deletes with null, and speaks in directives', () => {
		const patch =
			'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  replicas: null\n  template:\n    spec:\n' +
			'      $setElementOrder/containers: [{ name: a }]\n      containers:\n        - { $patch: delete, name: a }\n        - { imag: x }\n';
		expect(told(patch, { mode: 'patch' })).toEqual(['schema/unknown-field spec.template.spec.containers[1].imag']);
		expect(told(patch)).toContain('schema/missing-field spec');
	});
});

describe('API versions', () => {
	test('a removed one offers its successor where the resource fits it as it stands', () => {
		const cron = (apiVersion: string, extra = '') =>
			`apiVersion: ${apiVersion}\nkind: CronJob\nmetadata: { name: c }\nspec:\n  schedule: "* * * * *"\n${extra}  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: i }] } } } }\n`;
		const [gone] = problems(cron('batch/v1beta1'));
		expect(gone).toMatchObject({
			code: 'schema/removed-api',
			message: 'batch/v1beta1 CronJob is not served since Kubernetes 1.25; write batch/v1 instead.',
			details: 'no matches for kind "CronJob" in version "batch/v1beta1"',
			fixes: [{ title: 'Change apiVersion to batch/v1', edits: [{ kind: 'set', text: 'batch/v1' }] }],
		});
		expect(told(cron('batch/v1beta1'), { kubernetesVersion: '1.24' })).toEqual(['schema/deprecated-api apiVersion']);
		expect(told(cron('batch/v1beta1'), { kubernetesVersion: 'v1.20.15' })).toEqual([]);
		expect(told(cron('batch/v1'), { kubernetesVersion: '1.20' })).toEqual(['schema/unknown-api apiVersion']);
	});

	test('an Ingress of old does not fit the new version, so that only the message helps', () => {
		const [gone] = problems(
			'apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: { name: i }\nspec: { rules: [{ http: { paths: [{ path: /, backend: { serviceName: s, servicePort: 80 } }] } }] }\n',
		);
		expect(gone!.code).toBe('schema/removed-api');
		expect(gone!.fixes).toBeUndefined();
	});

	test('a kind in the wrong group is told where it is', () => {
		const [problem] = problems('apiVersion: v1\nkind: Deployment\nmetadata: { name: w }\n');
		expect(problem!.message).toBe('Kubernetes has no kind Deployment in v1; it is in apps/v1.');
		expect(problems('apiVersion: apps/v1\nkind: Deploymnt\nmetadata: { name: w }\n')[0]!.message).toBe(
			'Kubernetes has no kind Deploymnt in apps/v1; did you mean "Deployment"?',
		);
	});

	test('the release of Flux decides, and where it is not known nothing fails', () => {
		const text =
			'apiVersion: source.toolkit.fluxcd.io/v1beta2\nkind: OCIRepository\nmetadata: { name: o }\nspec: { interval: 1m, url: "oci://x/y" }\n';
		expect(told(text)).toEqual(['schema/deprecated-api apiVersion']);
		expect(told(text, { fluxVersion: 'v2.9.0' })).toEqual(['schema/removed-api apiVersion']);
	});

	test('a field that came later than the target release', () => {
		const text =
			'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { hostUsers: false, containers: [{ name: c }] }\n';
		expect(told(text)).toEqual([]);
		expect(told(text, { kubernetesVersion: '1.22' })).toEqual(['schema/field-of-newer-release spec.hostUsers']);
	});

	test('a kind that nobody knows gives one hint', () => {
		const [hint, ...rest] = problems(
			'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { a: 1 }\n',
		);
		expect(rest).toEqual([]);
		expect(hint).toMatchObject({ code: 'schema/unknown-kind', severity: 'hint' });
	});
});

const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  scope: Cluster
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              required: [mode, size]
              x-kubernetes-validations: [{ rule: "self.size > 0", message: size must be positive }]
              oneOf: [{ required: [a] }, { required: [b] }]
              properties:
                mode: { type: string, enum: [fast, slow], default: fast }
                size: { type: integer, minimum: 1, maximum: 10 }
                name: { type: string, pattern: '(?i)^w-[a-z]+$', maxLength: 5 }
                a: { type: string, nullable: true }
                b: { type: string }
                port: { x-kubernetes-int-or-string: true, anyOf: [{ type: integer }, { type: string }] }
                tags: { type: array, x-kubernetes-list-type: set, items: { type: string } }
                free: { type: object, x-kubernetes-preserve-unknown-fields: true, properties: { known: { type: boolean } } }
                inner: { type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true }
    - { name: v1alpha1, served: false, storage: false, schema: { openAPIV3Schema: { type: object } } }
`;

describe('kinds that the tree declares', () => {
	const customKinds = customKindsOf([read(CRD)]);
	const widget = (spec: string) => `apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: ${spec}\n`;

	test.each([
		['{ size: 1, a: x }', []],
		['{ a: x }', ['schema/missing-field spec']],
		['{ size: 11, a: x }', ['schema/out-of-range spec.size']],
		['{ size: 1, a: x, b: y }', ['schema/no-alternative spec']],
		['{ size: 1 }', ['schema/no-alternative spec']],
		['{ size: 1, a: x, b: null }', []],
		['{ size: 1, a: x, mode: fats }', ['schema/not-in-enum spec.mode']],
		['{ size: 1, a: x, name: W-AB }', []],
		['{ size: 1, a: x, name: x-ab }', ['schema/bad-pattern spec.name']],
		['{ size: 1, a: x, name: w-abcdef }', ['schema/out-of-range spec.name']],
		['{ size: 1, a: x, port: true }', ['schema/wrong-type spec.port']],
		['{ size: 1, a: x, tags: [p, q, p] }', ['schema/duplicate-list-key spec.tags[2]']],
		['{ size: 1, a: x, free: { other: 1, known: 1 } }', ['schema/wrong-type spec.free.known']],
		['{ size: 1, a: x, nope: 1 }', ['schema/unknown-field spec.nope']],
		['{ size: "${N}" }', []],
		['\n  ${X}: 1\n  size: 1\n', []],
		[
			'{ size: 1, a: x, inner: { apiVersion: v1, kind: ConfigMap, metadata: { name: c }, dat: {} } }',
			['schema/unknown-field spec.inner.dat'],
		],
		['{ size: 1, a: x, inner: { kind: ConfigMap } }', ['schema/missing-field spec.inner']],
	] as const)('%s', (spec, expected) => {
		// What stands under a key several times over is told once for each way in which it is wrong.
		expect([...new Set(told(widget(spec), { customKinds }))]).toEqual(expected);
	});

	test('rules are handed on with the defaults set', () => {
		const seen: string[] = [];
		const found = problems(widget('{ size: 1, a: x }'), {
			customKinds,
			evaluateRule: (rule, self) => {
				seen.push(`${rule.rule} of ${self.kind === 'map' ? self.entries.map(({ key }) => key).join() : self.kind}`);
				return { kind: 'fails', message: rule.message ?? '' };
			},
		});
		expect(seen).toEqual(['self.size > 0 of size,a,mode']);
		expect(found.map(({ code, message, details }) => [`${code}: ${message}`, details])).toEqual([
			['schema/rule-failed: spec of Widget/w: size must be positive', 'spec: Invalid value: size must be positive'],
		]);
		const [silent] = problems(widget('{ size: 1, a: x }'), {
			customKinds,
			evaluateRule: () => ({ kind: 'fails', message: '' }),
		});
		expect([silent?.message, silent?.details]).toEqual([
			'spec of Widget/w: it breaks the rule self.size > 0',
			'spec: Invalid value: failed rule: self.size > 0',
		]);
	});

	test('a version that is not served', () => {
		expect(told('apiVersion: example.com/v1alpha1\nkind: Widget\nmetadata: { name: w }\n', { customKinds })).toEqual([
			'schema/removed-api apiVersion',
		]);
	});

	test('are found in files by their text, and other files are not read as YAML', () => {
		const { files } = fixture(`-- crd.yaml --${CRD}-- big.yaml --\nkind: ConfigMap\n`);
		const tree = new Database(memorySource(files));
		const kinds = allSteps(customKindsIn(tree, [...files.keys()]));
		expect(kinds.find('example.com', 'Gadget')).toBeUndefined();
		expect(tree.runs.get('content')).toBeUndefined();
		expect(kinds.find('example.com', 'Widget')?.scope).toBe('Cluster');
		expect(tree.runs.get('content')).toBe(1);
		const found = validateResource(tree, read(widget('{ size: 0, a: x }')), { mode: 'resource', customKinds: kinds });
		expect(found.map(({ code }) => code)).toEqual(['schema/out-of-range']);
	});

	test('v1beta1 keeps unknown fields unless it says otherwise', () => {
		const beta = (extra: string) =>
			customKindsOf([
				read(
					`apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nspec:\n  group: example.com\n  version: v1\n  names: { kind: Widget }\n${extra}  validation: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { a: { type: string } } } } } }\n`,
				),
			]);
		expect(told(widget('{ b: 1 }'), { customKinds: beta('') })).toEqual([]);
		expect(told(widget('{ b: 1 }'), { customKinds: beta('  preserveUnknownFields: false\n') })).toEqual([
			'schema/unknown-field spec.b',
		]);
	});
});

test('without any shipped schema nothing is claimed', () => {
	const bare = new Database({ ...memorySource(new Map()), bundled: () => undefined });
	const found = validateResource(bare, read(POD('imag: x')), { mode: 'resource' });
	expect(found.map(({ code }) => code)).toEqual(['schema/unknown-kind']);
});

test('definitions of odd shapes are survived', () => {
	for (const schema of [
		'[]',
		'null',
		'{ properties: [1], items: 3, oneOf: {}, enum: 7 }',
		'{ type: [object], pattern: "(" }',
	]) {
		const customKinds = customKindsOf([
			read(
				`apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: { group: e.com, names: { kind: W }, versions: [{ name: v1, served: true, schema: { openAPIV3Schema: ${schema} } }] }\n`,
			),
		]);
		expect(told('apiVersion: e.com/v1\nkind: W\nspec: { a: 1 }\n', { customKinds })).toEqual([]);
	}
});

test('every code has its line in the table', () => {
	for (const [code, { summary }] of Object.entries(SCHEMA_PROBLEM_CODES)) {
		expect(code).toMatch(/^schema\/[a-z-]+$/);
		expect(summary.length).toBeGreaterThan(20);
	}
});
