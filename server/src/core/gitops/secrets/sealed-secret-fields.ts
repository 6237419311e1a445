/** A SealedSecret as the controller reads it: scope, identity as sealed and as rendered, and the ciphertexts by key. */
import { basename } from '../../base/paths';
import type { Resource } from '../../kube/resource';
import { addressOf, child, entriesOf, nodeAt, type Node, type Origin, type ScalarNode, textAt } from '../../yaml/node';
import type { Address } from '../../base/address';

export const SEALED_SECRETS_GROUP = 'bitnami.com';
export const SEALED_SECRETS_VERSION = 'v1alpha1';

export const CLUSTER_WIDE = 'sealedsecrets.bitnami.com/cluster-wide';
export const NAMESPACE_WIDE = 'sealedsecrets.bitnami.com/namespace-wide';

export type Scope = 'strict' | 'namespace-wide' | 'cluster-wide';

export interface EncryptedValue {
	readonly key: string;
	readonly node: ScalarNode;
}

/** Whether the resource is a SealedSecret, of whatever version. */
export function isSealedSecret({ id }: Resource): boolean {
	return id.kind === 'SealedSecret';
}

/** The scope that a metadata map asks for; sealed-secrets `SecretScope`: only the very text `true` counts, cluster-wide first. */
export function scopeOf(metadata: Node | undefined): Scope {
	const annotations = child(metadata, 'annotations');
	if (textAt(annotations, CLUSTER_WIDE) === 'true') return 'cluster-wide';
	if (textAt(annotations, NAMESPACE_WIDE) === 'true') return 'namespace-wide';
	return 'strict';
}

/** The label that the session key was encrypted with; sealed-secrets `EncryptionLabel`. */
export function encryptionLabel(scope: Scope, namespace: string, name: string): string {
	if (scope === 'cluster-wide') return '';
	return scope === 'namespace-wide' ? namespace : `${namespace}/${name}`;
}

/**
 * The values that are there to be decrypted. Left out: those of files that say by their name that they are templates (`template-*`, not
 * sealed yet), and texts with `${...}` or `{{...}}`, which become something else before the controller sees them.
 */
export function encryptedValues(resource: Resource): readonly EncryptedValue[] {
	return entriesOf(nodeAt(resource.node, ['spec', 'encryptedData'])).flatMap(({ key, value }) =>
		value.kind === 'scalar' && value.tag !== '!!null' && !isTemplateFile(value.origin) && !/\$\{|\{\{/.test(value.text)
			? [{ key, node: value }]
			: [],
	);
}

/** Whether the file is one in which placeholders stand until someone seals it. */
export function isTemplateFile({ file }: Pick<Origin, 'file'>): boolean {
	return basename(file).startsWith('template-');
}

/** Where a field stands that is there, else the nearest parent that is. */
export function placeOf(root: Node, ...path: readonly string[]): Address {
	let at = root;
	for (const key of path) {
		const next = child(at, key);
		if (!next) break;
		at = next;
	}
	return addressOf(at.origin);
}
