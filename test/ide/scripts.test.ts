/** Scripts of the tree, and the paths in them. */
import { expect, test } from 'vitest';
import { analyse, definition } from '../support/check';
import { ROOT } from '../support/fixture';

const TREE = `
-- clusters/staging/kustomization.yaml --
resources:
  - config.yaml
-- clusters/staging/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
-- scripts/gitops/build.sh --
#!/usr/bin/env bash
# Build one environment,
# and print it.
#
# usage: build.sh ENVIRONMENT
# shellcheck disable=SC2086
set -eu

kubectl kustomize "clusters/stag$0ing" > /dev/null
kustomize build clusters/$1
cat clusters/staging/config.yaml
-- scripts/cluster/delete.sh --
kind delete cluster
-- scripts/other/run.sh --
# Not one of them.
`;

test('scripts come with their leading comments', () => {
	const { analysis } = analyse(TREE);
	expect(
		analysis.scripts().map(({ path, summary, description, takes }) => ({ path, summary, description, takes })),
	).toEqual([
		{ path: 'scripts/cluster/delete.sh', summary: '', description: '', takes: 'nothing' },
		{
			path: 'scripts/gitops/build.sh',
			summary: 'Build one environment, and print it.',
			description: 'Build one environment,\nand print it.\n\nusage: build.sh ENVIRONMENT',
			takes: 'arguments',
		},
	]);
});

test('paths in scripts are links, and lead to their definition', () => {
	const analysed = analyse(TREE);
	const { analysis, fixture } = analysed;
	const file = `${ROOT}/scripts/gitops/build.sh`;
	const text = fixture.files.get(file)!;
	expect(analysis.documentLinks(file).map(({ from, to }) => [text.slice(from.start, from.end), to.file])).toEqual([
		['clusters/staging', `${ROOT}/clusters/staging/kustomization.yaml`],
		['clusters/staging/config.yaml', `${ROOT}/clusters/staging/config.yaml`],
	]);
	expect(definition(analysed)).toEqual(['clusters/staging/kustomization.yaml:1']);
});
