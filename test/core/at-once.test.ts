/** What is said of a file before anything else is known: quickly, however large the tree, and nothing that would be taken back. */
import { expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import { NOW } from '../support/check';
import { fixture, memorySource, ROOT } from '../support/fixture';

const TREE = `
-- app/kustomization.yaml --
resources: [deployment.yaml]
-- app/deployment.yaml --
kind: Deployment # strata-ignore schema/unknown-field
kind: Deployment
-- app/chart/Chart.yaml --
name: chart
-- app/chart/templates/deployment.yaml --
kind: "Deployment
-- app/chart/ci/values.yaml --
kind: "Deployment
-- node_modules/a/b.yaml --
kind: "Deployment
-- far/away/other.yaml --
kind: "Deployment
`;

function codesAtOnce(file: string) {
	const read: string[] = [];
	const source = memorySource(fixture(TREE).files);
	const analysis = new Analysis({
		...source,
		read: path => (read.push(path), source.read(path)),
		list: path => (read.push(path), source.list(path)),
	});
	analysis.apply({ roots: [ROOT], now: NOW });
	return { codes: analysis.diagnosticsAtOnce(`${ROOT}/${file}`).map(({ code }) => code), read };
}

test('its own YAML is judged, and a comment that may silence something is no fault yet', () => {
	expect(codesAtOnce('app/deployment.yaml').codes).toEqual(['yaml/duplicate-key']);
});

test('nothing is looked at but the file and the directories above it', () => {
	const { read } = codesAtOnce('app/deployment.yaml');
	expect(
		read.filter(path => !`${ROOT}/app/deployment.yaml`.startsWith(path) && path !== `${ROOT}/strata.yaml`),
	).toEqual([]);
});

test.each(['app/chart/templates/deployment.yaml', 'app/chart/ci/values.yaml', 'node_modules/a/b.yaml'])(
	'%s is not judged',
	file => {
		expect(codesAtOnce(file).codes).toEqual([]);
	},
);
