/** What can be wrong where kustomizations are put together. */
import { addressKey } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import { describeId, formatId } from '../kube/resource-id';
import { addressOf, child, type Node } from '../yaml/node';
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
		at: same ? entry.at : second.from,
		anchor: 'entry',
		related: [
			{ message: `the other ${describeId(first.id)}`, at: first.from },
			...(same ? [] : [{ message: 'the entry that brings this one', at: entry.at }]),
		],
		details: `may not add resource with an already registered id: ${formatId(second.id)}`,
	};
}

/** Two resources that steps after their accumulation made the same; found at the very end (`KustTarget.IgnoreLocal`). */
export function sameInTheEnd(first: Tracked, second: Tracked): Problem {
	return {
		code: 'kustomize/duplicate-id',
		severity: 'error',
		fatal: true,
		message: `${describeId(first.originalId)} and ${describeId(second.originalId)} are one object in the end, ${describeId(second.id)}, and kustomize crashes on that; keep their names apart`,
		at: addressOf(nameOf(second).origin),
		related: [first, second].map(({ from, originalId }) => ({ message: describeId(originalId), at: from })),
		details: `panic: may not add resource with an already registered id: ${formatId(second.id)}`,
	};
}

function nameOf({ node }: Tracked): Node {
	return child(child(node, 'metadata'), 'name') ?? node;
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
