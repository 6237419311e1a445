/** `docs/missing-example`: an environment builds on a component that has examples for others, but none for it. */
import { components } from '../model/documentation';
import type { Rule } from './rule';

export const docsMissingExample: Rule = {
	code: 'docs/missing-example',
	severity: 'warning',
	summary: 'An environment has an overlay of a component, but no example where others have one.',
	check: db =>
		components(db).flatMap(({ base, name, examples, siblingsHave }) => {
			const file = base.links.file;
			const isOf = (example: string) => (environment: string) =>
				environment === example || environment.split('/').includes(example);
			const inUse = examples?.some(each => base.environments.some(isOf(each)));
			if (file === undefined || !(inUse || (examples === undefined && siblingsHave.examples))) return [];
			const missing = base.environments.filter(environment => !examples?.some(each => isOf(each)(environment)));
			if (missing.length === 0) return [];
			const those = missing.map(environment => `examples/${environment}`).join(', ');
			return [
				{
					code: docsMissingExample.code,
					severity: docsMissingExample.severity,
					message: `the component \`${name}\` lacks ${those}, and ${examples ? 'its other environments' : 'the components beside it'} have examples; add ${missing.length > 1 ? 'them' : 'it'}, or remove the overlay`,
					at: { file, document: 0, path: [] },
					environments: missing,
				},
			];
		}),
};
