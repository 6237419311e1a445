/**
 * `base/overridden-everywhere`: a base says a value that no environment keeps. Whoever reads the base believes it, and whoever changes it
 * changes nothing. Versions are left out: a base names an image, and environments say which release of it they run.
 */
import { addressKey, formatPath } from '../base/address';
import { ofObject } from '../base/memo';
import type { Database } from '../base/query';
import { homeOf } from '../model/bases';
import { type Customisation, type CustomisedField, customisedFields, isVersion } from '../model/customisations';
import { chainOf } from '../model/occurrences';
import { sourceNode } from '../model/source-nodes';
import { addressOf, type Origin, sameValue } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const baseOverriddenEverywhere: Rule = {
	code: 'base/overridden-everywhere',
	severity: 'hint',
	summary: 'Every environment overrides a value of the base, so that the base’s is never used.',
	check: db => customisedFields(db).flatMap(field => finding(db, field)),
};

/** The changes of a field that all environments have, each to a scalar of its own. */
const ownEverywhere = ofObject<CustomisedField, readonly Customisation[]>('ownEverywhere', ({ by, environments }) => {
	const changes = [...by.values()];
	const [first] = changes;
	if (!first || environments.size < 2 || by.size < environments.size || isVersion(first)) return [];
	// Where all say the same, the value is the base's to say: `overlay/same-everywhere`.
	if (changes.every(({ node }) => sameValue(node, first.node))) return [];
	return changes.some(({ node }) => node.kind !== 'scalar') ? [] : changes;
});

function finding(db: Database, field: CustomisedField): Finding[] {
	const { by } = field;
	const changes = ownEverywhere(db, field);
	const [first] = changes;
	if (!first) return [];
	const written = changes.map(({ origin }) => ofBase(db, origin));
	const [base] = written;
	if (!base || !written.every(each => each && addressKey(addressOf(each)) === addressKey(addressOf(base)))) return [];
	// One that says what the base says has a finding of its own, and goes when that is mended.
	const said = sourceNode(db, base);
	if (!said || changes.some(({ node }) => sameValue(node, said))) return [];
	const at = addressOf(base);
	// Another environment may have the object under another name, or build on this base without it.
	if (homeOf(db, at.file)!.environments.some(name => !by.has(name))) return [];
	const names = changes.map(({ environment }) => environment).sort();
	return [
		{
			code: baseOverriddenEverywhere.code,
			severity: baseOverriddenEverywhere.severity,
			message:
				`\`${formatPath(first.path)}\` of ${first.subject.title} is never what stands here: ${names.join(', ')} each set their own; ` +
				'leave it out of the base where it need not be there, or give it a value that most can keep',
			at,
			anchor: 'key',
			related: changes.map(({ environment, origin }) => ({
				message: `${environment} sets its own`,
				at: addressOf(origin),
			})),
		},
	];
}

/** Who wrote the value before the overlay did, if a base's own file. */
function ofBase(db: Database, origin: Origin): Origin | undefined {
	const [, before] = chainOf(origin);
	return before && homeOf(db, before.file)?.role === 'base' ? before : undefined;
}
