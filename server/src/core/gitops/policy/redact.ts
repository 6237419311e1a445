/** Policies write messages of their own, out of any field; what is secret in a resource is taken out of them before anyone sees them. */
import { type FieldPath, pathOf } from '../../base/address';
import { decodeBase64 } from '../../base/base64';
import { withoutTokens } from '../../base/token-patterns';
import { decodeUtf8 } from '../../base/utf8';
import type { Resource } from '../../kube/resource';
import { isCopyOf, secretCopies, valuesInCopy } from '../../kube/secret-copies';
import { isTakenFromSecret } from '../../kube/taken-secrets';
import { entriesOf, type Node, nodeAt, walk } from '../../yaml/node';

/** What stands in the place of a secret. */
const HIDDEN = '***';
/** Shorter values are in every text. */
const MIN_LENGTH = 4;

/** The text without the values of the resource, where it is a Secret or has a copy of one, and without anything that has the form of a credential. */
export function redact(text: string, { id, node }: Resource): string {
	const copies = secretCopies(id.kind, node).flatMap(({ node: { text } }) => [text, ...valuesInCopy(text)]);
	const values = [...(id.kind === 'Secret' ? secretTexts(node) : []), ...takenTexts(node), ...copies];
	// Collections are written into messages as JSON.
	const hidden = [...values, ...values.map(value => JSON.stringify(value).slice(1, -1))]
		.filter(value => value.length >= MIN_LENGTH)
		.toSorted((a, b) => b.length - a.length)
		.reduce((at, value) => at.replaceAll(value, HIDDEN), text);
	return withoutTokens(hidden, HIDDEN);
}

/**
 * The same for what a policy says of a resource. Its message may be made of a Secret's values in any way (in capitals, cut off, encoded), so of a Secret only
 * words are left that stand in the policy, or in the Secret outside of its values.
 */
export function redactMade(text: string, policy: Resource, resource: Resource): string {
	const redacted = redact(text, resource);
	if (resource.id.kind !== 'Secret') return redacted;
	const { name, namespace } = resource.id;
	const texts = [...textsIn(policy.node, () => false), ...textsIn(resource.node, holdsValues)];
	const known = [ENGINE_WORDS, name, namespace, ...texts].join('\n');
	return redacted
		.split(WORDS)
		.map((word, i) => (i % 2 === 1 || word.split('.').every(part => known.includes(part)) ? word : HIDDEN))
		.join('')
		.replace(/\*{3}(\s+\*{3})+/g, HIDDEN);
}

/** Between these a message is put together of parts. */
const WORDS = /([\s"'`,;:=(){}[\]<>|&?!]+|\*{3}|\.(?=\s|$))/;
/** What the engines put around the words of policies. */
const ENGINE_WORDS =
	"Invalid value Expected value Required value field not found in the input object value is null must not be null lengths of slices don't match failed expression resulted in error no such key";

function holdsValues(path: FieldPath): boolean {
	return (path.length === 1 && (path[0] === 'data' || path[0] === 'stringData')) || isCopyOf('Secret', path);
}

/** Every key and text of a tree, apart from what stands below a field that is left out. */
function textsIn(root: Node, isLeftOut: (path: FieldPath) => boolean): readonly string[] {
	const texts: string[] = [];
	walk(root, (node, link) => {
		const path = pathOf(link);
		if (typeof path.at(-1) === 'string') texts.push(String(path.at(-1)));
		if (isLeftOut(path)) {
			if (node.kind === 'map') texts.push(...node.entries.map(({ key }) => key));
			return false;
		}
		if (node.kind === 'scalar' && !isTakenFromSecret(node.origin)) texts.push(node.text);
		return true;
	});
	return texts;
}

/** Values of Secrets that a step has put into the resource. */
function takenTexts(node: Resource['node']): readonly string[] {
	const texts: string[] = [];
	walk(node, each => {
		if (each.kind === 'scalar' && isTakenFromSecret(each.origin)) texts.push(each.text);
		return true;
	});
	return texts;
}

function secretTexts(node: Resource['node']): readonly string[] {
	return ['data', 'stringData'].flatMap(field =>
		entriesOf(nodeAt(node, [field])).flatMap(({ value }) => {
			if (value.kind !== 'scalar') return [];
			const bytes = field === 'data' ? decodeBase64(value.text) : undefined;
			return [value.text, value.text.trim(), ...(bytes ? [decodeUtf8(bytes)] : [])];
		}),
	);
}
