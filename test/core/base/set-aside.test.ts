import { expect, test } from 'vitest';
import { isSetAside } from '../../../server/src/core/base/set-aside';

test.each([
	['/repo/clusters/test/flux-system/gotk-sync.yaml', false],
	['/repo/apps/test', false],
	['/repo/shop/overlays/test', false],
	['/repo/clusters/test/examples/web', true],
	['/repo/test/e2e', true],
	['/repo/internal/testdata/web', true],
	['/repo/_archive/clusters/prod', true],
	['/repo/clusters/prod', false],
	['/test/clusters/prod', true],
])('%s: %s', (path, isAside) => {
	expect(isSetAside(path.startsWith('/repo') ? ['/repo'] : ['/'], path)).toBe(isAside);
});
