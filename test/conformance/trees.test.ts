/** Three healthy public repositories: what is said of them as an error is wrong. Needs ../shared. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import { relative } from '../../server/src/core/base/paths';
import { diskSource } from '../../server/src/host/disk';

const TREES = resolve(__dirname, '../../../shared/conformance/trees');
const names = existsSync(TREES) ? readdirSync(TREES).filter(name => existsSync(resolve(TREES, name, 'tree'))) : [];
if (names.length === 0) console.log('trees: skipped, ../shared/conformance/trees is not there');

/** Files that were left out of the copies: JSON dashboards. */
const LEFT_OUT = /monitoring\/configs\/kustomization\.yaml.* kustomize\/missing-file$/;

test.skipIf(names.length === 0).each(names)('%s has no errors', name => {
	const root = realpathSync(resolve(TREES, name, 'tree'));
	const analysis = new Analysis(diskSource());
	analysis.apply({ roots: [root] });
	const errors = analysis
		.files()
		.flatMap(file => analysis.diagnostics(file))
		.filter(({ severity }) => severity === 'error')
		.map(({ file, code }) => `${relative(root, file)} ${code}`)
		.filter(error => !LEFT_OUT.test(error));
	expect(errors).toEqual([]);
});
