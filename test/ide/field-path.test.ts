import { expect, test } from 'vitest';
import { parseFieldPath } from '../../server/src/core/ide/field-path';

const key = (key: string) => ({ kind: 'key', key });
const index = (index: number) => ({ kind: 'index', index });

test.each([
	['spec.replicas', [key('spec'), key('replicas')]],
	['.spec', [key('spec')]],
	['containers[0].image', [key('containers'), index(0), key('image')]],
	['a[0][1]', [key('a'), index(0), index(1)]],
	[
		'containers[name=web:1].image',
		[key('containers'), { kind: 'select', field: 'name', value: 'web:1' }, key('image')],
	],
	['metadata.labels["a.b/c"]', [key('metadata'), key('labels'), key('a.b/c')]],
	["data['values.yaml']", [key('data'), key('values.yaml')]],
	['labels.a\\.b/c', [key('labels'), key('a.b/c')]],
	['data["a\\"b"]', [key('data'), key('a"b')]],
])('%s', (text, steps) => {
	expect(parseFieldPath(text)).toEqual(steps);
});

test.each(['', '.', 'a..b', 'a[', 'a[]', 'a]', 'a["x]'])('%j is no path', text => {
	expect(parseFieldPath(text)).toBeUndefined();
});
