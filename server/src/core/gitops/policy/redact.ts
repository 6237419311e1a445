/** Policies write messages of their own, out of any field; what is secret in a resource is taken out of them before anyone sees them. */
import { decodeBase64 } from '../../base/base64';
import { withoutTokens } from '../../base/token-patterns';
import { decodeUtf8 } from '../../base/utf8';
import type { Resource } from '../../kube/resource';
import { secretCopies, valuesInCopy } from '../../kube/secret-copies';
import { isTakenFromSecret } from '../../kube/taken-secrets';
import { entriesOf, nodeAt, walk } from '../../yaml/node';

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
