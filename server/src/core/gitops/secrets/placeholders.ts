/**
 * What stands in for a secret that is to come. A text is a placeholder where a row below matches the whole of it; everything else counts as an
 * actual value.
 */

interface PlaceholderKind {
	readonly means: string;
	/** Matched against the trimmed text. */
	readonly pattern: RegExp;
}

/** Each pattern is linear in the text: no repetition of a repetition. */
export const PLACEHOLDERS: readonly PlaceholderKind[] = [
	{ means: 'empty', pattern: /^$/ },
	{
		means: 'a variable of Flux, a shell or a CI system: ${PASSWORD}, $PASSWORD, $(PASSWORD)',
		pattern: /^\$[({]?[A-Za-z_][^\s]*$/,
	},
	{ means: 'a template: {{ .Values.password }}', pattern: /^\{\{[^]*\}\}$/ },
	{ means: 'angle brackets: <password>', pattern: /^<[^<>]*>$/ },
	{ means: 'square brackets around words: [your password]', pattern: /^\[[\w .-]*\]$/ },
	{ means: 'encrypted with SOPS', pattern: /^ENC\[[^]*\]$/ },
	{ means: 'a path of ArgoCD Vault Plugin or vals: ref+vault://...', pattern: /^(ref\+|vault:|op:\/\/)/ },
	{
		means:
			'words that say so: changeme, replace-me, REPLACE_WITH_TOKEN, your-password, todo, dummy, placeholder, example',
		pattern:
			/^(change|replace|insert|fill|add|put|set|enter)[-_ ]?(me|this|it|in|with|here|your|by)\w*([- .]\w+){0,8}!?$/i,
	},
	{
		means: 'a word for nothing',
		pattern:
			/^(todo|tbd|fixme|dummy|fake|none|null|placeholder|example|redacted|secret|password|unset|n\/a|xxx+|\*+|\.{3}|\u2026|-+)$/i,
	},
	{ means: 'a possessive: your-token, my_password_here', pattern: /^(your|my|the)[-_ ][\w .-]{0,80}$/i },
	{
		means: 'a word, then placeholder or here: token-placeholder, password-goes-here',
		pattern: /^[\w .-]{0,80}(placeholder|goes[-_ ]here)$/i,
	},
];

/** Longer texts stand in for nothing, unless they are templates or ciphertexts. */
const MAX_LENGTH = 300;

/** Whether the whole text stands in for a value that is to come. */
export function placeholderIn(text: string): boolean {
	const trimmed = text.trim();
	if (trimmed.length > MAX_LENGTH) return /^(ENC\[|\{\{)/.test(trimmed);
	return PLACEHOLDERS.some(({ pattern }) => pattern.test(trimmed));
}
