/** The property of provenance (`support/provenance.ts`) over the conformance cases, where they are, and this repository's examples. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { diskSource } from '../../server/src/host/disk';
import { checkProvenance, type Checked } from '../support/provenance';

const ROOT = resolve(__dirname, '../..');
const CASES = join(ROOT, '../shared/conformance/kustomize/cases');

/** Places that are changed in each build; with $STRATA_PROVENANCE=1000, all of them (some minutes). */
const MOST = Number(process.env.STRATA_PROVENANCE ?? 8);

function over(
	what: string,
	directories: readonly { readonly directory: string; readonly restricted: boolean }[],
): void {
	const all = directories.map(({ directory, restricted }) => ({
		directory,
		...checkProvenance(
			diskSource(),
			realpathSync(directory),
			{ loadRestrictor: restricted ? 'LoadRestrictionsRootOnly' : 'LoadRestrictionsNone' },
			MOST,
		),
	}));
	const sum = (number: (checked: Checked) => number) => all.reduce((total, each) => total + number(each), 0);
	const allowed = new Map<string, number>();
	for (const each of all)
		for (const [reason, count] of each.allowed) allowed.set(reason, (allowed.get(reason) ?? 0) + count);
	console.log(
		[
			`provenance, ${what}: ${sum(({ leaves }) => leaves)} leaves, ${sum(({ edits }) => edits)} changes of a source`,
			...[...allowed].sort().map(([reason, count]) => `  let pass: ${reason}: ${count}`),
		].join('\n'),
	);
	expect(
		all.flatMap(({ directory, findings }) => findings.map(({ kind, what }) => `${directory}: ${kind}: ${what}`)),
	).toEqual([]);
}

test('provenance in the examples', () => {
	const examples = join(ROOT, 'examples/fleet');
	const files = readdirSync(examples, { recursive: true, encoding: 'utf8' });
	const kustomizations = files.filter(file => /(^|\/)kustomization\.yaml$/.test(file));
	over(
		'examples/fleet',
		kustomizations.map(file => ({ directory: join(examples, file, '..'), restricted: true })),
	);
}, 120_000);

if (!existsSync(CASES)) {
	console.log('skipped: the conformance cases of kustomize (../shared/conformance/kustomize) are not here');
	test.skip('provenance in the conformance cases', () => undefined);
} else {
	test('provenance in the conformance cases', () => {
		const cases = readdirSync(CASES).flatMap(id => {
			const { run, skip, options } = JSON.parse(readFileSync(join(CASES, id, 'case.json'), 'utf8')) as {
				run: string;
				skip?: string;
				options?: { loadRestrictor?: string };
			};
			const directory = join(CASES, id, 'input', run);
			return skip || !existsSync(directory) ? [] : [{ directory, restricted: !options?.loadRestrictor }];
		});
		over('conformance cases', cases);
	}, 300_000);
}
