/** Bad days of the disk and of Strata itself: what they break is one thing, and the rest is said as ever. */
import { afterEach, expect, test, vi } from 'vitest';
import { RULES } from '../../server/src/core/rules/registry';
import { bounded } from '../../server/src/host/bounded';
import type { Source } from '../../server/src/core/workspace/inputs';
import { fixture, memorySource } from '../support/fixture';
import { MemoryCache } from '../support/starts';
import { serve, type Served, TURNS } from './in-memory';

afterEach(() => void vi.restoreAllMocks());

const TREE = `
-- good/kustomization.yaml --
resources: [deployment.yaml, missing.yaml]
-- good/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { replicaz: 1 }
-- bad/kustomization.yaml --
resources: [service.yaml]
-- bad/service.yaml --
apiVersion: v1
kind: Service
metadata: { name: web }
-- bad/kustomization-of-nobody.yaml --
resources: []
`;

const memory = memorySource(fixture(TREE).files);

/** The codes that hold in the end, by file below the root. */
function codes({ published }: Served): Record<string, readonly unknown[]> {
	const last = new Map(published.map(({ uri, diagnostics }) => [uri, diagnostics]));
	return Object.fromEntries(
		[...last].map(([uri, found]) => [uri.replace('file:///repo/', ''), found.map(({ code }) => code).sort()]),
	);
}

const GOOD = {
	'good/kustomization.yaml': ['kustomize/missing-resource'],
	'good/deployment.yaml': ['schema/missing-field', 'schema/missing-field', 'schema/unknown-field'],
};

test('a directory that cannot be read', async () => {
	const source: Source = {
		...memory,
		list: path => (path.startsWith('/repo/bad') ? undefined : memory.list(path)),
		read: path =>
			path.startsWith('/repo/bad/') ? { kind: 'unreadable', why: 'permission denied' } : memory.read(path),
	};
	const served = await serve(source);
	expect(codes(served)).toMatchObject(GOOD);
	expect(served.failures).toEqual([]);
});

test('a file that vanishes between being listed and being read', async () => {
	const source: Source = {
		...memory,
		read: path => (path === '/repo/bad/service.yaml' ? { kind: 'missing' } : memory.read(path)),
	};
	const served = await serve(source);
	expect(codes(served)).toMatchObject(GOOD);
	expect(served.failures).toEqual([]);
});

test('a directory that vanishes after it was listed', async () => {
	const source: Source = {
		...memory,
		list: path => (path === '/repo/bad' ? undefined : memory.list(path)),
		realPath: path => (path.startsWith('/repo/bad') ? undefined : memory.realPath(path)),
		read: path => (path.startsWith('/repo/bad') ? { kind: 'missing' } : memory.read(path)),
	};
	const served = await serve(source);
	expect(codes(served)).toMatchObject(GOOD);
	expect(served.failures).toEqual([]);
});

test('a rule that throws is logged once and goes without; nothing of it is kept for the next start', async () => {
	const cache = new MemoryCache();
	const later = vi.fn();
	const check = vi.spyOn(RULES[0]!, 'check').mockImplementation(() => {
		throw new Error('a mistake');
	});
	const served = await serve(memory, { starts: () => cache, later });
	expect(check).toHaveBeenCalled();
	expect(codes(served)).toMatchObject(GOOD);
	expect(served.failures).toEqual([`the rule ${RULES[0]!.code}`]);
	expect(later).not.toHaveBeenCalled();
});

test('a rule that never ends is stopped and left out; the rest is found, and nothing is kept for the next start', async () => {
	const later = vi.fn();
	const check = vi.spyOn(RULES[0]!, 'check').mockImplementation(() => {
		for (;;);
	});
	const served = await serve(memory, { turns: { ...TURNS, bounded: run => bounded(300, run) }, later });
	const name = `the rule ${RULES[0]!.code}`;
	expect(codes(served)).toMatchObject(GOOD);
	expect(served.failures).toEqual([name]);
	expect(served.shown).toEqual([expect.stringContaining(`without ${name}, which did not end`)]);
	expect(later).not.toHaveBeenCalled();

	// It is not tried again with the next edit, and questions are answered.
	const runs = check.mock.calls.length;
	const again = served.checked();
	const uri = 'file:///repo/good/deployment.yaml';
	const text = fixture(TREE).files.get('/repo/good/deployment.yaml')!.replace('replicaz', 'replicas');
	void served.client.sendNotification('textDocument/didOpen', {
		textDocument: { uri, languageId: 'yaml', version: 1, text },
	});
	await again;
	expect(codes(served)['good/deployment.yaml']).toEqual(['schema/missing-field', 'schema/missing-field']);
	expect(check.mock.calls.length).toBe(runs);
	const hover = await served.client.sendRequest('textDocument/hover', {
		textDocument: { uri },
		position: { line: 3, character: 8 },
	});
	expect(JSON.stringify(hover)).toContain('replicas');
});

const EXPLODING = `
-- policy.yaml --
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: explodes }
spec:
  validationFailureAction: Enforce
  rules:
    - name: names
      match: { any: [{ resources: { kinds: [Service] } }] }
      validate:
        message: names
        deny:
          conditions:
            any:
              - key: "{{ regex_match('^(a+)+$', request.object.metadata.name) }}"
                operator: Equals
                value: true
-- kustomization.yaml --
resources: [policy.yaml, service.yaml]
-- service.yaml --
apiVersion: v1
kind: Service
metadata: { name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b }
spec: { ports: [{ port: 80, prot: TCP }] }
`;

test('a regular expression of a policy that explodes holds nobody up', async () => {
	const served = await serve(memorySource(fixture(EXPLODING).files), {
		turns: { ...TURNS, bounded: run => bounded(2000, run) },
	});
	expect(codes(served)['service.yaml']).toEqual(['schema/unknown-field']);
	expect(served.failures).toEqual([]);
});

const PATTERN = `
-- kustomization.yaml --
resources: [crd.yaml, thing.yaml, service.yaml]
-- crd.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Thing, plural: things, singular: thing, listKind: ThingList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: string, pattern: '${'(a?)'.repeat(20_000)}' }
-- thing.yaml --
apiVersion: example.com/v1
kind: Thing
metadata: { name: thing }
spec: ${'a'.repeat(20_000)}
-- service.yaml --
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80, prot: TCP }] }
`;

test('a schema that does not come to an end is left out by the name of its kind', async () => {
	const served = await serve(memorySource(fixture(PATTERN).files), {
		turns: { ...TURNS, bounded: run => bounded(2000, run) },
	});
	expect(codes(served)['service.yaml']).toEqual(['schema/unknown-field']);
	expect(served.shown).toEqual([expect.stringContaining('without the schema of Thing, which did not end')]);
});
