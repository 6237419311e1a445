/** `docs/missing-readme`: a component without a README, in a tree where the components beside it have one. */
import { components } from '../model/documentation';
import type { Rule } from './rule';

export const docsMissingReadme: Rule = {
	code: 'docs/missing-readme',
	severity: 'warning',
	summary: 'A component has no README.md where its siblings have one.',
	check: db =>
		components(db).flatMap(({ base, name, readme, siblingsHave }) => {
			if (readme !== undefined || !siblingsHave.readme || base.links.file === undefined) return [];
			return [
				{
					code: docsMissingReadme.code,
					severity: docsMissingReadme.severity,
					message: `the component \`${name}\` has no README.md, and those beside it have; say what it is for, what stands here and what each environment changes`,
					at: { file: base.links.file, document: 0, path: [] },
				},
			];
		}),
};
