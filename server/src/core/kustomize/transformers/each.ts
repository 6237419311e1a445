/** What most transformers do: change the tree of each resource on its own, and tell what they matched and what went wrong. */
import { type Address, formatPath } from '../../base/address';
import type { Problem } from '../../base/problem';
import { describeId, type ResourceId } from '../../kube/resource-id';
import type { Step } from '../../yaml/node';
import type { FieldTrouble } from '../field-spec';
import { plainNodeKinds } from '../node-kinds';
import type { Tracked, Transformed } from '../tracked';

/** Calls `change` for each resource; one that it gives back unchanged was not matched. */
export function transformEach(
	step: Step,
	at: Address,
	resources: readonly Tracked[],
	change: (resource: Tracked, trouble: (trouble: FieldTrouble) => void) => Tracked,
): Transformed {
	const problems: Problem[] = [];
	const matched: ResourceId[] = [];
	const changed = resources.map(resource => {
		const result = change(resource, trouble => problems.push(fieldProblem(at, resource, trouble)));
		if (result !== resource) matched.push(resource.id);
		return result;
	});
	const same = matched.length === 0;
	return {
		resources: same ? resources : changed,
		problems,
		applications: [{ step, at, matched, changed: !same }],
	};
}

/** The same result for a transformer that selected more than it changed: some said already what it says. */
export function withSelected(result: Transformed, selected: ReadonlySet<ResourceId>): Transformed {
	return { ...result, applications: result.applications.map(each => ({ ...each, matched: [...selected] })) };
}

/** What was given, unchanged. */
export function unchanged(resources: readonly Tracked[], problems: readonly Problem[] = []): Transformed {
	return { resources, problems, applications: [] };
}

function plainKinds({ at, details }: FieldTrouble): string {
	const kinds = plainNodeKinds(details);
	const field = `\`${formatPath(at.path)}\``;
	if (!kinds) return `${field}: ${details}`;
	return kinds.got ? `${field} is ${kinds.got}, not ${kinds.wanted}` : `${field} is not ${kinds.wanted}`;
}

function fieldProblem(at: Address, resource: Tracked, trouble: FieldTrouble): Problem {
	return {
		code: 'kustomize/field-of-other-kind',
		severity: 'error',
		fatal: true,
		message: `this cannot be applied to ${describeId(resource.id)}: ${plainKinds(trouble)}; correct the field there`,
		at,
		related: [{ message: `the field of ${describeId(resource.id)}`, at: trouble.at }],
		details: trouble.details,
	};
}
