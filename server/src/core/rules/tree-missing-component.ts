/** `tree/missing-component`: an environment lacks a component that all others have, and has all that stand beside it. */
import { dirname } from '../base/paths';
import { clusterTree } from '../model/cluster-tree';
import { components } from '../model/documentation';
import type { Rule } from './rule';

export const treeMissingComponent: Rule = {
	code: 'tree/missing-component',
	severity: 'hint',
	summary: 'An environment lacks a component that all others have.',
	check: db => {
		const all = components(db);
		const { environments } = db.get(clusterTree, '');
		return all.flatMap(({ base, name }) => {
			const siblings = all.filter(
				other => other.base !== base && dirname(other.base.directory) === dirname(base.directory),
			);
			const missing = environments.filter(
				environment =>
					!base.environments.includes(environment) &&
					siblings.length > 1 &&
					siblings.every(other => other.base.environments.includes(environment)),
			);
			if (missing.length !== 1 || base.environments.length < 2 || base.links.file === undefined) return [];
			return [
				{
					code: treeMissingComponent.code,
					severity: treeMissingComponent.severity,
					message: `${missing[0]} has every component beside \`${name}\`, but not \`${name}\`, which ${base.environments.join(', ')} have; is its overlay forgotten?`,
					at: { file: base.links.file, document: 0, path: [] },
					environments: missing,
				},
			];
		});
	},
};
