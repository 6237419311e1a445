/**
 * `overlay/same-everywhere`: every environment that has an object changes one field of it to the same value, so that the value is the
 * base's to say. Versions are left out: environments take them one after the other. Two that agree may do so by chance.
 */
import { formatPath } from '../base/address';
import { ofObject } from '../base/memo';
import { type CustomisedField, customisedFields, isVersion } from '../model/customisations';
import { addressOf, sameValue } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlaySameEverywhere: Rule = {
	code: 'overlay/same-everywhere',
	severity: 'warning',
	summary: 'All environments make the same change to the base.',
	check: db => customisedFields(db).flatMap(field => findings(db, field)),
};

const findings = ofObject<CustomisedField, readonly Finding[]>(({ by, environments }) => {
	const changes = [...by.values()];
	const [first] = changes;
	if (!first || environments.size < 2 || by.size < environments.size || isVersion(first)) return [];
	if (!changes.every(({ node }) => sameValue(node, first.node))) return [];
	const names = [...environments].sort().join(', ');
	return changes.map(({ origin, environment, path, subject }) => ({
		code: overlaySameEverywhere.code,
		severity: environments.size > 2 ? overlaySameEverywhere.severity : 'information',
		message:
			`${names} all set \`${formatPath(path)}\` of ${subject.title} to the same value; ` +
			'say it once in the base, and leave to the overlays what differs',
		at: addressOf(origin),
		anchor: 'key',
		environments: [environment],
		related: changes
			.filter(other => other.environment !== environment)
			.map(other => ({ message: `the same in ${other.environment}`, at: addressOf(other.origin) })),
	}));
});
