/** What the schemas say to hover and completion. */
import { describe, expect, test } from 'vitest';
import { Database } from '../../../../server/src/core/base/query';
import { fieldAt, fieldsOf, schemaAt } from '../../../../server/src/core/kube/schema/at';
import { keyCandidates, valueCandidates } from '../../../../server/src/core/kube/schema/complete';
import { descriptionAt } from '../../../../server/src/core/kube/schema/descriptions';
import { kustomizationSchema } from '../../../../server/src/core/kube/schema/kustomization-file';
import { schemaIndex, shippedSchema } from '../../../../server/src/core/kube/schema/shard';
import { knownKinds, schemaOf } from '../../../../server/src/core/kube/schema/store';
import type { Schema } from '../../../../server/src/core/kube/schema/schema';
import { memorySource } from '../../../support/fixture';

const db = new Database(memorySource(new Map()));
const deployment = schemaOf(db, 'apps/v1', 'Deployment')!;
const release = schemaOf(db, 'helm.toolkit.fluxcd.io/v2', 'HelmRelease')!;
const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];

const snippets = (schema: Schema | undefined, mode: 'resource' | 'patch', present: string[] = []) =>
	Object.fromEntries(keyCandidates(schema!, new Set(present), mode).map(({ key, snippet }) => [key, snippet]));

test('a kind is found with its scope and life, and only its shard is read', () => {
	const fresh = new Database(memorySource(new Map()));
	expect(schemaOf(fresh, 'policy/v1', 'PodDisruptionBudget')).toMatchObject({
		scope: 'Namespaced',
		from: 'kubernetes',
	});
	expect(fresh.runs.get('schemaShard')).toBe(1);
	expect(schemaOf(fresh, 'cert-manager.io/v1', 'ClusterIssuer')).toMatchObject({
		scope: 'Cluster',
		from: 'well-known',
	});
	expect(schemaOf(fresh, 'cert-manager.io/v1', 'Cluster')).toBeUndefined();
	expect(schemaOf(fresh, 'apps/v1beta1', 'Deployment')).toMatchObject({ schema: undefined, life: { removed: '1.16' } });
	expect(knownKinds(fresh, 'apps/v1').map(({ kind }) => kind)).toEqual([
		'ControllerRevision',
		'DaemonSet',
		'Deployment',
		'ReplicaSet',
		'StatefulSet',
	]);
});

test('every kind of the index has a schema that can be walked', () => {
	const { kubernetes, crds } = schemaIndex(db);
	let places = 0;
	const seen = new Set<Schema>();
	const visit = (schema: Schema) => {
		if (seen.has(schema)) return;
		seen.add(schema);
		places++;
		for (const below of schema.properties.values()) visit(below);
		for (const part of [...schema.allOf, ...schema.anyOf, ...schema.oneOf]) visit(part);
		if (schema.not) visit(schema.not);
		if (schema.items) visit(schema.items);
		if (typeof schema.additional === 'object') visit(schema.additional);
	};
	for (const [id, entry] of [...kubernetes.kinds, ...crds.kinds]) {
		const schema = shippedSchema(db, entry);
		if (entry.shard !== undefined) expect(schema, id).toBeDefined();
		if (schema) visit(schema);
	}
	expect(crds.kinds.size).toBeGreaterThan(400);
	expect(places).toBeGreaterThan(7000);
});

test('what a field takes', () => {
	expect(fieldAt(deployment.schema, [...CONTAINER, 'imagePullPolicy'])).toMatchObject({
		type: 'string',
		enum: ['Always', 'Never', 'IfNotPresent'],
		required: false,
	});
	expect(fieldAt(deployment.schema, [...CONTAINER, 'name'])).toMatchObject({ required: true });
	expect(fieldAt(deployment.schema, [...CONTAINER, 'args'])!.type).toBe('array of string');
	expect(fieldAt(deployment.schema, [...CONTAINER, 'resources', 'limits', 'cpu'])!.type).toBe('quantity');
	expect(fieldAt(deployment.schema, ['metadata', 'labels'])!.type).toBe('map of string');
	expect(fieldAt(deployment.schema, ['spec', 'nothing'])).toBeUndefined();
	expect(fieldAt(release.schema, ['metadata', 'name'])).toMatchObject({ type: 'string' });
	expect(
		fieldsOf(schemaAt(deployment.schema, ['spec'])!)
			.map(({ key }) => key)
			.slice(0, 3),
	).toEqual(['selector', 'template', 'minReadySeconds']);
});

describe('completion', () => {
	test('keys bring what is required below them', () => {
		expect(snippets(schemaAt(deployment.schema, CONTAINER), 'resource', ['name'])).toMatchObject({
			image: 'image: $1',
			imagePullPolicy: 'imagePullPolicy: ${1|Always,Never,IfNotPresent|}',
			ports: 'ports:\n  - containerPort: $1',
			tty: 'tty: ${1|true,false|}',
			volumeMounts: 'volumeMounts:\n  - mountPath: $1\n    name: $2',
		});
		expect(snippets(schemaAt(deployment.schema, CONTAINER), 'resource', ['name'])).not.toHaveProperty('name');
		expect(snippets(release.schema, 'resource')['spec']).toBe('spec:\n  interval: $1');
	});

	test('in a patch nothing is required', () => {
		expect(snippets(schemaAt(deployment.schema, CONTAINER), 'patch')['volumeMounts']).toBe('volumeMounts:\n  - $1');
	});

	test('values: default first', () => {
		const strategy = schemaAt(release.schema, ['spec', 'upgrade', 'crds']);
		expect(valueCandidates(strategy!).map(({ text }) => text)).toEqual(['Skip', 'Create', 'CreateReplace']);
		const cron = schemaAt(release.schema, ['spec', 'chart', 'spec', 'reconcileStrategy']);
		expect(valueCandidates(cron!)).toEqual([
			{ text: 'ChartVersion', detail: 'default' },
			{ text: 'Revision', detail: 'enum' },
		]);
		expect(valueCandidates(schemaAt(deployment.schema, ['spec', 'replicas'])!)).toEqual([]);
	});
});

test('the fields of a kustomization file, every one with a text', () => {
	const root = kustomizationSchema(db);
	expect(fieldAt(root, ['patches', 0, 'target', 'kind'])!.description).toContain('regular expression');
	expect(fieldAt(root, ['images', 0, 'name'])).toMatchObject({ required: true });
	expect(fieldAt(root, ['commonLabels'])).toMatchObject({ deprecated: true });
	expect(valueCandidates(schemaAt(root, ['configMapGenerator', 0, 'behavior'])!).map(({ text }) => text)).toEqual([
		'create',
		'replace',
		'merge',
	]);
	expect(snippets(root, 'resource')['replicas']).toBe('replicas:\n  - name: $1\n    count: $2');
	const visit = (schema: Schema, path: string) => {
		for (const field of fieldsOf(schema)) {
			expect(field.description, `${path}.${field.key}`).toMatch(/\.$/);
			visit(field.schema.items ?? field.schema, `${path}.${field.key}`);
		}
	};
	visit(root, '');
});

test('descriptions come from the build, and their absence breaks nothing', () => {
	const described = new Database({
		...memorySource(new Map()),
		bundled: (name: string) =>
			name === 'descriptions/kubernetes.json'
				? JSON.stringify({ 'api.core.v1.Container': { '': 'A container.', image: 'What it runs.' } })
				: memorySource(new Map()).bundled(name),
	});
	const root = schemaOf(described, 'apps/v1', 'Deployment')!.schema;
	expect(descriptionAt(described, root, [...CONTAINER, 'image'])).toBe('What it runs.');
	expect(descriptionAt(described, root, CONTAINER)).toBe('A container.');
	const silent = new Database({
		...memorySource(new Map()),
		bundled: (name: string) => (name.startsWith('descriptions/') ? undefined : memorySource(new Map()).bundled(name)),
	});
	expect(descriptionAt(silent, schemaOf(silent, 'apps/v1', 'Deployment')!.schema, CONTAINER)).toBeUndefined();
});
