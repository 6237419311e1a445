/** Kustomization files: what is refused, where it is said, and what the offered fixes make of the text. */
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../server/src/core/base/text';
import { Database } from '../../../server/src/core/base/query';
import { kustomizationOf } from '../../../server/src/core/kustomize/read/kustomization';
import { rangeOf } from '../../../server/src/core/workspace/places';
import { sourceChange } from '../../../server/src/core/workspace/edits';
import { fixture, memorySource } from '../../support/fixture';

const FILE = '/repo/kustomization.yaml';

function read(text: string) {
	const db = new Database(memorySource(fixture(`-- kustomization.yaml --\n${text}`).files));
	return { db, text, ...kustomizationOf(db, '/repo') };
}

/** Each problem as `code "what it stands under": message`. */
function problemsOf(text: string): string[] {
	const { db, problems } = read(text);
	return problems.map(({ code, at, anchor, message }) => {
		const { start, end } = rangeOf(db, at, anchor);
		return `${code.replace('kustomize/', '')} ${JSON.stringify(text.slice(start, end))}: ${message}`;
	});
}

/** The text after the first fix of the first problem. */
function fixed(text: string): string {
	const { db, problems } = read(text);
	const fix = problems[0]?.fixes?.[0];
	return fix ? applyEdits(text, sourceChange(db, fix.edits).edits.get(FILE) ?? []) : text;
}

describe('what kustomize refuses', () => {
	test.each([
		[
			'resources: [a]\nnamePrefx: x\n',
			['unknown-field "namePrefx": a kustomization has no field `namePrefx`; did you mean `namePrefix`?'],
		],
		['resources: [a]\nimages:\n- nme: x\n', ['unknown-field "nme": `images` has no field `nme`; did you mean `name`?']],
		[
			'resources: [a]\nnamePrefix: y\n',
			['wrong-type "y": `namePrefix` must be a string, not a boolean (`y`); put it in quotes'],
		],
		['resources: a\n', ['wrong-type "a": `resources` must be a list, not a string']],
		[
			'resources: [a]\ncommonAnnotations: {a: 1}\n',
			['wrong-type "1": `commonAnnotations` must be a string, not a number (`1`); put it in quotes'],
		],
		[
			'kind: Kustomization\n',
			[
				'empty-kustomization "kind: Kustomization": this kustomization says nothing; list `resources:`, or leave the directory out',
			],
		],
		[
			'kind: Deployment\nresources: [a]\n',
			['wrong-kind "Deployment": the kind of this file must be Kustomization or Component, not Deployment'],
		],
		['resources: [a]\nnamePrefix: null\nlabels:\n', []],
		['Resources: [a]\nNAMEPREFIX: b\n', []],
		['resources: [a]\n---\nfoo: bar\n', []],
	])('%j', (text, expected) => {
		expect(problemsOf(text)).toEqual(expected);
	});
});

describe('fixes', () => {
	test.each([
		['resources: [a]\nnamePrefx: x\n', 'resources: [a]\nnamePrefix: x\n'],
		['resources: [a]\nnamePrefix: on # why\n', 'resources: [a]\nnamePrefix: "on" # why\n'],
		['bases:\n- a # keep\n', 'resources:\n- a # keep\n'],
		['resources:\n- a\nbases:\n- b\n', 'resources:\n- a\n- b\n'],
		['patchesJson6902:\n- path: a.yaml\n  target: {name: x}\n', 'patches:\n- path: a.yaml\n  target: {name: x}\n'],
		['resources:\n- a\npatchesStrategicMerge:\n- p.yaml\n', 'resources:\n- a\npatches:\n- path: p.yaml\n'],
		[
			'resources:\n- a\npatchesStrategicMerge:\n- |-\n  kind: A\n  metadata:\n    name: b\n',
			'resources:\n- a\npatches:\n- patch: |-\n    kind: A\n    metadata:\n      name: b\n',
		],
		[
			'resources:\n- a\ncommonLabels:\n  app: web\n',
			'resources:\n- a\nlabels:\n  - includeSelectors: true\n    pairs:\n      app: web\n',
		],
	])('%j', (before, after) => {
		expect(fixed(before)).toBe(after);
	});
});

test('legacy spellings are read as today’s', () => {
	const { kustomization } = read(`bases: [b]
resources: [a]
imageTags: [{name: x, newTag: "1"}]
configMapGenerator: [{name: c, env: e.env, envs: [f.env]}]
`);
	expect(kustomization?.resources.map(field => field.value)).toEqual(['a', 'b']);
	expect(kustomization?.images.map(image => image.name)).toEqual(['x']);
	expect(kustomization?.configMapGenerator[0]?.envs.map(field => field.value)).toEqual(['f.env', 'e.env']);
});
