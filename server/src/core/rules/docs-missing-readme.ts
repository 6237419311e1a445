/** `docs/missing-readme`: a component without a README, where the components beside it have one or `strata.yaml` requires it. */
import { components } from '../model/documentation';
import { treeConfigOf } from '../workspace/tree-config';
import type { Rule } from './rule';

export const docsMissingReadme: Rule = {
	code: 'docs/missing-readme',
	severity: 'warning',
	summary: 'A component has no README.md where its siblings have one.',
	check: db =>
		components(db).flatMap(({ base, name, readme, siblingsHave }) => {
			const required = treeConfigOf(db, base.directory)?.docs === 'required';
			if (readme !== undefined || !(required || siblingsHave.readme) || base.links.file === undefined) return [];
			const why = required ? '`strata.yaml` requires one' : 'those beside it have';
			return [
				{
					code: docsMissingReadme.code,
					severity: docsMissingReadme.severity,
					message: `the component \`${name}\` has no README.md, and ${why}; say what it is for, what stands here and what each environment changes`,
					at: { file: base.links.file, document: 0, path: [] },
				},
			];
		}),
};
