/**
 * `base/overridden-everywhere`: a base says a value that no environment keeps. Whoever reads the base believes it, and whoever changes it
 * changes nothing. Versions are left out: a base names an image, and environments say which release of it they run.
 */
import { addressKey, formatPath } from '../base/address';
import { ofObject, ofObjects } from '../base/memo';
import type { Database } from '../base/query';
import { homeOf } from '../model/bases';
import {
	commonTitle,
	type Customisation,
	type CustomisedField,
	customisedFields,
	isVersion,
} from '../model/customisations';
import { sourceNode } from '../model/source-nodes';
import { addressOf, type Node, type Origin, sameValue } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const baseOverriddenEverywhere: Rule = {
	code: 'base/overridden-everywhere',
	severity: 'hint',
	summary: 'Every environment overrides a value of the base, so that the base’s is never used.',
	check: function* (db) {
		// A value of a HelmRelease is a field of it and one of its merged values.
		const byPlace = new Map<string, Finding>();
		for (const field of customisedFields(db)) {
			yield;
			for (const found of finding(db, field)) {
				const key = addressKey(found.at);
				if (!byPlace.has(key)) byPlace.set(key, found);
			}
		}
		return [...byPlace.values()];
	},
};

/** The value that all environments write over, each with a scalar of its own; nothing where there is none such. */
const writtenOver = ofObject<CustomisedField, Origin | undefined>(({ by, environments }) => {
	const changes = [...by.values()];
	const [first] = changes;
	if (!first || environments.size < 2 || by.size < environments.size || isVersion(first)) return undefined;
	// Where all say the same, the value is the base's to say: `overlay/same-everywhere`.
	if (changes.every(({ node }) => sameValue(node, first.node))) return undefined;
	const [written, ...others] = changes.map(({ origin }) => origin.replaced);
	const isSame = (other: Origin | undefined) =>
		other !== undefined && addressKey(addressOf(other)) === addressKey(addressOf(written!));
	return written && others.every(isSame) && changes.every(({ node }) => node.kind === 'scalar') ? written : undefined;
});

/** Whether an environment says what stands in the base. */
const isSaidAgain = ofObjects<Node, CustomisedField, boolean>((said, { by }) =>
	[...by.values()].some(({ node }) => sameValue(node, said)),
);

function finding(db: Database, field: CustomisedField): readonly Finding[] {
	const base = writtenOver(db, field);
	const home = base && homeOf(db, base.file);
	if (home?.role !== 'base') return [];
	// One that says what the base says has a finding of its own, and goes when that is mended.
	const said = sourceNode(db, base!);
	if (!said || isSaidAgain(db, said, field)) return [];
	// Another environment may have the object under another name, or build on this base without it.
	return home.environments.some(name => !field.by.has(name)) ? [] : [findingOf(db, field)];
}

const findingOf = ofObject<CustomisedField, Finding>(({ by }) => {
	const changes = [...by.values()];
	const [{ origin, path }] = changes as [Customisation];
	const names = changes.map(({ environment }) => environment).sort();
	return {
		code: baseOverriddenEverywhere.code,
		severity: baseOverriddenEverywhere.severity,
		message:
			`\`${formatPath(path)}\` of ${commonTitle(changes)} is never what stands here: ${names.join(', ')} each set their own; ` +
			'leave it out of the base where it need not be there, or give it a value that most can keep',
		at: addressOf(origin.replaced!),
		anchor: 'key',
		related: changes.map(({ environment, origin }) => ({
			message: `${environment} sets its own`,
			at: addressOf(origin),
		})),
		fixes: [{ title: 'Leave it out of the base', edits: [{ kind: 'remove', at: addressOf(origin.replaced!) }] }],
	};
});
