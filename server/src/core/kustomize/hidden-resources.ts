/** Which problems of a build may keep objects out of it, so that nobody can say of another object that it is missing. */
import type { Problem } from '../base/problem';

const HIDING: ReadonlySet<string> = new Set(
	[
		'no-kustomization-file',
		'several-kustomization-files',
		'empty-kustomization',
		'unreadable-file',
		'bad-yaml',
		'wrong-kind',
		'missing-resource',
		'missing-file',
		'not-a-file',
		'not-a-directory',
		'absolute-path',
		'outside-root',
		'cycle',
		'component-as-resource',
		'resource-as-component',
		'remote-resource',
		'not-supported',
		'too-large',
		'invalid-resource',
		'invalid-generator',
		'invalid-plugin',
	].map(name => `kustomize/${name}`),
);

/** Whether some of the problems may hide objects. */
export function mayHideResources(problems: readonly Problem[]): boolean {
	return problems.some(({ code }) => HIDING.has(code));
}
