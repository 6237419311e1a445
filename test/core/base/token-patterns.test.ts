/** Every form of a credential that is known, with one that has it, and texts that look like one and are none. */
import { expect, test } from 'vitest';
import { TOKEN_PATTERNS, tokensIn, withoutTokens } from '../../../server/src/core/base/token-patterns';

/** Written in two halves, so that nobody's scanner takes the test for a leak. */
const made = (head: string, rest: string) => head + rest;
const letters = (length: number) => 'aB3dE6gH9'.repeat(Math.ceil(length / 9)).slice(0, length);
const hex = (length: number) => '0a1b2c3d4e5f6789'.repeat(Math.ceil(length / 16)).slice(0, length);
const capitals = (length: number) => 'A1B2C3D4E'.repeat(Math.ceil(length / 9)).slice(0, length);

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
	'a private key': [made('-----BEGIN OPENSSH PRIVATE', ' KEY-----\nb3BlbnNz')],
	'an age key': [made('AGE-SECRET-', `KEY-1${'Q'.repeat(58)}`)],
	'an AWS access key': [made('AKIA', capitals(16)), made('ASIA', capitals(16))],
	'a GitHub token': ['p', 'o', 'u', 's', 'r'].map(kind => made(`gh${kind}`, `_${letters(36)}`)),
	'a GitLab token': [made('glpat', `-${letters(20)}`), made('glrt', `-${letters(20)}`)],
	'a Slack token': [made('xoxb', '-123456789012-abcdef'), made('xapp', `-1-${capitals(11)}-1234567890123-${hex(64)}`)],
	'a Slack webhook': [made('https://hooks.slack', `.com/services/T${capitals(8)}/B${capitals(8)}/${letters(24)}`)],
	'a Discord webhook': [made('https://discord', `.com/api/webhooks/123456789012345678/${letters(60)}`)],
	'a Stripe key': [made('sk_live', `_${letters(24)}`), made('rk_test', `_${letters(24)}`)],
	'a Google API key': [made('AIza', letters(35))],
	'a Google OAuth secret': [made('GOCSPX', `-${letters(28)}`)],
	'a Google access token': [made('ya29', `.${letters(60)}`)],
	'a JSON Web Token': [made('eyJhbGciOiJIUzI1NiJ9', `xyz.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${letters(43)}`)],
	'a SendGrid key': [made('SG', `.${letters(22)}.${letters(43)}`)],
	'an npm token': [made('npm', `_${letters(36)}`)],
	'a PyPI token': [made('pypi', `-AgEIcHlwaS5vcmc${letters(60)}`)],
	'a Docker Hub token': [made('dckr', `_pat_${letters(27)}`)],
	'a DigitalOcean token': [made('dop', `_v1_${hex(64)}`)],
	'a HashiCorp Vault token': [made('hvs', `.${letters(90)}`)],
	'a Tailscale key': [made('tskey', `-auth-${letters(12)}-${letters(32)}`)],
	'a Grafana token': [made('glsa', `_${letters(32)}_${hex(8)}`)],
	'an OpenAI or Anthropic key': [made('sk', `-ant-api03-${letters(80)}`), made('sk', `-proj-${letters(60)}`)],
	'an Azure storage key': [made('AccountKey', `=${letters(86)}==`)],
	'a Shopify token': [made('shpat', `_${hex(32)}`)],
	'a Hugging Face token': [made('hf', `_${'aBcDeFgHiJ'.repeat(4).slice(0, 34)}`)],
	'a Doppler token': [made('dp', `.pt.${letters(43)}`)],
	'a Linear key': [made('lin', `_api_${letters(40)}`)],
	'a New Relic key': [made('NRAK', `-${capitals(27)}`)],
	'a Terraform Cloud token': [made(letters(14), `.atlasv1.${letters(67)}`)],
	'a Databricks token': [made('dapi', hex(32))],
	'a Sentry token': [made('sntrys', `_${letters(80)}`)],
	'an Atlassian token': [made('ATATT3', `xFfGF0${letters(80)}`)],
	'a PlanetScale token': [made('pscale', `_tkn_${letters(43)}`)],
	'a Pulumi token': [made('pul', `-${hex(40)}`)],
	'a RubyGems key': [made('rubygems', `_${hex(48)}`)],
	'a 1Password service account': [made('ops', `_eyJ${letters(300)}`)],
	'a Telegram bot token': [made('123456789', `:AA${letters(33)}`)],
	'a password in a URL': [made('redis://default:hunter2', '@redis:6379')],
};

test('every form has an example', () => {
	expect(TOKEN_PATTERNS.map(({ name }) => name).sort()).toEqual(Object.keys(EXAMPLES).sort());
});

test.each(Object.entries(EXAMPLES))('%s is found, and taken out', (name, texts) => {
	for (const text of texts) {
		expect(
			tokensIn(`before ${text} after`).map(each => each.name),
			text.slice(0, 8),
		).toContain(name);
		expect(withoutTokens(`before ${text} after`, '***')).not.toContain(text.slice(-12));
	}
});

test.each([
	'ghcr.io/stefanprodan/podinfo@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
	'eyJhbGciOiJIUzI1NiJ9',
	'task-npm_config_registry',
	'sk-learn-model-training-job',
	'AKIA-is-a-prefix',
	'dapi-proxy.example.com',
	'https://hooks.slack.com/services/${SLACK_PATH}',
	'op://vault/item/field',
	'pul-request-comment',
	'amqp://guest:guest@rabbitmq:5672',
	'postgres://postgres:postgres@db/x',
])('%s is none', text => {
	expect(tokensIn(text)).toEqual([]);
});

test('each takes no time, whatever the text', () => {
	for (const head of ['eyJ', 'ya29.', 'ops_eyJ', 'a.atlasv1.', 'https://', 'sntrys_', 'xapp-1-']) {
		const text = head + 'aB3-_'.repeat(100_000) + ' ' + `${head}aaaa.`.repeat(50_000);
		const before = process.cpuUsage();
		tokensIn(text);
		expect(process.cpuUsage(before).user / 1000).toBeLessThan(3_000);
	}
});
