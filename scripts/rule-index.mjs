/**
 * Writes `docs/rules/README.md`: every code of the registry with its page, its usual severity and what it finds, by area. Run it when a
 * code or a summary changes; `test/rules/pages.test.ts` fails until then.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

const AREAS = {
	base: 'Bases name no environment',
	overlay: 'Overlays hold only what differs',
	tree: 'The tree as a whole',
	docs: 'Components are documented',
	script: 'Scripts',
	kustomize: 'What `kustomize build` says, or should say',
	flux: 'What Flux says of its Kustomizations and sources',
	helm: 'What helm-controller says of releases and their values',
	schema: 'What the API server says of objects',
	reference: 'ConfigMaps and Secrets that workloads use',
	policy: 'Pod Security and policies in the tree',
	secret: 'Secrets in plain text, and templates of secrets',
	'sealed-secret': 'Sealed secrets that will not open',
	sops: 'Files encrypted with SOPS',
	yaml: 'YAML',
	strata: 'Strata itself',
};

const codes = await readCodes();
const unknown = [...new Set(codes.map(areaOf))].filter(area => !(area in AREAS));
if (unknown.length > 0) throw new Error(`areas without a title: ${unknown.join(', ')}`);

const sections = Object.entries(AREAS).map(([area, title]) => {
	const rows = codes.filter(each => areaOf(each) === area).map(row);
	return [`## ${title}`, '', '| code | severity | what it finds |', '| --- | --- | --- |', ...rows, ''].join('\n');
});

writeFileSync(
	join(ROOT, 'docs/rules/README.md'),
	`# Rules

Every code that Strata reports, with the severity that it usually has. Some findings are milder than their code: where the tree does not show
everything, where only a warning would follow in the cluster, or where nothing applies the file. The setting \`strata.severities\` changes
severities by code or by area; \`# strata-ignore CODE\` silences a finding at its line (see the [README](../../README.md#silence-a-finding)).

${sections.join('\n')}`,
);

function areaOf({ code }) {
	return code.split('/', 1)[0];
}

function row({ code, severity, summary }) {
	const text = summary.charAt(0).toUpperCase() + summary.slice(1).replace(/\.$/, '').replaceAll('|', '\\|');
	return `| [${code}](${code}.md) | ${severity} | ${text} |`;
}

/** The registry's codes, which are TypeScript. */
async function readCodes() {
	const directory = mkdtempSync(join(tmpdir(), 'strata-codes-'));
	try {
		const outfile = join(directory, 'registry.cjs');
		const entry = join(ROOT, 'server/src/core/rules/registry.ts');
		await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
		return (await import(pathToFileURL(outfile).href)).default.CODES;
	} finally {
		rmSync(directory, { recursive: true });
	}
}
