/**
 * Texts that are credentials whatever field they stand in, by forms their issuers document. Detectors on npm answer asynchronously and read
 * files themselves, which the core does not do; so the forms stand here as data.
 */

export interface TokenPattern {
	/** What it is, for the message. */
	readonly name: string;
	/** Found anywhere in a text; none repeats a repetition, so each is linear in it. */
	readonly pattern: RegExp;
}

export const TOKEN_PATTERNS: readonly TokenPattern[] = [
	{
		name: 'a private key',
		pattern:
			/-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=][A-Za-z0-9+/=\s:,-]*/,
	},
	{ name: 'an age key', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/ },
	{ name: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
	{ name: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{82})\b/ },
	{ name: 'a GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt|soat|ft|agent)-[A-Za-z0-9_-]{20,}\b/ },
	{ name: 'a Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/ },
	{
		name: 'a Slack webhook',
		pattern: /\bhttps:\/\/hooks\.slack\.com\/(?:services|workflows)\/T[A-Za-z0-9_/]{20,}/,
	},
	{ name: 'a Discord webhook', pattern: /\bhttps:\/\/discord(?:app)?\.com\/api\/webhooks\/\d{15,}\/[\w-]{40,}/ },
	{ name: 'a Stripe key', pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}\b/ },
	{ name: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/ },
	{ name: 'a SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/ },
	{ name: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
	{ name: 'a PyPI token', pattern: /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}/ },
	{ name: 'a Docker Hub token', pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}/ },
	{ name: 'a DigitalOcean token', pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/ },
	{ name: 'a HashiCorp Vault token', pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{24,}/ },
	{ name: 'a Tailscale key', pattern: /\btskey-[a-z]+-[A-Za-z0-9]{10,}-[A-Za-z0-9]{20,}/ },
	{ name: 'a Grafana token', pattern: /\bgl(?:sa_[A-Za-z0-9]{32}_[a-f0-9]{8}|c_[A-Za-z0-9+/]{32,}=*)/ },
	{ name: 'an OpenAI or Anthropic key', pattern: /\bsk-(?:ant-|proj-|svcacct-)[A-Za-z0-9_-]{40,}/ },
	{ name: 'an Azure storage key', pattern: /\bAccountKey=[A-Za-z0-9+/]{86}==/ },
	{ name: 'a Shopify token', pattern: /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/ },
	{ name: 'a Telegram bot token', pattern: /(?<![\w-])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![\w-])/ },
	{
		name: 'a password in a URL',
		// The password is neither a variable nor in brackets, and not one of the words that stand for one.
		pattern:
			/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/'"<>{}$]{1,64}:(?!(?:password|pass|secret|changeme|x+|\*+)@)[^\s:@/'"<>{}$*]{3,128}@[\w.-]/i,
	},
];

/** What credentials a text holds; texts over a megabyte are judged by their beginning. */
export function tokensIn(text: string): readonly TokenPattern[] {
	const looked = text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text;
	return TOKEN_PATTERNS.filter(({ pattern }) => pattern.test(looked));
}

const MAX_LENGTH = 1_000_000;

/** The text with every credential in it replaced. */
export function withoutTokens(text: string, by: string): string {
	return TOKEN_PATTERNS.reduce(
		(at, { pattern }) => at.replace(new RegExp(pattern.source, `${pattern.flags}g`), () => by),
		text,
	);
}
