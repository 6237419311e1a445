/** What the API server refuses although every field has its type. */
import { expect, test } from 'vitest';
import { formatPath } from '../../../../server/src/core/base/address';
import { Database } from '../../../../server/src/core/base/query';
import { validateResource } from '../../../../server/src/core/kube/schema/validate';
import { readContent } from '../../../../server/src/core/yaml/content';
import { parseSyntax } from '../../../../server/src/core/yaml/syntax';
import { memorySource } from '../../../support/fixture';

const db = new Database(memorySource(new Map()));

function told(text: string, mode: 'resource' | 'patch' = 'resource'): readonly string[] {
	const root = readContent(parseSyntax(text), { file: '/x.yaml', step: 'resource' })[0]!.root!;
	return validateResource(db, root, { mode })
		.filter(({ code }) => code === 'schema/refused')
		.map(({ at }) => formatPath(at.path));
}

const pod = (container: string, rest = '') =>
	`{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i, ${container}}]${rest}}}`;
const workload = (kind: string, template: string, spec = '', metadata = 'name: w') =>
	`{apiVersion: apps/v1, kind: ${kind}, metadata: {${metadata}}, spec: {${spec}template: {${template}}}}`;
const SPEC = 'spec: {containers: [{name: c, image: i}]}';

test.each([
	['a name in capitals', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}', ['metadata.name']],
	['a name with points', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a.b-c}', []],
	['a Service with a point in its name', 'apiVersion: v1\nkind: Service\nmetadata: {name: a.b}', ['metadata.name']],
	['a role with a colon', 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: "system:x"}', []],
	['a name that is still to be filled in', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "${NAME}"}', []],
	[
		'a long name of a CronJob',
		`apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: ${'a'.repeat(53)}}`,
		['metadata.name'],
	],
	[
		'labels',
		'{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {a: b c, x/y/z: d, "example.org/ok": "", v: "${V} x"}}}',
		['metadata.labels.a', 'metadata.labels.x/y/z'],
	],
	[
		'a mount without its volume',
		pod('volumeMounts: [{name: d, mountPath: /d}]'),
		['spec.containers[0].volumeMounts[0].name'],
	],
	[
		'a mount with its volume',
		pod('volumeMounts: [{name: d, mountPath: /d}]', ', volumes: [{name: d, emptyDir: {}}]'),
		[],
	],
	[
		'a mount of a claim',
		workload(
			'StatefulSet',
			'spec: {containers: [{name: c, image: i, volumeMounts: [{name: d, mountPath: /d}]}]}',
			'volumeClaimTemplates: [{metadata: {name: d}}], ',
		),
		[],
	],
	[
		'a value twice',
		pod('env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: x}}}]'),
		['spec.containers[0].env[0].valueFrom'],
	],
	[
		'a request above its limit',
		pod('resources: {requests: {cpu: 1500m}, limits: {cpu: 1}}'),
		['spec.containers[0].resources.requests.cpu'],
	],
	['a request within its limit', pod('resources: {requests: {memory: 1Gi}, limits: {memory: 1024Mi}}'), []],
	[
		'ports',
		pod('ports: [{containerPort: 0}, {containerPort: 70000, hostPort: 0}]'),
		['spec.containers[0].ports[0].containerPort', 'spec.containers[0].ports[1].containerPort'],
	],
	[
		'ports without names',
		'{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{name: a, port: 1}, {port: 2}]}}',
		['spec.ports[1]'],
	],
	[
		'a selector of other pods',
		workload('Deployment', `metadata: {labels: {app: a}}, ${SPEC}`, 'selector: {matchLabels: {app: b}}, '),
		['spec.selector.matchLabels.app'],
	],
	[
		'a selector of its own',
		workload('Deployment', `metadata: {labels: {app: a, b: c}}, ${SPEC}`, 'selector: {matchLabels: {app: a}}, '),
		[],
	],
	[
		'a label that is still to be filled in',
		workload('Deployment', `metadata: {labels: {app: "\${A}"}}, ${SPEC}`, 'selector: {matchLabels: {app: b}}, '),
		[],
	],
	[
		'a Job that begins again',
		`{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {${SPEC}}}}`,
		['spec.template.spec'],
	],
	[
		'a Job that ends',
		`{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {restartPolicy: Never, containers: []}}}}`,
		[],
	],
	[
		'a Deployment that ends',
		workload('Deployment', 'spec: {restartPolicy: Never, containers: []}'),
		['spec.template.spec.restartPolicy'],
	],
])('%s', (_, text, expected) => {
	expect(told(text)).toEqual(expected);
});

test('patches are not whole objects', () => {
	expect(told(pod('volumeMounts: [{name: d, mountPath: /d}]'), 'patch')).toEqual([]);
});
