/**
 * What cannot be known where a part of the build is left out: a remote base, a chart to inflate, a generator that is a program; and
 * where a part cannot be read. An object that is not found may be in there, so that it is no error to name it.
 */
import type { Problem } from '../base/problem';

const LEFT_OUT: ReadonlySet<string> = new Set([
	'kustomize/remote-resource',
	'kustomize/not-supported',
	'kustomize/too-large',
]);

/** The codes of a part that cannot be read, which is an error of its own. */
const UNREADABLE: ReadonlySet<string> = new Set(
	[
		'absolute-path',
		'component-as-resource',
		'cycle',
		'bad-yaml',
		'invalid-resource',
		'missing-resource',
		'no-kustomization-file',
		'not-a-directory',
		'resource-as-component',
		'unreadable-file',
	].map(name => `kustomize/${name}`),
);

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

const HEDGE = ' (if it is not ';

/** The problems with those that only say what is missing made milder, where something that was left out may be it. */
export function asFarAsKnown(problems: readonly Problem[], before: readonly Problem[]): readonly Problem[] {
	const where = [...before, ...problems].some(({ code }) => LEFT_OUT.has(code))
		? 'in what Strata leaves out here'
		: before.some(({ code, fatal }) => fatal && UNREADABLE.has(code))
			? 'in what cannot be read'
			: undefined;
	if (where === undefined) return problems;
	return problems.map(problem => {
		// What a component lacks has been said to be uncertain there, and is its parent's to say no second time.
		if (!ABSENCE.has(problem.code) || problem.message.includes(HEDGE)) return problem;
		const { fatal: _, ...rest } = problem;
		return {
			...rest,
			severity: 'information',
			message: `${rest.message}${HEDGE}${where})`,
		};
	});
}
