/** `overlay/copied-resource`: an overlay says a base's object again, as a file of its own or as a patch that repeats most of it. */
import { type CopiedResource, copiedResources, copyWork } from '../model/copied-resources';
import type { Finding, Rule } from './rule';

export const overlayCopiedResource: Rule = {
	code: 'overlay/copied-resource',
	severity: 'warning',
	summary: 'An overlay copies a resource of a base instead of saying what differs.',
	pieces: copyWork,
	check: db => copiedResources(db).map(finding),
};

function finding({ kind, environment, title, at, original, same, all }: CopiedResource): Finding {
	const what =
		kind === 'file'
			? `this ${title} is a copy of the base's (${same} of ${all} values are equal), which ${environment} does not build on; build on the base, and patch what differs`
			: `this patch repeats ${same} of the ${all} values of ${title}; keep only what differs in ${environment}`;
	return {
		code: overlayCopiedResource.code,
		severity: overlayCopiedResource.severity,
		message: what,
		at,
		environments: [environment],
		related: [{ message: 'the base has it', at: original }],
	};
}
