/** What is said of an open file before its tree is known: soon, and nothing that has to be taken back. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import type { Diagnostic } from '../../server/src/core/ide/results';
import { fixture, memorySource, ROOT } from '../support/fixture';

const TREE = `
-- base/kustomization.yaml --
resources: [deployment.yaml, missing.yaml]
-- base/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { replicaz: 1 }
-- overlays/staging/kustomization.yaml --
resources: [../../base]
resuorces: []
patches: [{ path: patches/web-patch.yaml }]
-- overlays/staging/patches/web-patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: wep }
spec: { replicas: 2 }
-- components/extra/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches: [{ path: patch.yaml }]
-- components/extra/patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { replicas: 3 }
`;

function look(files: ReadonlyMap<string, string>, file: string): { analysis: Analysis; found: readonly Diagnostic[] } {
	const analysis = new Analysis(memorySource(files));
	analysis.apply({ roots: [ROOT] });
	const work = analysis.firstLook(file);
	let step = work.next();
	while (!step.done) step = work.next();
	expect(step.value).toBe(true);
	return { analysis, found: analysis.diagnosticsAtOnce(file) };
}

const codes = (found: readonly Diagnostic[]) => found.map(({ code }) => code);

test.each([
	['base/kustomization.yaml', ['kustomize/missing-resource']],
	['base/deployment.yaml', ['schema/unknown-field']],
	['overlays/staging/kustomization.yaml', ['kustomize/unknown-field']],
	['components/extra/patch.yaml', []],
])('%s says %j by itself', (file, expected) => {
	const { found, analysis } = look(fixture(TREE).files, `${ROOT}/${file}`);
	expect(codes(found)).toEqual(expected);
	// Of all files, only what the directory is built from was read.
	expect(analysis.db.runs.get('clusterTree')).toBeUndefined();
});

test('when the tree is known there is nothing to look for first', () => {
	const file = `${ROOT}/base/kustomization.yaml`;
	const { analysis } = look(fixture(TREE).files, file);
	analysis.diagnostics(file);
	expect(analysis.firstLook(file).next()).toEqual({ done: true, value: false });
});

describe.each(['examples/broken', 'examples/fleet'])('%s', example => {
	const files = new Map(
		fs
			.readdirSync(example, { recursive: true, withFileTypes: true })
			.filter(entry => entry.isFile())
			.map(entry => path.join(entry.parentPath, entry.name))
			.map(file => [`${ROOT}/${path.relative(example, file)}`, fs.readFileSync(file, 'utf8')] as const),
	);

	test('nothing is said that the whole tree does not say too', () => {
		let said = 0;
		const analysis = new Analysis(memorySource(files));
		analysis.apply({ roots: [ROOT] });
		const first = [...files.keys()].map(file => {
			for (const _ of analysis.firstLook(file));
			return { file, found: analysis.diagnosticsAtOnce(file) };
		});
		for (const { file, found } of first) {
			const all = analysis.diagnostics(file).map(each => `${each.code} ${each.range.start}`);
			expect(all, file).toEqual(expect.arrayContaining(found.map(each => `${each.code} ${each.range.start}`)));
			said += found.length;
		}
		expect(said > 0).toBe(example === 'examples/broken');
	});
});
