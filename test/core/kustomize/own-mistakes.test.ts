/** A build that Strata itself fails at: it is left out by name, and the rest of the tree is as it was. */
import { expect, test } from 'vitest';
import { Analysis } from '../../../server/src/core/analysis';
import { bounded } from '../../../server/src/host/bounded';
import { diagnostics } from '../../support/check';
import { fixture, memorySource, ROOT } from '../../support/fixture';

const TREE = `
-- apps/base/kustomization.yaml --
configMapGenerator:
  - name: settings
    files:
      - poison.txt
-- apps/staging/kustomization.yaml --
resources:
  - ../base
patches:
  - target:
      kind: Secret
    patch: |
      - op: remove
        path: /data
-- apps/production/kustomization.yaml --
resources:
  - missing.yaml
`;
const MISSING = 'apps/production/kustomization.yaml:2 kustomize/missing-resource "missing.yaml"';
const UNMATCHED = 'apps/staging/kustomization.yaml:4 kustomize/target-without-match "target"';
const LEFT_OUT = expect.stringMatching(/^apps\/base\/kustomization.yaml:1 kustomize\/not-supported /) as string;

/** An analysis of the tree, whose base needs what `read` gives. */
function reading(read: () => void) {
	const parsed = fixture(TREE);
	// Nobody but the generator asks for it.
	const poison = `${ROOT}/apps/base/poison.txt`;
	const source = memorySource(new Map([...parsed.files, [poison, 'nothing\n']]));
	const failures: string[] = [];
	const analysis = new Analysis({
		...source,
		read: file => {
			if (file === poison) read();
			return source.read(file);
		},
		failed: (what, error) => void failures.push(`${what}: ${(error as Error).message}`),
	});
	analysis.apply({ roots: [ROOT] });
	return { analysis, fixture: parsed, failures };
}

test('a healthy one finds what is wrong', () => {
	expect(diagnostics(reading(() => undefined))).toEqual([MISSING, UNMATCHED]);
});

test('where a base throws, it is left out, and who builds on it goes on without', () => {
	const made = reading(() => {
		throw new Error('boom');
	});
	expect(diagnostics(made)).toEqual([LEFT_OUT, MISSING, UNMATCHED]);
	expect(new Set(made.failures)).toEqual(new Set([`the build of ${ROOT}/apps/base: boom`]));
});

test('where a base does not end, too', () => {
	const made = reading(() => {
		for (;;);
	});
	let found: string[] = [];
	expect(bounded(500, () => void (found = diagnostics(made)))).toBe(false);
	expect(made.analysis.cutOff()).toBe(`the build of ${ROOT}/apps/base`);
	expect(bounded(10_000, () => void (found = diagnostics(made)))).toBe(true);
	expect(found).toEqual([LEFT_OUT, MISSING, UNMATCHED]);
});
