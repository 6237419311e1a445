/**
 * What sops and Flux will say about encrypted files and about those that should be: what the creation rule covers and is plain, metadata that is
 * missing or broken, recipients that are not the rule's, and encrypted files that a Flux Kustomization does not decrypt.
 */
import type { Address, FieldPath } from '../../base/address';
import { goRegExp } from '../../base/go-regexp';
import type { FilePath } from '../../base/paths';
import { basename, dirname, isKustomizationFile, join, relative } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { ENCRYPTED_WITH_SOPS, providedSecret } from '../../kube/data-sources';
import type { Resource } from '../../kube/resource';
import type { CommentsAt } from '../../yaml/comments';
import {
	addressOf,
	child,
	entriesOf,
	isNull,
	type Node,
	nodeAt,
	type ScalarNode,
	stringAt,
	textAt,
	walk,
} from '../../yaml/node';
import { pathOf, type PathLink } from '../../base/address';
import { placeholderIn } from './placeholders';
import { isTemplateFile, placeOf } from './sealed-secret-fields';
import { sopsFormat } from './sops-formats';
import {
	type CreationRule,
	hasRecipients,
	isSelected,
	RECIPIENT_KINDS,
	recipientsOfFile,
	type Selection,
	selectionOf,
} from './sops-config';

/** sops' own form of an encrypted value; `decrypt` in its aes package. */
const ENCRYPTED =
	/^ENC\[AES256_GCM,data:[A-Za-z0-9+/=]*,iv:[A-Za-z0-9+/=]+,tag:[A-Za-z0-9+/=]+,type:(str|int|float|bool|bytes|time|comment)\]$/;

/** Whether the document carries sops' metadata. */
export function isSopsEncrypted(root: Node | undefined): boolean {
	return child(root, 'sops')?.kind === 'map';
}

/** What decides how a file is judged. */
export interface SopsContext {
	/** The creation rule for the file, if there is a `.sops.yaml` with one. */
	readonly rule?: CreationRule | undefined;
	/** Those of configurations further up, which sops takes where it is started there. */
	readonly others?: readonly CreationRule[];
	/** Who reads the file: what a Secret is generated from is meant to be secret. */
	readonly readBy?: 'secretGenerator';
	/** The comments of the document, where its format has any that sops reads. */
	readonly comments?: CommentsAt;
}

/** The problems of one document of a file. */
export function sopsProblems(
	file: FilePath,
	root: Node,
	{ rule, others = [], readBy, comments }: SopsContext,
): readonly Problem[] {
	if (isSopsEncrypted(root)) {
		const metadata = child(root, 'sops')!;
		return [
			...metadataProblems(root),
			// Metadata of which nothing is left does not say what is encrypted either.
			...(entriesOf(metadata).length === 0 ? [] : valueProblems(root, comments)),
			...(rule ? recipientProblems(file, metadata, rule, others) : []),
			...(rule ? uncoveredProblems(root, rule, comments) : []),
		];
	}
	return [...lostMetadata(file, root), ...(rule ? unencryptedProblems(file, root, rule, { readBy, comments }) : [])];
}

/** Ciphertexts of SOPS without its metadata, so that nobody can decrypt them, and Flux does not even try. */
function lostMetadata(file: FilePath, root: Node): readonly Problem[] {
	if (isTemplateFile({ file })) return [];
	const first = leavesOf(root).find(({ node }) => ENCRYPTED.test(node.text));
	if (!first) return [];
	return [
		{
			code: 'sops/bad-metadata',
			severity: 'error',
			message: `"${pathOf(first.link).join('.')}" is encrypted with SOPS, but the metadata under \`sops\` is gone, so nobody can decrypt it. Restore it from git, or encrypt the file anew.`,
			at: addressOf(first.node.origin),
			details: 'sops metadata not found',
		},
	];
}

/**
 * What the rule chooses now and the file did not choose when it was encrypted. A rule that does not say what it chooses means every value, and
 * is used with `--encrypted-regex` on manifests: there only what a Secret holds is missed.
 */
function uncoveredProblems(root: Node, rule: CreationRule, comments: CommentsAt | undefined): readonly Problem[] {
	const own = selectionOf(child(root, 'sops'));
	const isSecret = stringAt(root, 'kind') === 'Secret';
	const { encryptedRegex, encryptedSuffix, encryptedCommentRegex } = rule.selection;
	const isNamed = [encryptedRegex, encryptedSuffix, encryptedCommentRegex].some(field => field !== undefined);
	if (!isSecret && !isNamed) return [];
	const plain = selectedLeaves(root, rule.selection, comments).filter(({ path, text }) => {
		if (isSecret && path[0] !== 'data' && path[0] !== 'stringData') return false;
		const keys = path.filter(key => typeof key === 'string');
		return !isSelected(own, keys, comments?.(path)) && !text.startsWith('ENC[') && !placeholderIn(text);
	});
	return plain.map(({ node, path }) => ({
		code: 'sops/not-encrypted',
		severity: 'error',
		message: `The rule in .sops.yaml covers "${path.join('.')}", but this file was encrypted with another choice of keys and leaves it in plain text. Decrypt the file and encrypt it anew, and change the secret if it has been pushed.`,
		at: addressOf(node.origin),
		related: [{ message: 'the rule for this file', at: addressOf(rule.node.origin) }],
	}));
}

/** The leaves of a document that the selection covers. */
function selectedLeaves(
	root: Node,
	selection: Selection,
	comments?: CommentsAt,
): readonly { node: Node; path: FieldPath; text: string }[] {
	return leavesOf(root).flatMap(({ node, link }) => {
		const path = pathOf(link);
		const keys = path.filter(key => typeof key === 'string');
		return isSelected(selection, keys, comments?.(path)) ? [{ node, path, text: node.text }] : [];
	});
}

/** The leaves of a document that sops would encrypt: it leaves nulls and empty texts as they are. */
function leavesOf(root: Node): readonly { node: ScalarNode; link: PathLink | undefined }[] {
	const leaves: { node: ScalarNode; link: PathLink | undefined }[] = [];
	walk(root, (node, link) => {
		if (link && link.parent === undefined && link.key === 'sops') return false;
		if (node.kind === 'scalar' && !isNull(node) && node.text !== '') leaves.push({ node, link });
		return true;
	});
	return leaves;
}

function metadataProblems(root: Node): readonly Problem[] {
	const metadata = child(root, 'sops')!;
	const problems: Problem[] = [];
	const mac = textAt(metadata, 'mac');
	if (mac === undefined || !ENCRYPTED.test(mac)) {
		problems.push({
			code: 'sops/bad-mac',
			severity: 'error',
			message: `The sops metadata has ${mac === undefined ? 'no mac' : 'a mac that is no ciphertext of sops'}, so the file cannot be decrypted. Restore it from git, or encrypt the file anew.`,
			at: placeOf(metadata, 'mac'),
			details:
				mac === undefined ? 'MAC mismatch. File has , computed' : "Input string does not match sops' data format",
		});
	}
	const modified = textAt(metadata, 'lastmodified');
	if (modified === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(modified)) {
		problems.push({
			code: 'sops/bad-metadata',
			severity: 'error',
			message: `The sops metadata has ${modified === undefined ? 'no lastmodified' : 'a lastmodified that is no time in the form 2024-01-31T12:00:00Z'}; the mac depends on it, so the file cannot be decrypted.`,
			at: placeOf(metadata, 'lastmodified'),
			details: 'parsing time',
		});
	}
	if (!hasRecipients(metadata)) {
		problems.push({
			code: 'sops/no-recipients',
			severity: 'error',
			message:
				'The sops metadata names nobody who could decrypt the file (age, pgp, kms, gcp_kms, azure_kv, hc_vault). Restore it from git, or encrypt the file anew.',
			at: addressOf(metadata.origin),
			details: 'Error getting data key: 0 successful groups required, got 0',
		});
	}
	return problems;
}

function valueProblems(root: Node, comments: CommentsAt | undefined): readonly Problem[] {
	return selectedLeaves(root, selectionOf(child(root, 'sops')), comments).flatMap(({ node, path, text }): Problem[] => {
		if (ENCRYPTED.test(text)) return [];
		const name = path.join('.');
		if (text.startsWith('ENC[')) {
			return [
				{
					code: 'sops/bad-value',
					severity: 'error',
					message: `The encrypted value of "${name}" is damaged. Restore it from git, or encrypt it anew.`,
					at: addressOf(node.origin),
					details: "Input string does not match sops' data format",
				},
			];
		}
		return [
			{
				code: 'sops/plain-value',
				severity: 'error',
				message: `"${name}" stands in plain text in an encrypted file, so sops cannot decrypt the file. Take it out and add it with \`sops edit\`.`,
				at: addressOf(node.origin),
				details: "Input string does not match sops' data format",
			},
		];
	});
}

function recipientProblems(
	file: FilePath,
	metadata: Node,
	rule: CreationRule,
	others: readonly CreationRule[],
): readonly Problem[] {
	const listed = recipientsOfFile(metadata);
	if (others.some(other => recipientProblems(file, metadata, other, []).length === 0)) return [];
	return RECIPIENT_KINDS.flatMap((kind): Problem[] => {
		const wanted = rule.recipients.get(kind)?.filter(name => kind !== 'age' || AGE_RECIPIENT.test(name)) ?? [];
		if (wanted.length === 0) return [];
		const has = listed.get(kind) ?? [];
		const missing = wanted.filter(name => !has.some(other => sameRecipient(kind, name, other)));
		const extra = has.filter(name => !wanted.some(other => sameRecipient(kind, name, other)));
		if (missing.length + extra.length === 0) return [];
		const parts = [
			...(missing.length > 0 ? [`${missing.join(', ')} cannot decrypt it`] : []),
			...(extra.length > 0 ? [`${extra.join(', ')} still can`] : []),
		];
		return [
			{
				code: 'sops/recipients-differ',
				severity: 'warning',
				message: `The ${kind} recipients of this file are not those of its rule in .sops.yaml: ${parts.join('; ')}. Run \`sops updatekeys ${basename(file)}\`.`,
				at: placeOf(metadata, kind === 'azure_keyvault' ? 'azure_kv' : kind),
				related: [{ message: 'the rule for this file', at: addressOf(rule.node.origin) }],
			},
		];
	});
}

/** What age can encrypt for. Templates of repositories hold other texts, which are still to be replaced. */
const AGE_RECIPIENT = /^(age1|ssh-)/;

/** PGP fingerprints are written with and without spaces; rules of Vault and Azure name a whole URL. */
function sameRecipient(kind: (typeof RECIPIENT_KINDS)[number], a: string, b: string): boolean {
	if (kind === 'pgp') return a.replace(/\s/g, '').toUpperCase() === b.replace(/\s/g, '').toUpperCase();
	if (kind === 'azure_keyvault' || kind === 'hc_vault') return a.split('/').includes(b) || b.split('/').includes(a);
	// The comment of an SSH key is no part of it.
	if (kind === 'age') return a.split(' ', 2).join(' ') === b.split(' ', 2).join(' ');
	// A rule may add `+role` to an ARN, which the metadata keeps apart.
	return a.split('+')[0] === b.split('+')[0];
}

/** What nobody encrypts: a rule that covers it beside a file covers the whole folder. */
const BESIDE = ['kustomization.yaml', 'deployment.yaml', 'deployment.yml'] as const;

/** Words by which a pattern says that it is about secrets. */
const OF_SECRETS = /secret|sops|(^|[^a-z])enc([^a-z]|$)|encrypt|cred|vault|private|passw|token/i;

/** Whether a rule is about particular files, and not about all of a folder in which secrets stand among others. */
function isParticular({ node, pathRegex }: CreationRule, file: FilePath): boolean {
	if (pathRegex === undefined || pathRegex === '') return false;
	const pattern = goRegExp(pathRegex);
	const configured = dirname(node.origin.file);
	return (
		OF_SECRETS.test(pathRegex) ||
		!BESIDE.some(name => pattern?.test(relative(configured, join(dirname(file), name))) ?? true)
	);
}

/**
 * What a file should be and is not. A rule for every file says nothing of a file that holds no Secret: the ConfigMaps beside it also
 * have a `data` that `encrypted_regex` covers.
 */
function unencryptedProblems(
	file: FilePath,
	root: Node,
	rule: CreationRule,
	{ readBy, comments }: { readonly readBy: SopsContext['readBy']; readonly comments: CommentsAt | undefined },
): readonly Problem[] {
	if (isKustomizationFile(file) || isTemplateFile({ file }) || basename(file) === '.sops.yaml') return [];
	const isSecret = stringAt(root, 'kind') === 'Secret' && stringAt(root, 'apiVersion') === 'v1';
	// Another object is meant to be encrypted where its own file's name says so: an ExternalSecret is not.
	const isMeant = stringAt(root, 'kind') === undefined || /(^|[.-])(sops|enc)[.-]/.test(basename(file));
	const format = sopsFormat(file);
	const isSecretByReader = readBy === 'secretGenerator' && (format === 'env' || format === 'ini');
	if (!isSecret && !isSecretByReader && !(isMeant && isParticular(rule, file))) return [];
	if (format === 'binary' && readBy !== 'secretGenerator') return [];
	const leaves = selectedLeaves(root, rule.selection, comments).filter(
		({ path, text }) => !placeholderIn(text) && (!isSecret || path[0] === 'data' || path[0] === 'stringData'),
	);
	const [first] = leaves;
	if (!first) return [];
	const count = leaves.length === 1 ? '' : ` and ${leaves.length - 1} more`;
	const what = format === 'binary' ? 'it' : `"${first.path.join('.')}"${count}`;
	return [
		{
			code: 'sops/not-encrypted',
			severity: 'error',
			message: `.sops.yaml says that this file is to be encrypted, but ${what} stand${leaves.length === 1 ? 's' : ''} in plain text. Run \`sops encrypt --in-place ${basename(file)}\`, and change the secret if it has been pushed.`,
			at: addressOf(first.node.origin),
			related: [{ message: 'the rule for this file', at: addressOf(rule.node.origin) }],
		},
	];
}

/** What a Flux Kustomization builds without being told how to decrypt it; kustomize-controller `SecretDecryptor`. */
export function missingDecryption(kustomization: Resource, resources: readonly Resource[]): readonly Problem[] {
	if (textAt(kustomization.node, 'spec', 'decryption', 'provider') === 'sops') return [];
	const at = placeOf(kustomization.node, 'spec', 'decryption');
	const generated = resources.flatMap((resource): Problem[] => {
		const encrypted = encryptedSource(resource);
		if (!encrypted) return [];
		const { id } = resource;
		return [
			{
				code: 'sops/no-decryption',
				severity: 'error',
				message: `${id.kind}/${id.name} is generated from a file that is encrypted with SOPS, but Kustomization/${kustomization.id.name} does not decrypt, so it would hold the ciphertexts. Add spec.decryption with provider: sops and the secretRef of the key.`,
				at,
				related: [{ message: 'the encrypted file', at: encrypted }],
			},
		];
	});
	const objects = resources
		.filter(({ node }) => isSopsEncrypted(node))
		.map(({ id, node }) => {
			const name = `${id.kind}/${id.namespace ? `${id.namespace}/` : ''}${id.name}`;
			return {
				code: 'sops/no-decryption',
				severity: 'error' as const,
				message: `${id.kind}/${id.name} is encrypted with SOPS, but Kustomization/${kustomization.id.name} does not decrypt. Add spec.decryption with provider: sops and the secretRef of the key.`,
				at,
				related: [{ message: 'encrypted here', at: addressOf(nodeAt(node, ['sops'])!.origin) }],
				details: `${name} is SOPS encrypted, configuring decryption is required for this secret to be reconciled`,
			};
		});
	return [...objects, ...generated];
}

/** The file of a generated Secret that is encrypted; kustomize-controller `Decryptor.DecryptSources` would decrypt it before the build. */
function encryptedSource(resource: Resource): Address | undefined {
	if (resource.id.kind !== 'Secret' || isSopsEncrypted(resource.node)) return undefined;
	for (const { value, origin } of providedSecret(resource)?.data.values() ?? []) {
		if (origin.step === 'generator' && value.kind === 'unknown' && value.why === ENCRYPTED_WITH_SOPS)
			return addressOf(origin);
	}
	return undefined;
}
