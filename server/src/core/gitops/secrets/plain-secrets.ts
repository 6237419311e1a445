/**
 * Secrets that lie in the tree for everyone to read: values of Secret objects (written or generated), and credentials that
 * are recognised by their form in any YAML. A finding names the key and the place, never the value.
 */
import { pathOf } from '../../base/address';
import { decodeBase64 as decodeBytes } from '../../base/base64';
import type { Problem } from '../../base/problem';
import { decodeUtf8 } from '../../base/utf8';
import { encryptedSources } from '../../kube/encrypted-sources';
import type { Resource } from '../../kube/resource';
import { secretCopies, valuesInCopy } from '../../kube/secret-copies';
import { addressOf, entriesOf, nodeAt, type Node, type ScalarNode, walk } from '../../yaml/node';
import { placeholderIn } from './placeholders';
import { isTemplateFile } from './sealed-secret-fields';
import { isSopsEncrypted } from './sops';
import { tokensIn } from '../../base/token-patterns';

/** Keys of Secrets that are commonly there and tell nothing: addresses, names, the public halves of key pairs. */
const PUBLIC_KEYS: ReadonlySet<string> = new Set([
	'ca.crt',
	'tls.crt',
	'ca.pem',
	'cert.pem',
	'known_hosts',
	'identity.pub',
	'ssh-publickey',
	'username',
	'user',
	'host',
	'hostname',
	'port',
	'database',
	'dbname',
	'url',
	'endpoint',
	'region',
	'bucket',
	'name',
	'type',
	'project',
	'email',
]);

/** A value of a Secret that is an actual one. */
export interface PlainValue {
	readonly resource: Resource;
	readonly key: string;
	readonly node: ScalarNode;
}

/** The actual values of the Secrets among the resources: no placeholders, no ciphertexts, nothing that is public by its key. */
export function plainValues(resources: readonly Resource[]): readonly PlainValue[] {
	return resources.flatMap(resource => {
		const { id, node } = resource;
		if (id.kind !== 'Secret' || id.group !== '' || isSopsEncrypted(node)) return [];
		const encrypted = encryptedSources(node);
		return (['data', 'stringData'] as const).flatMap(field =>
			entriesOf(nodeAt(node, [field])).flatMap(({ key, value }) => {
				if (value.kind !== 'scalar' || value.tag === '!!null' || isTemplateFile(value.origin)) return [];
				if (value.origin.step === 'generator' && encrypted.has(value.origin.file)) return [];
				const text = field === 'data' ? decoded(value.text) : value.text;
				if (placeholderIn(value.text) || placeholderIn(text) || hasCiphertext(text)) return [];
				return PUBLIC_KEYS.has(key.toLowerCase()) && tokensIn(text).length === 0
					? []
					: [{ resource, key, node: value }];
			}),
		);
	});
}

/** Whether a whole file has values that SOPS has encrypted, be its metadata in order or not. */
function hasCiphertext(text: string): boolean {
	return text.includes('ENC[AES256_GCM,data:');
}

/** A problem for each actual value of a Secret. */
export function plainSecretProblems(resources: readonly Resource[]): readonly Problem[] {
	return [...plainValues(resources).map(plainValueProblem), ...resources.flatMap(copyProblems)];
}

/** Annotations that hold what the Secret itself may well have encrypted. */
function copyProblems({ id, node }: Resource): readonly Problem[] {
	return secretCopies(id.kind, node)
		.filter(copy => valuesInCopy(copy.node.text).some(value => !placeholderIn(value) && !placeholderIn(decoded(value))))
		.map(copy => ({
			code: 'secret/plain-text',
			severity: 'warning',
			message: `The annotation "${copy.key}" of ${id.kind}/${id.name} holds the copy of a Secret with its values, for everyone who can read this repository. Take it out, and change the secret if it has been pushed.`,
			at: addressOf(copy.node.origin),
			anchor: 'key',
		}));
}

function plainValueProblem({ resource: { id }, key, node }: PlainValue): Problem {
	return {
		code: 'secret/plain-text',
		severity: 'warning',
		message: `Secret/${id.name} holds the value of "${key}" for everyone who can read this repository. Seal or encrypt it (\`Strata: Seal Value\`), and change the secret if it has been pushed.`,
		at: addressOf(node.origin),
	};
}

/** A problem for each scalar of a document that holds a credential. Secrets' own values are left to `plainSecretProblems`. */
export function credentialProblems(root: Node): readonly Problem[] {
	if (isSopsEncrypted(root)) return [];
	const isSecret = textOf(root, 'kind') === 'Secret';
	const problems: Problem[] = [];
	walk(root, (node, link) => {
		const path = pathOf(link);
		if (isSecret && (path[0] === 'data' || path[0] === 'stringData')) return false;
		if (node.kind !== 'scalar' || node.text.length < MIN_LENGTH) return true;
		for (const { name, mayBePublic } of tokensIn(node.text)) {
			problems.push({
				code: 'secret/credential',
				severity: mayBePublic ? 'warning' : 'error',
				message: `"${path.join('.')}" holds ${name} in plain text. Move it into a sealed or encrypted Secret, and change it if it has been pushed.`,
				at: addressOf(node.origin),
			});
		}
		return true;
	});
	return problems;
}

/** No credential is shorter. */
const MIN_LENGTH = 12;

function textOf(root: Node, key: string): string | undefined {
	const node = nodeAt(root, [key]);
	return node?.kind === 'scalar' ? node.text : undefined;
}

/** The text behind base64; what is not base64 is taken as it is written. */
function decoded(text: string): string {
	const bytes = decodeBytes(text);
	return bytes ? decodeUtf8(bytes) : text;
}
