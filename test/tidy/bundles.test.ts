/** What a start has to read: no more than is needed, in the form that an engine reads fastest. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildPrograms, repository } from '../support/programs';

const programs = await buildPrograms('server', 'strata');

/** The bundles that `strata check` reads of a small repository. */
function readBy(text: string): string[] {
	const told = `process.on('exit', () => console.error(JSON.stringify(Object.keys(require.cache))))`;
	const program = path.join(programs, 'strata.js');
	const run = spawnSync(process.execPath, [
		...['-e', `process.argv.splice(1, 0, ''); ${told}; require(${JSON.stringify(program)})`],
		...['--', 'check', '--fail-on', 'never', repository(text)],
	]);
	return (JSON.parse(String(run.stderr)) as string[]).map(file => path.basename(file)).sort();
}

test('engines for patterns and policies are read where there are some', () => {
	const plain = `
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
`;
	expect(readBy(plain)).toEqual(['strata.js']);
	const pattern = `${plain}
-- kustomization.yaml --
resources: [a.yaml]
patches:
  - target: { name: a.* }
    patch: '[{ "op": "add", "path": "/data", "value": { "a": "b" } }]'
`;
	expect(readBy(pattern)).toEqual(['re2js.js', 'strata.js']);
});

// A single other character makes an engine keep the whole text in twice the memory, and read it slower. esbuild escapes those in
// strings; in regular expressions somebody has to.
test.each(['server.js', 'analysis.js', 'strata.js'])('%s is ASCII', name => {
	const other = /.{0,40}[^\0-\x7f].{0,20}/.exec(fs.readFileSync(path.join(programs, name), 'utf8'));
	expect(other?.[0]).toBeUndefined();
});
