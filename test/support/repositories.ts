/** Every layout that is at hand: the example tree, the healthy trees, and those that the benches make. */
import fs from 'node:fs';
import path from 'node:path';
import { LAYOUTS } from '../../scripts/bench/layouts.mjs';
import { Random } from '../../scripts/bench/random.mjs';
import { SHARED_BASE } from '../../scripts/bench/shared-base.mjs';
import type { FilePath } from '../../server/src/core/base/paths';
import { exampleFiles } from './examples';
import { fixture, ROOT } from './fixture';

export type Files = ReadonlyMap<FilePath, string>;

const TREES = path.join(import.meta.dirname, '..', 'core', 'false-alarms', 'trees');

export const repositories: readonly (readonly [string, () => Files])[] = [
	['fleet', () => exampleFiles('fleet')],
	...fs
		.readdirSync(TREES)
		.map((name): [string, () => Files] => [
			name.replace('.repo', ''),
			() => fixture(fs.readFileSync(path.join(TREES, name), 'utf8')).files,
		]),
	...LAYOUTS.map((layout): [string, () => Files] => [layout.name, () => ofTeam(layout)]),
];

function ofTeam(layout: (typeof LAYOUTS)[number]): Files {
	const team = [...layout('shop', 60, new Random(7))];
	return new Map([
		...Object.entries(SHARED_BASE).map(([file, text]): [FilePath, string] => [`${ROOT}/${file}`, text]),
		...team.map(([file, text]): [FilePath, string] => [`${ROOT}/shop/${file}`, text]),
	]);
}
