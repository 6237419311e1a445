/** What can be wrong where kustomizations are put together. */
import { type Address, addressKey } from '../base/address';
import { changeTo } from '../base/change-to';
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import { describeId, formatId } from '../kube/resource-id';
import { addressOf, child } from '../yaml/node';
import type { Field } from './read/model';
import type { Tracked } from './tracked';

/** A second resource of one id; at its document, or at the entry where it is the same document again. */
export function duplicateId(first: Tracked, second: Tracked, entry: Field<string>): Problem {
	const same = addressKey(first.from) === addressKey(second.from);
	const message = same
		? `${describeId(second.id)} is there already: \`${entry.value}\` brings the same file a second time`
		: `${describeId(second.id)} is there already; give one of the two another name or namespace, or leave one out`;
	return {
		code: 'kustomize/duplicate-id',
		severity: 'error',
		fatal: true,
		message,
		at: same ? entry.at : nameOf(second),
		related: [
			{ message: `the other ${describeId(first.id)}`, at: nameOf(first) },
			...(same ? [] : [{ message: 'the entry that brings this one', at: entry.at }]),
		],
		details: `may not add resource with an already registered id: ${formatId(second.id)}`,
		...(same && { fixes: [{ title: `Remove the second ${entry.value}`, edits: [{ kind: 'remove', at: entry.at }] }] }),
	};
}

/** Two resources that steps after their accumulation made the same; found at the very end (`KustTarget.IgnoreLocal`). */
export function sameInTheEnd(first: Tracked, second: Tracked): Problem {
	return {
		code: 'kustomize/duplicate-id',
		severity: 'error',
		fatal: true,
		message: `${describeId(first.originalId)} and ${describeId(second.originalId)} are one object in the end, ${describeId(second.id)}, and kustomize crashes on that; keep their names apart`,
		at: addressOf((child(child(second.node, 'metadata'), 'name') ?? second.node).origin),
		related: [first, second].map(({ from, originalId }) => ({ message: describeId(originalId), at: from })),
		details: `panic: may not add resource with an already registered id: ${formatId(second.id)}`,
	};
}

/** An entry that is left out, since with it the build would be beyond what is worked with. */
export function tooMuch({ value, at }: Field<string>, what: string): Problem {
	return {
		code: 'kustomize/too-large',
		severity: 'information',
		message: `with \`${value}\` this build would take ${what}, which is more than Strata builds; it is left out`,
		at,
	};
}

/** What is no object is listed by somebody, who may be the one who erred. */
export function broughtBy(entry: Field<string>, problem: Problem): Problem {
	if (problem.code !== 'kustomize/invalid-resource') return problem;
	return { ...problem, related: [...(problem.related ?? []), { message: 'the entry that lists it', at: entry.at }] };
}

/** A kustomization file among the resources: kustomize reads it as a manifest, which it is not. */
export function kustomizationAsResource({ value, at }: Field<string>, isOwn: boolean): Problem {
	const directory = value.slice(0, value.lastIndexOf('/'));
	return {
		code: 'kustomize/invalid-resource',
		severity: 'error',
		fatal: true,
		message: isOwn
			? `\`${value}\` is this kustomization itself and no resource; remove the entry`
			: `\`${value}\` is a kustomization and no resource; list its directory, \`${directory}\``,
		at,
		details: `accumulating resources from '${value}': missing Resource metadata`,
		fixes: isOwn
			? [{ title: `Remove ${value}`, edits: [{ kind: 'remove', at }] }]
			: (changeTo(at, directory).fixes ?? []),
	};
}

/** Where the object's name was first written, before prefixes and patches; where it stands if that is unknown. */
export function nameOf({ node, from }: Tracked): Address {
	let origin = child(child(node, 'metadata'), 'name')?.origin;
	while (origin?.replaced) origin = origin.replaced;
	return origin ? addressOf(origin) : from;
}

/** A Component where a Kustomization is needed, or the other way round. */
export function wrongComponentKind(
	what: 'component-as-resource' | 'resource-as-component',
	entry: Field<string>,
	directory: FilePath,
): Problem {
	const isComponent = what === 'component-as-resource';
	return {
		code: `kustomize/${what}`,
		severity: 'error',
		fatal: true,
		message: isComponent
			? `\`${entry.value}\` is a Component; list it in \`components\``
			: `\`${entry.value}\` is a Kustomization; list it in \`resources\`, or make it \`kind: Component\``,
		at: entry.at,
		details: isComponent
			? `expected kind != 'Component' for path '${directory}'`
			: `expected kind 'Component' for path '${directory}' but got 'Kustomization'`,
	};
}

/** The name under which the build of a directory is left out, where it throws or does not end. */
export function buildName(directory: FilePath): string {
	return `the build of ${directory}`;
}

/** What stands for the build of a directory that Strata itself fails at. */
export function withoutResources(directory: FilePath, file: FilePath | undefined) {
	const problem: Problem = {
		code: 'kustomize/not-supported',
		severity: 'information',
		message: 'Strata failed at this kustomization, by a mistake of its own; what it builds is left out',
		at: { file: file ?? directory, document: 0, path: [] },
	};
	return { problems: [problem], files: new Set(file ? [file] : []), directories: new Set([directory]) };
}
