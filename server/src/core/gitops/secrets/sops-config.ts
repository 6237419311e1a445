/**
 * `.sops.yaml` as sops reads it: the first creation rule whose `path_regex` is found in the file's path (from the configuration's directory)
 * decides what is encrypted and for whom; sops `config.LoadCreationRuleForFile`.
 */
import { type FilePath, relative } from '../../base/paths';
import { goRegExp } from '../../base/go-regexp';
import type { Problem } from '../../base/problem';
import type { Comments } from '../../yaml/comments';
import { addressOf, entriesOf, itemsOf, type Node, nodeAt, textAt } from '../../yaml/node';

export const RECIPIENT_KINDS = ['age', 'pgp', 'kms', 'gcp_kms', 'azure_keyvault', 'hc_vault'] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** Which leaves sops encrypts: by a key anywhere on the way to them. At most one of these may be set. */
export interface Selection {
	readonly unencryptedSuffix?: string;
	readonly encryptedSuffix?: string;
	readonly unencryptedRegex?: string;
	readonly encryptedRegex?: string;
	/** By the comments at a value or at what is around it. */
	readonly unencryptedCommentRegex?: string;
	readonly encryptedCommentRegex?: string;
}

export interface CreationRule {
	readonly node: Node;
	readonly pathRegex: string | undefined;
	readonly selection: Selection;
	/** By kind; a kind that the rule does not name is absent. */
	readonly recipients: ReadonlyMap<RecipientKind, readonly string[]>;
}

/** The fields of rules and of file metadata that name the selection. */
const SELECTION_FIELDS = {
	unencryptedSuffix: 'unencrypted_suffix',
	encryptedSuffix: 'encrypted_suffix',
	unencryptedRegex: 'unencrypted_regex',
	encryptedRegex: 'encrypted_regex',
	unencryptedCommentRegex: 'unencrypted_comment_regex',
	encryptedCommentRegex: 'encrypted_comment_regex',
} as const;

/** sops' default where nothing is selected. */
const DEFAULT_UNENCRYPTED_SUFFIX = '_unencrypted';

/** The selection that a rule or the `sops` field of a file holds. */
export function selectionOf(node: Node | undefined): Selection {
	const entries = Object.entries(SELECTION_FIELDS).flatMap(([field, key]) => {
		const text = textAt(node, key);
		return text ? [[field, text] as const] : [];
	});
	return entries.length > 0 ? Object.fromEntries(entries) : { unencryptedSuffix: DEFAULT_UNENCRYPTED_SUFFIX };
}

/**
 * Whether a leaf under these keys is certainly encrypted; sops `Tree.shouldBeEncrypted`. Patterns that Go refuses select nothing, and neither do
 * those of comments where the comments are not known.
 */
export function isSelected(selection: Selection, keys: readonly string[], comments?: Comments): boolean {
	const { unencryptedSuffix, encryptedSuffix, unencryptedRegex, encryptedRegex } = selection;
	const { unencryptedCommentRegex, encryptedCommentRegex } = selection;
	if (unencryptedCommentRegex !== undefined || encryptedCommentRegex !== undefined) {
		const pattern = goRegExp(unencryptedCommentRegex ?? encryptedCommentRegex ?? '');
		if (!pattern || !comments) return false;
		const isMatch = (comment: string) => pattern.test(comment);
		return encryptedCommentRegex !== undefined ? comments.certain.some(isMatch) : !comments.possible.some(isMatch);
	}
	if (unencryptedSuffix !== undefined) return !keys.some(key => key.endsWith(unencryptedSuffix));
	if (encryptedSuffix !== undefined) return keys.some(key => key.endsWith(encryptedSuffix));
	const pattern = goRegExp(unencryptedRegex ?? encryptedRegex ?? '');
	if (!pattern) return false;
	const found = keys.some(key => pattern.test(key));
	return unencryptedRegex !== undefined ? !found : found;
}

/** The rules of a `.sops.yaml`, in order. */
export function creationRules(root: Node | undefined): readonly CreationRule[] {
	return itemsOf(nodeAt(root, ['creation_rules'])).map(node => ({
		node,
		pathRegex: textAt(node, 'path_regex'),
		selection: selectionOf(node),
		recipients: recipientsOfRule(node),
	}));
}

/** The rule for a file; nothing where none matches, in which case sops refuses to encrypt it. */
export function ruleFor(rules: readonly CreationRule[], directory: FilePath, file: FilePath): CreationRule | undefined {
	const path = relative(directory, file);
	return rules.find(({ pathRegex }) => pathRegex === undefined || (goRegExp(pathRegex)?.test(path) ?? false));
}

const PATTERNS = [
	'path_regex',
	'encrypted_regex',
	'unencrypted_regex',
	'encrypted_comment_regex',
	'unencrypted_comment_regex',
] as const;

/** Patterns that Go refuses, and selections that exclude one another: sops stops at them. */
export function sopsConfigProblems(rules: readonly CreationRule[]): readonly Problem[] {
	return rules.flatMap(({ node, selection }) => {
		const problems: Problem[] = [];
		for (const key of PATTERNS) {
			const field = nodeAt(node, [key]);
			const text = textAt(field);
			if (text === undefined || goRegExp(text)) continue;
			problems.push({
				code: 'sops/bad-rule',
				severity: 'error',
				message: `"${text}" is not a regular expression that Go understands, so sops cannot read this rule.`,
				at: addressOf(field!.origin),
				details: 'can not compile regexp',
			});
		}
		if (Object.keys(selection).length > 1) {
			problems.push({
				code: 'sops/bad-rule',
				severity: 'error',
				message: `This rule has ${Object.keys(selection)
					.map(field => SELECTION_FIELDS[field as keyof Selection])
					.join(' and ')}, of which sops allows one.`,
				at: addressOf(node.origin),
				details:
					'error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same rule',
			});
		}
		return problems;
	});
}

function recipientsOfRule(rule: Node): ReadonlyMap<RecipientKind, readonly string[]> {
	const groups = itemsOf(nodeAt(rule, ['key_groups'])).flatMap(withMerged);
	const found = new Map<RecipientKind, readonly string[]>();
	for (const kind of RECIPIENT_KINDS) {
		const list =
			groups.length > 0
				? groups.flatMap(group =>
						itemsOf(nodeAt(group, [kind]))
							.flatMap(item => recipientText(kind, item))
							.flatMap(text => text.split(',').flatMap(name => name.trim() || [])),
					)
				: namesIn(nodeAt(rule, [kind === 'azure_keyvault' || kind === 'hc_vault' ? UNGROUPED[kind] : kind]));
		if (list.length > 0) found.set(kind, list);
	}
	return found;
}

/** A group and those that it merges (`extractMasterKeys`). */
function withMerged(group: Node): readonly Node[] {
	return [group, ...itemsOf(nodeAt(group, ['merge'])).flatMap(withMerged)];
}

/** What a rule without groups calls them. */
const UNGROUPED = { azure_keyvault: 'azure_keyvault', hc_vault: 'hc_vault_transit_uri' } as const;

/** Comma-separated, or since sops 3.10 a list. */
function namesIn(node: Node | undefined): readonly string[] {
	const texts = node?.kind === 'seq' ? node.items.flatMap(item => textAt(item) ?? []) : [textAt(node) ?? ''];
	return texts.flatMap(text => text.split(',')).flatMap(name => name.trim() || []);
}

/** The recipients that the `sops` field of an encrypted file lists. */
export function recipientsOfFile(metadata: Node | undefined): ReadonlyMap<RecipientKind, readonly string[]> {
	const groups = itemsOf(nodeAt(metadata, ['key_groups']));
	const found = new Map<RecipientKind, readonly string[]>();
	for (const kind of RECIPIENT_KINDS) {
		const field = kind === 'azure_keyvault' ? 'azure_kv' : kind;
		const list = [metadata, ...groups].flatMap(group =>
			itemsOf(nodeAt(group, [field])).flatMap(item => recipientText(kind, item)),
		);
		if (list.length > 0) found.set(kind, list);
	}
	return found;
}

/** Which field of a metadata entry names the recipient. */
const NAMED_BY: Readonly<Record<RecipientKind, string>> = {
	age: 'recipient',
	pgp: 'fp',
	kms: 'arn',
	gcp_kms: 'resource_id',
	azure_keyvault: 'name',
	hc_vault: 'key_name',
};

function recipientText(kind: RecipientKind, item: Node): readonly string[] {
	const text = item.kind === 'map' ? textAt(item, NAMED_BY[kind]) : textAt(item);
	return text ? [text.trim()] : [];
}

/** Whether anything names a way to decrypt. */
export function hasRecipients(metadata: Node | undefined): boolean {
	return recipientsOfFile(metadata).size > 0 || entriesOf(nodeAt(metadata, ['key_groups'])).length > 0;
}
