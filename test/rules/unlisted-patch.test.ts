/** `tree/unlisted-file` of patches: what stands beside listed ones and speaks of an object that is there. */
import { expect, test } from 'vitest';
import { analyse, applied, diagnostics } from '../support/check';
import { ROOT } from '../support/fixture';

const map = (name: string, data = '') => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
${data}`;

const tree = (file: string, text: string) => `-- base/kustomization.yaml --
resources: [map.yaml]
-- base/map.yaml --
${map('shop')}-- staging/kustomization.yaml --
resources:
  - ../base
patches:
  - path: patches/first.yaml
-- staging/patches/first.yaml --
${map('shop', 'data:\n  a: b\n')}-- staging/${file} --
${text}-- production/kustomization.yaml --
resources: [../base]
`;

const found = (text: string) => diagnostics(analyse(text)).filter(each => each.includes('tree/unlisted-file'));

const SECOND = map('shop', 'data:\n  c: d\n');

test('a patch that is forgotten', () => {
	const text = tree('patches/second.yaml', SECOND);
	expect(found(text)).toEqual([expect.stringMatching(/^staging\/patches\/second.yaml:1 tree\/unlisted-file/)]);
	const { analysis, fixture } = analyse(text);
	const [fix] = analysis.fixes(`${ROOT}/staging/patches/second.yaml`, 0, 1);
	expect(fix?.title).toBe('List patches/second.yaml in kustomization.yaml');
	expect(applied(fixture, fix!.change)).toEqual({
		'staging/kustomization.yaml':
			'resources:\n  - ../base\npatches:\n  - path: patches/first.yaml\n  - path: patches/second.yaml\n',
	});
});

test('what is none: another object, a sample, and a file where no patches stand', () => {
	expect(found(tree('patches/second.yaml', map('other')))).toEqual([]);
	expect(found(tree('patches/second.example.yaml', SECOND))).toEqual([]);
	expect(found(tree('second.yaml', SECOND))).toEqual([]);
});
