/** `overlay/same-resource-everywhere`: every environment's overlay of a base brings the same resource, which is the base's to bring. */
import { type RepeatedResource, repeatedResources } from '../model/repeated-resources';
import type { Finding, Rule } from './rule';

export const overlaySameResourceEverywhere: Rule = {
	code: 'overlay/same-resource-everywhere',
	severity: 'warning',
	summary: 'All environments bring the same resource beside one base.',
	check: db => repeatedResources(db).flatMap(findings),
};

function findings({ title, copies }: RepeatedResource): Finding[] {
	const names = copies.map(({ environment }) => environment).sort();
	return copies.map(({ environment, file }) => ({
		code: overlaySameResourceEverywhere.code,
		severity: overlaySameResourceEverywhere.severity,
		message: `${names.join(', ')} all bring the same ${title}; move the file into the base that they share`,
		at: { file, document: 0, path: [] },
		environments: [environment],
		related: copies
			.filter(other => other.file !== file)
			.map(other => ({ message: `the same in ${other.environment}`, at: { file: other.file, document: 0, path: [] } })),
	}));
}
