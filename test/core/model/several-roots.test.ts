/** Several folders open in one window: each is a repository of its own, and nothing of one is the other's. */
import { expect, test } from 'vitest';
import { Analysis } from '../../../server/src/core/analysis';
import { NOW } from '../../support/check';
import { memorySource } from '../../support/fixture';

const repository = (application: string, environments: readonly string[]) => ({
	[`${application}/base/kustomization.yaml`]: 'resources: [service.yaml]\n',
	[`${application}/base/service.yaml`]: `apiVersion: v1
kind: Service
metadata:
  name: ${application}
spec:
  ports: [{port: 80}]
`,
	...Object.fromEntries(
		environments.map(name => [
			`${application}/overlays/${name}/kustomization.yaml`,
			`namespace: ${application}\nresources: [../../base]\n`,
		]),
	),
});

const folder = (root: string, files: Readonly<Record<string, string>>) =>
	Object.entries(files).map(([path, text]): [string, string] => [`${root}/${path}`, text]);

const found = (analysis: Analysis) =>
	analysis.files().flatMap(file => analysis.diagnostics(file).map(({ code, message }) => `${file} ${code} ${message}`));

test('each is understood as if it were open alone', () => {
	const files = new Map([
		...folder('/repo/shop', repository('shop', ['staging', 'production'])),
		...folder('/repo/blog', repository('blog', ['dev', 'test', 'live'])),
	]);
	const analysis = new Analysis(memorySource(files));
	analysis.apply({ roots: ['/repo/shop', '/repo/blog'], now: NOW });
	expect(found(analysis)).toEqual([]);
	expect(analysis.entryPoints().map(({ directory, environment }) => [directory, environment])).toEqual(
		expect.arrayContaining([
			['/repo/blog/blog/overlays/dev', 'dev'],
			['/repo/blog/blog/overlays/live', 'live'],
			['/repo/blog/blog/overlays/test', 'test'],
			['/repo/shop/shop/overlays/production', 'production'],
			['/repo/shop/shop/overlays/staging', 'staging'],
		]),
	);
	// One that is closed takes nothing along.
	analysis.apply({ roots: ['/repo/blog'] });
	expect(analysis.files().filter(file => file.startsWith('/repo/shop/'))).toEqual([]);
	expect(found(analysis)).toEqual([]);
});
