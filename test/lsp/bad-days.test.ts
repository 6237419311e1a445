/** Bad days of the disk and of Strata itself: what they break is one thing, and the rest is said as ever. */
import { afterEach, expect, test, vi } from 'vitest';
import { RULES } from '../../server/src/core/rules/registry';
import type { Source } from '../../server/src/core/workspace/inputs';
import { fixture, memorySource } from '../support/fixture';
import { MemoryCache } from '../support/starts';
import { serve, type Served } from './in-memory';

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
	expect(served.failures).toEqual([`rule ${RULES[0]!.code}`]);
	expect(later).not.toHaveBeenCalled();
});
