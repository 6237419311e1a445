/** What reaches the controllers of a directory without a kustomization. */
import { expect, test } from 'vitest';
import { Database } from '../../../../server/src/core/base/query';
import { fluxClusters } from '../../../../server/src/core/gitops/flux/graph';
import { roots } from '../../../../server/src/core/workspace/inputs';
import { fixture, memorySource, ROOT } from '../../../support/fixture';

const FILES = [
	'a.yaml',
	'.sops.yaml',
	'deep/.sops.yaml',
	'.github/workflows/ci.yaml',
	'cloudbuild.yaml',
	'docs/b.yaml',
	'docs/keep/c.yaml',
];

/** The names of what is applied: each file holds a ConfigMap that is called after it. */
function applied(ignore: string, more = ''): readonly string[] {
	const manifests = FILES.map(
		(path, i) => `-- ${path} --\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: n${i}, namespace: x }\n`,
	);
	const { files } = fixture(`-- flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { url: https://git.example.com/fleet, ignore: ${JSON.stringify(ignore)} }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./, sourceRef: { kind: GitRepository, name: flux-system } }
${manifests.join('')}${more}`);
	const db = new Database(memorySource(files));
	db.set(roots, '', [ROOT]);
	const [cluster] = fluxClusters(db);
	return cluster!.applied
		.filter(({ resource }) => resource.id.kind === 'ConfigMap')
		.map(({ resource }) => FILES[Number(resource.id.name.slice(1))]!)
		.sort();
}

test.each([
	['the list that all sources have', '', '', ['a.yaml', 'docs/b.yaml', 'docs/keep/c.yaml']],
	['spec.ignore', 'docs/', '', ['a.yaml']],
	['spec.ignore, with an exception', '/docs/*\n!/docs/keep/', '', ['a.yaml', 'docs/keep/c.yaml']],
	[
		'spec.ignore over the list',
		'!.sops.yaml',
		'',
		['.sops.yaml', 'a.yaml', 'deep/.sops.yaml', 'docs/b.yaml', 'docs/keep/c.yaml'],
	],
	['everything but one directory', '/*\n!/docs', '', ['docs/b.yaml', 'docs/keep/c.yaml']],
	['any depth', '**/c.yaml', '', ['a.yaml', 'docs/b.yaml']],
	['a name at any depth', '[bc].y?ml', '', ['a.yaml']],
	['comments, and what is no pattern', '# a.yaml\n\n[\na**.yaml', '', ['a.yaml', 'docs/b.yaml', 'docs/keep/c.yaml']],
	['.sourceignore of the root', '', '-- .sourceignore --\n*.yaml\n!c.yaml\n', ['docs/keep/c.yaml']],
	[
		'.sourceignore of a directory, for what is below it',
		'',
		'-- docs/.sourceignore --\n/keep\n',
		['a.yaml', 'docs/b.yaml'],
	],
	['spec.ignore over .sourceignore', '!b.yaml', '-- docs/.sourceignore --\n*.yaml\n', ['a.yaml', 'docs/b.yaml']],
])('%s', (_, ignore, more, expected) => {
	expect(applied(ignore, more)).toEqual(expected);
});
