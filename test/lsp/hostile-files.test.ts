/** Files that are made to hold somebody up, opened in the server as it ships: every question about them is answered or refused soon, and the rest of the tree has its findings. */
import { beforeAll, expect, test } from 'vitest';
import { ENTRY_POINTS, OUTLINE, RENDER } from '../../server/src/lsp/protocol';
import { buildPrograms, repository } from '../support/programs';
import { type Client, connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

/** Milliseconds that an answer may take, on a machine that is busy; what multiplies takes hours. */
const AN_ANSWER = 10_000;

const OBJECT = 'apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: thing }\n';
const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n';

function fields(count: number): string {
	return Array.from({ length: count }, (_, i) => `  f${i}: ${i}\n`).join('');
}

interface Case {
	readonly what: string;
	readonly file?: string;
	readonly text: string;
	/** What is said of the file. */
	readonly said: string;
}

const CASES: readonly Case[] = [
	{ what: 'an alias bomb', text: `${OBJECT}${bomb()}`, said: 'yaml/alias-bomb' },
	{ what: 'an alias of what it stands in', text: `${OBJECT}spec: &a { b: *a }\n`, said: 'yaml/' },
	{ what: 'nesting beyond any stack', text: `${OBJECT}spec: ${'['.repeat(200_000)}\n`, said: 'yaml/syntax' },
	{ what: 'maps beyond any stack', text: `${OBJECT}spec: ${'{a: '.repeat(200_000)}\n`, said: 'yaml/syntax' },
	{ what: 'nesting by dashes', text: `${OBJECT}spec:\n  ${'- '.repeat(100_000)}a\n`, said: 'yaml/' },
	{ what: 'twenty megabytes', text: `${OBJECT}spec: ${'a'.repeat(20_000_000)}\n`, said: 'schema/' },
	{
		what: 'one line of four megabytes',
		text: `${DEPLOYMENT}spec: { replicaz: ${'a'.repeat(4_000_000)} }\n`,
		said: 'schema/unknown-field',
	},
	{ what: 'quotes that do not end', text: `${OBJECT}spec: ${'"\\'.repeat(500_000)}\n`, said: 'yaml/syntax' },
	{ what: 'comments and spaces', text: `${OBJECT}${'#\n \t\n'.repeat(100_000)}spec: [\n`, said: 'yaml/' },
	{
		what: 'a kustomization that lists itself',
		file: 'kustomization.yaml',
		text: `resources: [${'., '.repeat(1000)}thing.yaml]\n`,
		said: 'kustomize/',
	},
	{ what: 'forty thousand fields', text: `${DEPLOYMENT}spec:\n${fields(40_000)}`, said: 'schema/' },
	{
		what: 'three thousand patches that are no YAML',
		file: 'kustomization.yaml',
		text: `resources: [thing.yaml]\npatches:\n${'  - patch: "a: ["\n'.repeat(3_000)}`,
		said: 'kustomize/',
	},
];

const ASKED = [
	'textDocument/hover',
	'textDocument/completion',
	'textDocument/definition',
	'textDocument/references',
	'textDocument/prepareRename',
	'textDocument/rename',
	'textDocument/codeLens',
	'textDocument/documentLink',
	'textDocument/codeAction',
	ENTRY_POINTS,
	OUTLINE,
] as const;

test.each(CASES)(
	'$what',
	async ({ file = 'thing.yaml', text, said }) => {
		const client = await connect(programs, folder());
		await client.checked();
		const uri = client.uri(file);
		const checked = client.checked();
		client.open(uri, text);
		const lines = text.split('\n');
		const last = lines.length - 1;
		const positions = [
			{ line: 0, character: 3 },
			{ line: Math.min(3, last), character: 8 },
			{ line: last >> 1, character: lines[last >> 1]!.length },
			{ line: last, character: 0 },
		];
		for (const position of positions)
			for (const method of ASKED) await soon(client, method, { ...paramsOf(uri, position) });
		for (const { id } of await entryPoints(client, uri)) await soon(client, RENDER, { id });
		await checked;
		const codes = (client.diagnostics.get(uri) ?? []).map(({ code }) => String(code));
		expect(codes.filter(code => code.startsWith(said))).not.toEqual([]);
		const rest = (client.diagnostics.get(client.uri('other/kustomization.yaml')) ?? []).map(({ code }) => code);
		expect(rest).toEqual(['kustomize/missing-resource']);
	},
	120_000,
);

function paramsOf(uri: string, position: object): object {
	return {
		textDocument: { uri },
		position,
		range: { start: position, end: position },
		context: { includeDeclaration: true, diagnostics: [] },
		newName: 'other',
	};
}

async function entryPoints(client: Client, uri: string): Promise<readonly { readonly id: string }[]> {
	return (
		(await client.connection.sendRequest<readonly { id: string }[] | null>(ENTRY_POINTS, { textDocument: { uri } })) ??
		[]
	);
}

async function soon(client: Client, method: string, params: object): Promise<void> {
	const start = performance.now();
	// A refusal is an answer, too.
	await client.connection.sendRequest(method, params).catch(() => undefined);
	expect(performance.now() - start, method).toBeLessThan(AN_ANSWER);
}

const folder = () =>
	repository(`
-- kustomization.yaml --
resources: [thing.yaml]
-- thing.yaml --
${OBJECT}-- other/kustomization.yaml --
resources: [missing.yaml]
`);

/** Nine levels, each nine times the one before. */
function bomb(): string {
	const levels = [...'abcdefghi'];
	return levels
		.map(
			(name, i) =>
				`${name}: &${name} [${new Array<string>(9).fill(i === 0 ? 'x' : `*${levels[i - 1]!}`).join(', ')}]\n`,
		)
		.join('');
}
