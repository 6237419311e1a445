/** `yaml/*`: what the parser refuses, and what it accepts and nobody can mean: a key twice, an alias of nothing, an alias bomb. */
import { dirname, type FilePath, isYamlFile } from '../base/paths';
import { pathOf } from '../base/address';
import { type Database, query } from '../base/query';
import { linksOf } from '../model/links';
import { contentOf, syntaxOf } from '../workspace/documents';
import { fileState, MAX_FILE_BYTES, roots as workspaceRoots, textOf } from '../workspace/inputs';
import { BEYOND_LIMITS } from '../yaml/bounded-parse';
import { parseSyntax } from '../yaml/syntax';
import { goYamlWords } from '../yaml/go-words';
import type { ContentProblem } from '../yaml/content';
import type { Range } from '../base/text';
import type { CodeInfo } from '../base/problem';
import type { Finding } from './rule';

export const YAML_CODES: readonly CodeInfo[] = [
	{ code: 'yaml/syntax', severity: 'error', summary: 'The text is not YAML.' },
	{ code: 'yaml/duplicate-key', severity: 'error', summary: 'A map has the same key twice.' },
	{ code: 'yaml/unknown-alias', severity: 'error', summary: 'An alias names an anchor that is not there.' },
	{ code: 'yaml/alias-bomb', severity: 'error', summary: 'Aliases blow the document up beyond measure.' },
	{
		code: 'yaml/complex-key',
		severity: 'error',
		summary: 'A key is a map or a list, as `{{ .x }}` without quotes is.',
	},
	{ code: 'yaml/bad-merge', severity: 'error', summary: 'A merge key holds something that is no map.' },
	{ code: 'yaml/too-large', severity: 'information', summary: 'A file is too large to be read.' },
	{ code: 'yaml/binary', severity: 'error', summary: 'A file named `.yaml` is binary.' },
];

/** What the parser said, with the range it gave: the only finding that has no address, since there is no tree. */
export interface SyntaxFinding {
	readonly code: 'yaml/syntax';
	readonly message: string;
	readonly range: Range;
	/** As go-yaml would say it. */
	readonly details: string;
}

/** The parser's errors of one file, at most ten: one slip makes many. */
export const syntaxFindings = query<readonly SyntaxFinding[]>('syntaxFindings', (db, file) => {
	if (!isYamlFile(file)) return [];
	const text = textOf(db, file) ?? '';
	const isOnLineOf = (at: number, before: number) => !text.slice(before, at).includes('\n');
	const errors = syntaxOf(db, file).documents.flatMap(document => document.errors);
	if (errors.length > 0 && text.includes('${') && isOnlyData(db, file) && isYamlWithValues(text)) return [];
	return errors
		.filter(({ range }, i, all) => i === 0 || !isOnLineOf(range.start, all[i - 1]!.range.start))
		.slice(0, 10)
		.map(({ code, message, range }) => ({
			code: 'yaml/syntax',
			message: `this is ${code === BEYOND_LIMITS ? 'more than Strata reads' : 'not YAML'}: ${plainWords(message)}`,
			range,
			details: goYamlWords(message.split('\n', 1)[0]!),
		}));
});

/** Whether the nearest kustomization makes a ConfigMap or Secret of the file and reads it for nothing else. */
function isOnlyData(db: Database, file: FilePath): boolean {
	const roots = db.read(workspaceRoots, '');
	for (let at = dirname(file); ; at = dirname(at)) {
		const named = linksOf(db, at).links.filter(({ target }) => target === file);
		if (named.length > 0) return named.every(({ field }) => field.endsWith('Generator'));
		if (at === '/' || roots.includes(at)) return false;
	}
}

/** Flux puts its variables into the text before anybody reads it: `{ zone: ${ZONE} }` is YAML by then. */
function isYamlWithValues(text: string): boolean {
	const filled = text.replace(/\$\{[^}\n]*\}/g, 'x');
	return parseSyntax(filled).documents.every(({ errors }) => errors.length === 0);
}

/** More problems of one file than this are not told one by one: a machine made them, or one slip did. */
const MOST_PROBLEMS = 100;

/** The other problems of one file's YAML; the first hundred. */
export function yamlProblems(db: Database, file: FilePath): readonly Finding[] {
	return db.get(problemsQuery, file);
}

const problemsQuery = query<readonly Finding[]>('yamlProblems', (db, file) => {
	if (!isYamlFile(file)) return [];
	const state = db.read(fileState, file);
	const whole = { file, document: 0, path: [] };
	if (state.kind === 'too-large') {
		const limit = MAX_FILE_BYTES / 1024 / 1024;
		const message = `this file has ${Math.round(state.bytes / 1024 / 1024)} MB; files over ${limit} MB are not read, and nothing is said of what they hold`;
		return [{ code: 'yaml/too-large', severity: 'information', message, at: whole }];
	}
	if (state.kind === 'binary') {
		return [
			{
				code: 'yaml/binary',
				severity: 'error',
				message: 'this file is binary, not YAML; rename it, or take it out of the tree',
				at: whole,
			},
		];
	}
	return contentOf(db, file)
		.flatMap(document => document.problems)
		.slice(0, MOST_PROBLEMS)
		.map(problem => finding(file, problem));
});

function finding(file: FilePath, { kind, name, document, link }: ContentProblem): Finding {
	const at = { file, document, path: pathOf(link) };
	const error = { severity: 'error', at } as const;
	switch (kind) {
		case 'duplicate-key':
			return {
				...error,
				code: 'yaml/duplicate-key',
				anchor: 'key',
				message: `\`${name}\` stands twice in this map; only the last one counts, and some tools refuse it`,
				details: `mapping key "${name}" already defined`,
			};
		case 'unknown-alias':
			return {
				...error,
				code: 'yaml/unknown-alias',
				message: `there is no anchor \`&${name}\` above this alias`,
				details: `unknown anchor '${name}' referenced`,
			};
		case 'alias-bomb':
			return {
				...error,
				code: 'yaml/alias-bomb',
				message: `\`*${name}\` blows this document up beyond measure; nothing of it is used`,
				details: 'document contains excessive aliasing',
			};
		case 'bad-merge':
			return {
				...error,
				code: 'yaml/bad-merge',
				message: '`<<` takes a map, or a list of maps',
				details: 'map merge requires map or sequence of maps as the value',
			};
		case 'complex-key':
			return {
				...error,
				code: 'yaml/complex-key',
				anchor: 'key',
				message: `\`${name}\` is a map or a list and stands as a key, which no object can have; put it in quotes if it is a template`,
				details: 'invalid map key',
			};
	}
}

/** The parser's message without its closing stop, its first letter small, as it goes on a sentence. */
function plainWords(message: string): string {
	const line = message.split('\n', 1)[0]!.replace(/\.$/, '');
	return line.charAt(0).toLowerCase() + line.slice(1);
}
