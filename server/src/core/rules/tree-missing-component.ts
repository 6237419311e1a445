/** `tree/missing-component`: an environment lacks a component that all others have, and has all that stand beside it. */
import { grouped } from '../base/grouped';
import { components } from '../model/documentation';
import { halfKnownEnvironments } from '../model/half-known';
import type { Rule } from './rule';

export const treeMissingComponent: Rule = {
	code: 'tree/missing-component',
	severity: 'hint',
	summary: 'An environment lacks a component that all others have.',
	check: db => {
		const all = components(db);
		const unknown = halfKnownEnvironments(db);
		const groups = grouped(all, ({ group }) => group);
		return all.flatMap(({ base, name, group, environments }) => {
			const siblings = groups.get(group)!.filter(other => other.base !== base);
			const missing = environments.filter(
				environment =>
					!base.environments.includes(environment) &&
					siblings.length > 1 &&
					siblings.every(other => other.base.environments.includes(environment)),
			);
			// What a broken environment has nobody knows: it may lack the component as well.
			const isUnknown = environments.some(each => unknown.has(each) && !base.environments.includes(each));
			if (missing.length !== 1 || isUnknown || base.links.file === undefined) return [];
			return [
				{
					code: treeMissingComponent.code,
					severity: treeMissingComponent.severity,
					message: `${missing[0]} has every component beside \`${name}\`, but not \`${name}\`, which ${base.environments.join(', ')} ${base.environments.length > 1 ? 'have' : 'has'}; is its overlay forgotten?`,
					at: { file: base.links.file, document: 0, path: [] },
					environments: missing,
				},
			];
		});
	},
};
