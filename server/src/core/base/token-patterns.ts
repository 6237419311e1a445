/**
 * Texts that are credentials whatever field they stand in, by forms their issuers document. The maintained detector on npm, @secretlint, is a
 * host for plugins that answers asynchronously, with a package for each issuer and Node's own modules below; the core does neither, and an
 * edit cannot wait for it. So the forms stand here as data, and each has a test.
 */

export interface TokenPattern {
	/** What it is, for the message. */
	readonly name: string;
	/** Found anywhere in a text; none repeats a repetition, so each is linear in it. */
	readonly pattern: RegExp;
	/** Some of this form are meant for everybody to see, or are the well-known default of a product. */
	readonly mayBePublic?: true;
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
	{ name: 'a Slack token', pattern: /\b(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Z0-9]{8,}-\d{8,}-[a-f0-9]{32,})/ },
	{
		name: 'a Slack webhook',
		pattern: /\bhttps:\/\/hooks\.slack\.com\/(?:services|workflows)\/T[A-Za-z0-9_/]{20,}/,
	},
	{ name: 'a Discord webhook', pattern: /\bhttps:\/\/discord(?:app)?\.com\/api\/webhooks\/\d{15,}\/[\w-]{40,}/ },
	{ name: 'a Stripe key', pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}\b/ },
	{ name: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/, mayBePublic: true },
	{ name: 'a Google OAuth secret', pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/ },
	{ name: 'a Google access token', pattern: /\bya29\.[A-Za-z0-9_-]{40,}/ },
	{
		name: 'a JSON Web Token',
		pattern: /\beyJ[A-Za-z0-9_-]{15,2000}\.eyJ[A-Za-z0-9_-]{15,4000}\.[A-Za-z0-9_-]{20,}/,
		mayBePublic: true,
	},
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
	{ name: 'a Hugging Face token', pattern: /\bhf_[A-Za-z]{34}\b/ },
	{ name: 'a Doppler token', pattern: /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,}/ },
	{ name: 'a Linear key', pattern: /\blin_api_[A-Za-z0-9]{40}\b/ },
	{ name: 'a New Relic key', pattern: /\bNRAK-[A-Z0-9]{27}\b/ },
	{ name: 'a Terraform Cloud token', pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}/ },
	{ name: 'a Databricks token', pattern: /\bdapi[a-f0-9]{32}(?:-\d)?\b/ },
	{ name: 'a Sentry token', pattern: /\bsntry[su]_[A-Za-z0-9+/=_-]{60,}/ },
	{ name: 'an Atlassian token', pattern: /\bATATT3[A-Za-z0-9_=-]{60,}/ },
	{ name: 'a PlanetScale token', pattern: /\bpscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.-]{32,}/ },
	{ name: 'a Pulumi token', pattern: /\bpul-[a-f0-9]{40}\b/ },
	{ name: 'a RubyGems key', pattern: /\brubygems_[a-f0-9]{48}\b/ },
	{ name: 'a 1Password service account', pattern: /\bops_eyJ[A-Za-z0-9_=-]{200,}/ },
	{ name: 'a Telegram bot token', pattern: /(?<![\w-])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![\w-])/ },
	{
		name: 'a password in a URL',
		// The password is neither a variable nor in brackets, not one of the words that stand for one, nor the user's name again.
		pattern:
			/\b[a-z][a-z0-9+.-]{1,20}:\/\/([^\s:@/'"<>{}$]{1,64}):(?!(?:password|pass|secret|changeme|x+|\*+|\1)@)[^\s:@/'"<>{}$*]{3,128}@[\w.-]/i,
		mayBePublic: true,
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
