/** A build that Strata itself fails at: it is left out by name, and the rest of the tree is as it was. */
import { afterEach, expect, test, vi } from 'vitest';
import { Analysis } from '../../../server/src/core/analysis';
import * as finishing from '../../../server/src/core/kustomize/finish';
import * as transforming from '../../../server/src/core/kustomize/level-transformers';
import { bounded } from '../../../server/src/host/bounded';
import { diagnostics } from '../../support/check';
import { fixture, memorySource, ROOT } from '../../support/fixture';

vi.mock('../../../server/src/core/kustomize/finish', { spy: true });
vi.mock('../../../server/src/core/kustomize/level-transformers', { spy: true });
afterEach(() => void vi.resetAllMocks());

const TREE = `
-- apps/base/kustomization.yaml --
namePrefix: base-
resources:
  - settings.yaml
-- apps/base/settings.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
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
const UNMATCHED = /apps\/staging\/kustomization.yaml:\d+ kustomize\/target-without-match/;

function analysis() {
	const parsed = fixture(TREE);
	const failures: string[] = [];
	const failed = (what: string, error: unknown) => void failures.push(`${what}: ${(error as Error).message}`);
	const made = new Analysis({ ...memorySource(parsed.files), failed });
	made.apply({ roots: [ROOT] });
	return { analysis: made, fixture: parsed, failures };
}

test('a healthy one finds what is wrong', () => {
	const found = diagnostics(analysis()).join('\n');
	expect(found).toContain(MISSING);
	expect(found).toMatch(UNMATCHED);
	expect(found).not.toContain('kustomize/not-supported');
});

test('where the end of a build throws, that build is left out', async () => {
	const real = await vi.importActual<typeof finishing>('../../../server/src/core/kustomize/finish');
	vi.mocked(finishing.finish).mockImplementation((...args) => {
		if (args[3].file.includes('/staging/')) throw new Error('boom');
		return real.finish(...args);
	});
	const made = analysis();
	const found = diagnostics(made);
	expect(found).toContain(MISSING);
	expect(found).toContainEqual(expect.stringMatching(/^apps\/staging\/kustomization.yaml:1 kustomize\/not-supported/));
	expect([...new Set(made.failures)]).toEqual([`the build of ${ROOT}/apps/staging: boom`]);
});

test('where a base does not end, those who build on it go on without', () => {
	vi.mocked(transforming.runTransformers).mockImplementation(({ directory }, state) => {
		if (directory.endsWith('/base')) for (;;);
		return state;
	});
	const made = analysis();
	let found: string[] = [];
	for (let tries = 0; tries < 3 && !bounded(300, () => void (found = diagnostics(made))); tries++)
		expect(made.analysis.cutOff()).toBe(`the build of ${ROOT}/apps/base`);
	expect(found).toContain(MISSING);
	expect(found).toContainEqual(expect.stringMatching(/^apps\/base\/kustomization.yaml:1 kustomize\/not-supported/));
});
