/** `yaml.ErrorIfInvalid`: a node of another kind than is needed, in kustomize's words and in plain ones. */
import type { Node } from '../yaml/node';

const GO_NAMES = { scalar: 'ScalarNode', map: 'MappingNode', seq: 'SequenceNode' } as const;

/** Kustomize's words. */
export function wrongNodeKind(expected: Node['kind'], actual: Node): string {
	return `wrong node kind: expected ${GO_NAMES[expected]} but got ${GO_NAMES[actual.kind]}`;
}

const PLAIN: Readonly<Record<string, string>> = {
	ScalarNode: 'a single value',
	MappingNode: 'a map',
	SequenceNode: 'a list',
};

/** What is needed and what is there, out of kustomize's words. */
export function plainNodeKinds(
	details: string,
): { readonly wanted: string; readonly got: string | undefined } | undefined {
	const [, wanted, got] = /^wrong node kind: expected (\w+)(?: but got (\w+))?$/.exec(details) ?? [];
	const plain = wanted && PLAIN[wanted];
	return plain ? { wanted: plain, got: got && PLAIN[got] } : undefined;
}
