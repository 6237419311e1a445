/** The same ciphertext in two places: sealing twice never gives the same bytes, so one of them was copied. */
import { addressKey } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { addressOf, child } from '../../yaml/node';
import { encryptedValues, encryptionLabel, isSealedSecret, type Scope, scopeOf } from './sealed-secret-fields';

/** What one environment renders; `name` is empty where there is only one. */
export interface RenderedEnvironment {
	readonly name: string;
	readonly resources: readonly Resource[];
}

interface Use {
	readonly environment: string;
	readonly resource: Resource;
	readonly key: string;
	readonly scope: Scope;
	readonly label: string;
	readonly at: ReturnType<typeof addressOf>;
}

/**
 * Ciphertexts that stand in several environments or under several names. An error where their labels differ, since then at most one of
 * them opens; else a warning where they were written twice. Sorted as the environments and resources come.
 */
export function repeatedCiphertexts(environments: readonly RenderedEnvironment[]): readonly Problem[] {
	const uses = new Map<string, Use[]>();
	for (const { name: environment, resources } of environments) {
		for (const resource of resources.filter(isSealedSecret)) {
			const scope = scopeOf(child(resource.node, 'metadata'));
			const label = encryptionLabel(scope, resource.id.namespace, resource.id.name);
			for (const { key, node } of encryptedValues(resource)) {
				const text = node.text.replace(/\s+/g, '');
				// Short texts are no ciphertexts, and said to be none elsewhere.
				if (text.length < 100) continue;
				const use = { environment, resource, key, scope, label, at: addressOf(node.origin) };
				uses.set(text, [...(uses.get(text) ?? []), use]);
			}
		}
	}
	return [...uses.values()].flatMap(problemsOf);
}

function problemsOf(uses: readonly Use[]): readonly Problem[] {
	const [first] = uses;
	const problems: Problem[] = [];
	const said = new Set([addressKey(first!.at)]);
	for (const use of uses.slice(1)) {
		const contradicts = use.label !== first!.label || use.scope !== first!.scope;
		// One base that several environments render is one place, and wrong only if it cannot be right for all of them.
		const place = addressKey(use.at);
		if (said.has(place) && !(contradicts && place === addressKey(first!.at) && !said.has(`${place}!`))) continue;
		said.add(place).add(contradicts ? `${place}!` : place);
		const isOnePlace = place === addressKey(first!.at);
		problems.push({
			code: 'sealed-secret/same-ciphertext',
			severity: contradicts ? 'error' : 'warning',
			message: isOnePlace
				? `This value of "${use.key}" becomes part of ${describe(first!)} and of ${describe(use)}; it was sealed for one of the two at most, and opens there only. Seal the value for each.`
				: contradicts
					? `The value of "${use.key}" in ${describe(use)} is the ciphertext of "${first!.key}" in ${describe(first!)}, copied; it was sealed for one name and namespace, so at most one of the two opens. Seal the value for each.`
					: `The value of "${use.key}" in ${describe(use)} is the ciphertext of "${first!.key}" in ${describe(first!)}, copied: both hold the same secret. Seal each environment's own value.`,
			at: use.at,
			...(isOnePlace
				? undefined
				: { related: [{ message: `the same ciphertext in ${describe(first!)}`, at: first!.at }] }),
			...(contradicts ? { details: `no key could decrypt secret (${use.key})` } : undefined),
		});
	}
	return problems;
}

function describe({ environment, resource: { id } }: Use): string {
	const place = `SealedSecret/${id.name}${id.namespace ? ` in namespace ${id.namespace}` : ''}`;
	return environment ? `${place} (${environment})` : place;
}
