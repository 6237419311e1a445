/**
 * What cannot be known where a part of the build is left out: a remote base, a chart to inflate, a generator that is a program. An object
 * that is not found may be in there, so that it is no error to name it.
 */
import type { Problem } from '../base/problem';

const LEFT_OUT: ReadonlySet<string> = new Set(['kustomize/remote-resource', 'kustomize/not-supported']);

/** The codes that say that something is not there. */
const ABSENCE: ReadonlySet<string> = new Set(
	[
		'patch-without-match',
		'target-without-match',
		'generator-missing',
		'replicas-without-target',
		'replacement-source',
		'invalid-var',
		'unused-var',
	].map(name => `kustomize/${name}`),
);

/** The problems with those that only say what is missing made milder, where something that was left out may be it. */
export function asFarAsKnown(problems: readonly Problem[], before: readonly Problem[]): readonly Problem[] {
	if (![...before, ...problems].some(({ code }) => LEFT_OUT.has(code))) return problems;
	return problems.map(problem => {
		if (!ABSENCE.has(problem.code)) return problem;
		const { fatal: _, ...rest } = problem;
		return {
			...rest,
			severity: 'information',
			message: `${rest.message} (if it is not in what Strata leaves out here)`,
		};
	});
}
