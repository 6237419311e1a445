/**
 * Holds the engine against the cases in `../shared/conformance/kustomize`: the same bytes, or an error where the real tool has one.
 * `kustomize-known.json` lists what is known to differ, with the reason; a case that passes must not be in it.
 */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskSource } from '../../server/src/host/disk';
import { buildOf, failures, printed } from '../support/build';
import known from './kustomize-known.json';

const CASES = resolve(__dirname, '../../../shared/conformance/kustomize');

interface Case {
	readonly id: string;
	readonly run: string;
	readonly expect: 'output' | 'error';
	readonly verified: boolean;
	readonly options?: {
		readonly loadRestrictor?: 'LoadRestrictionsNone';
		readonly order?: string;
		readonly addManagedByLabel?: true;
		/** The case inflates a chart, which takes the helm binary. */
		readonly enableHelm?: true;
	};
	readonly skip?: string;
}

/** Why a case fails; nothing where it passes. */
function judge({ id, run, expect: wanted, options }: Case): string | undefined {
	const directory = join(CASES, 'cases', id, 'input', run);
	const root = existsSync(directory) ? realpathSync(directory) : directory;
	const result = buildOf(diskSource(), root, {
		loadRestrictor: options?.loadRestrictor ?? 'LoadRestrictionsRootOnly',
		...(options?.addManagedByLabel ? { managedBy: 'label' } : undefined),
	});
	if (options?.enableHelm)
		return result.problems.some(problem => problem.code === 'kustomize/not-supported')
			? undefined
			: 'nothing is said of the chart';
	if (wanted === 'error') return result.failed ? undefined : 'the build passes, and should fail';
	if (result.failed) return `the build fails: ${failures(result).join('; ')}`;
	const text = printed(result, !options?.order || options.order === 'none' ? 'none' : 'legacy');
	const expected = readFileSync(join(CASES, 'cases', id, 'expected.yaml'), 'utf8').replaceAll(
		'kustomize-VERSION',
		'kustomize-v5.8.1',
	);
	return text === expected ? undefined : `other output:\n${firstDifference(expected, text)}`;
}

function firstDifference(expected: string, actual: string): string {
	const [a, b] = [expected.split('\n'), actual.split('\n')];
	const at = a.findIndex((line, i) => line !== b[i]);
	const from = Math.max(0, at - 3);
	const show = (lines: string[]) => lines.slice(from, (at < 0 ? a.length : at) + 5).join('\n');
	return `line ${at + 1}, expected\n${show(a)}\nis\n${show(b)}`;
}

if (!existsSync(CASES)) {
	console.log('skipped: the conformance cases of kustomize (../shared/conformance/kustomize) are not here');
	test.skip('conformance of the kustomize engine', () => undefined);
} else {
	describe('conformance of the kustomize engine', () => {
		const index = JSON.parse(readFileSync(join(CASES, 'index.json'), 'utf8')) as { cases: { id: string }[] };
		const cases = index.cases.map(
			({ id }) => ({ id, ...JSON.parse(readFileSync(join(CASES, 'cases', id, 'case.json'), 'utf8')) }) as Case,
		);
		const verified = cases.filter(each => each.verified);
		test('every verified case gives what kustomize gives', () => {
			const failed = new Map<string, string>();
			for (const each of verified) {
				let why: string | undefined;
				try {
					why = judge(each);
				} catch (error) {
					why = `it throws: ${String((error as Error).stack)}`;
				}
				if (why) failed.set(each.id, why);
			}
			const reasons = known as Readonly<Record<string, string>>;
			const helm = verified.filter(each => each.options?.enableHelm).length;
			const excepted = helm + cases.filter(each => each.skip).length;
			console.log(
				`kustomize conformance: ${verified.length - helm - failed.size} of ${verified.length} passed, ${failed.size} failed, ${excepted} excepted (they need helm, a container, a program or the network)`,
			);
			for (const id of failed.keys()) if (reasons[id]) console.log(`  known: ${id}: ${reasons[id]}`);
			if (process.env.STRATA_CONFORMANCE_REPORT)
				writeFileSync(
					process.env.STRATA_CONFORMANCE_REPORT,
					[...failed].map(([id, why]) => `## ${id}\n${why}\n`).join('\n'),
				);
			const regressions = [...failed].filter(([id]) => !reasons[id]).map(([id, why]) => `${id}: ${why}`);
			const passing = Object.keys(reasons).filter(id => !failed.has(id));
			expect({ regressions, passing }).toEqual({ regressions: [], passing: [] });
		}, 300_000);
	});
}
