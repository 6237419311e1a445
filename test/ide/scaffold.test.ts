/** New components, environments and overlays in the example tree: what results has no findings, and builds. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FilePath } from '../../server/src/core/base/paths';
import type { ScaffoldRequest } from '../../server/src/core/ide/scaffold/scaffold';
import { after, analysisOf, exampleFiles } from '../support/examples';
import { ROOT } from '../support/fixture';

interface Scaffolded {
	readonly files: ReadonlyMap<FilePath, string>;
	readonly made: readonly string[];
	readonly notes: readonly string[];
}

function scaffolded(files: ReadonlyMap<FilePath, string>, request: ScaffoldRequest): Scaffolded {
	const found = analysisOf(files).scaffold(request);
	if (found.kind === 'refused') throw new Error(found.why);
	const result = after(files, found.change);
	const made = found.change.create.map(({ file }) => file.slice(ROOT.length + 1)).sort();
	return { files: result, made, notes: found.notes ?? [] };
}

/** `file code message` of everything that is found. */
function findings(files: ReadonlyMap<FilePath, string>): string[] {
	const analysis = analysisOf(files);
	return [...new Set([...analysis.files(), ...files.keys()])].flatMap(file =>
		analysis.diagnostics(file).map(({ code, message }) => `${file.slice(ROOT.length + 1)} ${code} ${message}`),
	);
}

const KUBECTL = process.env.STRATA_KUBECTL;

/** Builds directories with the real tool, where it is installed. */
function buildAll(files: ReadonlyMap<FilePath, string>, directories: readonly string[]): void {
	if (KUBECTL === undefined) {
		console.log('not built with kubectl, which STRATA_KUBECTL does not name');
		return;
	}
	const root = fs.mkdtempSync(path.join(os.tmpdir(), 'scaffold-'));
	onTestFinished(() => fs.rmSync(root, { recursive: true }));
	for (const [file, text] of files) {
		const target = path.join(root, file.slice(ROOT.length));
		fs.mkdirSync(path.dirname(target), { recursive: true });
		fs.writeFileSync(target, text);
	}
	for (const directory of directories) {
		const output = execFileSync(KUBECTL, [
			'kustomize',
			'--load-restrictor',
			'LoadRestrictionsNone',
			path.join(root, directory),
		]);
		expect(output.length).toBeGreaterThan(100);
	}
}

const ENVIRONMENTS = ['local', 'production', 'staging'];

test('a component with a chart', () => {
	const { files, made } = scaffolded(exampleFiles('fleet'), {
		what: 'component',
		kind: 'helm',
		name: 'wiki',
		group: `${ROOT}/clusters/base/applications`,
		environments: ENVIRONMENTS,
	});
	expect(made).toContain('clusters/base/applications/wiki/README.md');
	expect(made).toContain('clusters/base/applications/wiki/examples/staging/README.md');
	expect(made).toContain('clusters/production/applications/wiki/kustomization.yaml');
	expect(files.get(`${ROOT}/clusters/staging/applications/kustomization.yaml`)).toMatch(/^ {2}- wiki$/m);
	expect(findings(files)).toEqual([]);
	expect(
		analysisOf(files)
			.outline()
			.components.find(({ name }) => name === 'wiki'),
	).toMatchObject({
		missing: [],
		documented: true,
	});
	buildAll(
		files,
		ENVIRONMENTS.map(environment => `clusters/${environment}/applications`),
	);
});

test('a component of manifests', () => {
	const { files } = scaffolded(exampleFiles('fleet'), {
		what: 'component',
		kind: 'manifests',
		name: 'wiki',
		group: `${ROOT}/clusters/base/applications`,
		environments: ENVIRONMENTS,
	});
	expect(findings(files)).toEqual([]);
	buildAll(
		files,
		ENVIRONMENTS.map(environment => `clusters/${environment}/applications`),
	);
});

test('the overlay that an environment lacks', () => {
	const files = exampleFiles('fleet');
	for (const file of files.keys()) {
		if (file.startsWith(`${ROOT}/clusters/staging/applications/podinfo/`)) files.delete(file);
	}
	const list = `${ROOT}/clusters/staging/applications/kustomization.yaml`;
	files.set(list, files.get(list)!.replace('  - podinfo\n', ''));
	expect(
		analysisOf(files)
			.outline()
			.components.find(({ name }) => name === 'podinfo')?.missing,
	).toEqual(['staging']);
	const { files: result, made } = scaffolded(files, {
		what: 'overlay',
		component: `${ROOT}/clusters/base/applications/podinfo`,
		environment: 'staging',
	});
	expect(made).toEqual([
		'clusters/staging/applications/podinfo/helm/values.yaml',
		'clusters/staging/applications/podinfo/kustomization.yaml',
	]);
	expect(findings(result)).toEqual([]);
	buildAll(result, ['clusters/staging/applications']);
});

test('an environment, without what needs secrets of its own', () => {
	const { files, made, notes } = scaffolded(exampleFiles('fleet'), {
		what: 'environment',
		like: 'staging',
		name: 'edge',
	});
	expect(made).toContain('clusters/edge/flux-system/gotk-sync.yaml');
	expect(made.filter(file => file.includes('actual-'))).toEqual([]);
	expect(notes.join('\n')).toMatch(/bulletin was left out: it needs the SealedSecret bulletin-session/);
	expect(findings(files)).toEqual([]);
	expect(analysisOf(files).outline().environments).toEqual(['edge', 'local', 'production', 'staging']);
	buildAll(files, ['clusters/edge', 'clusters/edge/infrastructure', 'clusters/edge/applications']);
});

test('an environment and an overlay in a repository of several trees', () => {
	const tree = (root: string) => {
		const web = (environment: string): [string, string][] => [
			[`${root}/clusters/${environment}/web/kustomization.yaml`, 'resources:\n  - ../../base/web\n'],
			[`${root}/clusters/${environment}/flux-system/gotk-sync.yaml`, sync(`./${root}/clusters/${environment}`)],
		];
		return [
			[`${root}/clusters/base/web/kustomization.yaml`, 'resources:\n  - config.yaml\n'] as [string, string],
			[
				`${root}/clusters/base/web/config.yaml`,
				'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: web\n',
			] as [string, string],
			...web('staging'),
			...web('live'),
		];
	};
	const files = new Map([...tree('one'), ...tree('two')].map(([file, text]) => [`${ROOT}/${file}`, text]));
	expect(analysisOf(files).outline().environments).toEqual(['one/live', 'one/staging', 'two/live', 'two/staging']);
	const { made, files: result } = scaffolded(files, { what: 'environment', like: 'one/staging', name: 'edge' });
	expect(made).toEqual(['one/clusters/edge/flux-system/gotk-sync.yaml', 'one/clusters/edge/web/kustomization.yaml']);
	expect(analysisOf(result).outline().environments).toContain('one/edge');
	expect(findings(result)).toEqual([]);
});

const sync = (at: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@example.com/org/repo
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  path: ${at}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
`;

test('what cannot be made is refused with a reason', () => {
	const analysis = analysisOf(exampleFiles('fleet'));
	const why = (request: ScaffoldRequest) => {
		const found = analysis.scaffold(request);
		return found.kind === 'refused' ? found.why : undefined;
	};
	const group = `${ROOT}/clusters/base/applications`;
	const component = { what: 'component', kind: 'helm', group, environments: ENVIRONMENTS } as const;
	expect(why({ ...component, name: 'No Name' })).toMatch(/cannot be a name/);
	expect(why({ ...component, name: 'podinfo' })).toMatch(/already/);
	expect(why({ ...component, name: 'wiki', group: ROOT })).toMatch(/no layout to follow/);
	expect(why({ what: 'environment', like: 'staging', name: 'production' })).toMatch(/already/);
	expect(why({ what: 'overlay', component: `${group}/podinfo`, environment: 'staging' })).toMatch(/already/);
});
