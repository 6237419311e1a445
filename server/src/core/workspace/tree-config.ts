/**
 * `strata.yaml` at the root of an open folder: what people say of their tree, and what wins over what is found or set in an editor.
 * What makes no sense in it is told, and otherwise as if it were not there.
 */
import picomatch from 'picomatch';
import { didYouMean } from '../base/nearest';
import { type FilePath, isWithin, join } from '../base/paths';
import type { CodeInfo, Problem, Severity } from '../base/problem';
import { type Database, query } from '../base/query';
import { addressOf, child, entriesOf, isNull, itemsOf, type Node } from '../yaml/node';
import { contentOf } from './documents';
import { fileExists, roots } from './inputs';
import { CONFIG_FIELDS, type ConfigField, type ConfigType } from './tree-config-fields';

/** Paths that globs below a root name. A glob that names a directory names all that lies in it. */
export interface PathSet {
	readonly root: FilePath;
	readonly globs: readonly ConfigText[];
}

/** A text of the file, with its node. */
export interface ConfigText {
	readonly text: string;
	readonly node: Node;
}

/** What one `strata.yaml` says. */
export interface TreeConfig {
	readonly file: FilePath;
	/** In the order of the file: the first that has a path wins. */
	readonly environments: readonly { readonly name: string; readonly paths: PathSet }[];
	readonly entryPoints: PathSet | undefined;
	readonly bases: PathSet | undefined;
	readonly components: PathSet | undefined;
	readonly docs: 'required' | 'off' | undefined;
	readonly severities: readonly (ConfigText & { readonly severity: Severity | 'off' })[];
	readonly ignore: readonly (ConfigText & { readonly paths: PathSet })[];
	readonly kubernetesVersion: string | undefined;
	readonly fluxVersion: string | undefined;
	readonly podSecurity: PodSecurityConfig | undefined;
	/** Rego bundles, by their paths from the root. */
	readonly rego: readonly ConfigText[];
	/** Mistakes in it, apart from what only the whole tree can tell. */
	readonly problems: readonly Problem[];
}

export interface PodSecurityConfig {
	readonly enforce?: string;
	readonly warn?: string;
	readonly audit?: string;
	readonly exemptNamespaces?: readonly string[];
	readonly exemptRuntimeClasses?: readonly string[];
}

export const CONFIG_NAME = 'strata.yaml';

/** Whether it is the `strata.yaml` of an open folder. */
export function isConfigFile(db: Database, file: FilePath): boolean {
	return db.read(roots, '').some(root => file === join(root, CONFIG_NAME));
}

/** What is said of the open folders, in their order. */
export function treeConfigs(db: Database): readonly TreeConfig[] {
	return db.read(roots, '').flatMap(root => db.get(configQuery, root) ?? []);
}

/** What is said of the folder that holds a path; the innermost one's. */
export function treeConfigOf(db: Database, path: FilePath): TreeConfig | undefined {
	const root = db.read(roots, '').findLast(each => isWithin(each, path));
	return root === undefined ? undefined : db.get(configQuery, root);
}

const configQuery = query<TreeConfig | undefined>('treeConfig', (db, root) => {
	const file = join(root, CONFIG_NAME);
	if (!fileExists(db, file)) return undefined;
	return readConfig(root, file, contentOf(db, file)[0]?.root);
});

/** Whether a set names this very path. */
export function names({ root, globs }: PathSet, path: FilePath): boolean {
	return globs.some(({ text }) => matches(root, [patternOf(text)], path));
}

/** Whether a set names a path, or a directory above it. */
export function covers({ root, globs }: PathSet, path: FilePath): boolean {
	return globs.some(({ text }) => matches(root, [patternOf(text), `${patternOf(text)}/**`], path));
}

/** The way from the root without `./` and closing slashes; `**` for the root itself. */
function patternOf(glob: string): string {
	return glob
		.replace(/^(\.?\/)+/, '')
		.replace(/\/+$/, '')
		.replace(/^\.?$/, '**');
}

function matches(root: FilePath, patterns: string[], path: FilePath): boolean {
	if (!isWithin(root, path)) return false;
	return picomatch.isMatch(path.slice(root === '/' ? 1 : root.length + 1) || '.', patterns, { dot: true });
}

/** Whether a code, an area (`overlay/*`) or `*` names a code. */
export function namesCode(name: string, code: string): boolean {
	return name === code || name === '*' || (name.endsWith('/*') && code.startsWith(name.slice(0, -1)));
}

/** The codes of what may be wrong in it. */
export const CONFIG_CODES: readonly CodeInfo[] = [
	{
		code: 'strata/config-unknown-key',
		severity: 'warning',
		summary: 'A key of `strata.yaml` that Strata does not know.',
	},
	{
		code: 'strata/config-wrong-type',
		severity: 'warning',
		summary: 'A value of `strata.yaml` that its key does not take.',
	},
	{
		code: 'strata/config-unknown-code',
		severity: 'warning',
		summary: '`strata.yaml` speaks of a code that nothing reports.',
	},
	{
		code: 'strata/config-no-match',
		severity: 'information',
		summary: 'A glob of `strata.yaml` names nothing in the tree.',
	},
];

function readConfig(root: FilePath, file: FilePath, node: Node | undefined): TreeConfig {
	const problems: Problem[] = [];
	if (node && !isNull(node)) check(node, { kind: 'fields', fields: CONFIG_FIELDS }, '', problems);
	const at = (name: string) => entriesOf(node).find(({ key }) => key === name)?.value;
	const paths = (of: Node | undefined): PathSet | undefined => of && { root, globs: textsOf(of) };
	const text = (name: string) =>
		problems.some(({ at: { path } }) => path[0] === name) ? undefined : textsOf(at(name))[0]?.text;
	const docs = text('docs');
	return {
		file,
		environments: entriesOf(at('environments')).map(({ key, value }) => ({ name: key, paths: paths(value)! })),
		entryPoints: paths(at('entryPoints')),
		bases: paths(at('bases')),
		components: paths(at('components')),
		docs: docs === 'required' || docs === 'off' ? docs : undefined,
		severities: entriesOf(at('severities')).flatMap(({ key, value }) => {
			const severity = SEVERITIES.find(known => known === textsOf(value)[0]?.text);
			return severity ? [{ text: key, node: value, severity }] : [];
		}),
		ignore: entriesOf(at('ignore')).map(({ key, value }) => ({ text: key, node: value, paths: paths(value)! })),
		kubernetesVersion: text('kubernetesVersion'),
		fluxVersion: text('fluxVersion'),
		podSecurity: podSecurityOf(at('podSecurity')),
		rego: textsOf(child(at('policies'), 'rego')),
		problems,
	};
}

const SEVERITIES = ['error', 'warning', 'information', 'hint', 'off'] as const;

function podSecurityOf(node: Node | undefined): PodSecurityConfig | undefined {
	if (node?.kind !== 'map') return undefined;
	const texts = (name: string) => textsOf(child(node, name)).map(({ text }) => text);
	const levels = (['enforce', 'warn', 'audit'] as const).flatMap(name => {
		const [text] = texts(name);
		return text === undefined ? [] : [[name, text] as const];
	});
	return {
		...Object.fromEntries(levels),
		exemptNamespaces: texts('exemptNamespaces'),
		exemptRuntimeClasses: texts('exemptRuntimeClasses'),
	};
}

/** A text, or the texts of a list. */
function textsOf(node: Node | undefined): readonly ConfigText[] {
	const nodes = node?.kind === 'scalar' ? [node] : itemsOf(node);
	return nodes.flatMap(each => (each.kind === 'scalar' && !isNull(each) ? [{ text: each.text, node: each }] : []));
}

function check(node: Node, type: ConfigType, name: string, problems: Problem[]): void {
	// Whoever has written the key and not yet the value is not told off.
	if (isNull(node)) return;
	switch (type.kind) {
		case 'fields':
			if (node.kind !== 'map') return void problems.push(wrongType(node, name, 'a map'));
			for (const { key, value } of node.entries) checkField(key, value, type.fields, name, problems);
			return;
		case 'map':
			if (node.kind !== 'map') return void problems.push(wrongType(node, name, 'a map'));
			for (const { key, value } of node.entries) check(value, type.value, `${name}.${key}`, problems);
			return;
		case 'texts': {
			const wrong = [node, ...itemsOf(node)].find(
				each => each.kind === 'map' || (each !== node && each.kind === 'seq'),
			);
			if (wrong)
				problems.push(
					wrongType(wrong, name, type.of === 'globs' ? 'a glob or a list of globs' : 'a name or a list of names'),
				);
			return;
		}
		case 'text':
			if (node.kind !== 'scalar') problems.push(wrongType(node, name, 'a text'));
			else if (type.pattern !== undefined && !new RegExp(type.pattern).test(node.text))
				problems.push(wrongType(node, name, `a text like ${type.example}`, node.text));
			return;
		case 'choice':
			if (node.kind !== 'scalar') problems.push(wrongType(node, name, `one of ${type.values.join(', ')}`));
			else if (!type.values.includes(node.text))
				problems.push(wrongType(node, name, `one of ${type.values.join(', ')}`, node.text, type.values));
	}
}

function checkField(key: string, value: Node, fields: readonly ConfigField[], name: string, problems: Problem[]): void {
	const field = fields.find(each => each.name === key);
	if (field) return check(value, field.type, name === '' ? key : `${name}.${key}`, problems);
	const names = fields.map(each => each.name);
	problems.push({
		code: 'strata/config-unknown-key',
		severity: 'warning',
		message: `${CONFIG_NAME} has no key \`${key}\`${name === '' ? '' : ` under \`${name}\``}, so nothing comes of it${didYouMean(key, names)}`,
		at: addressOf(value.origin),
		anchor: 'key',
	});
}

function wrongType(node: Node, name: string, takes: string, text?: string, values: readonly string[] = []): Problem {
	const what =
		text === undefined
			? node.kind === 'map'
				? 'a map'
				: node.kind === 'seq'
					? 'a list'
					: 'a single value'
			: `"${text}"`;
	return {
		code: 'strata/config-wrong-type',
		severity: 'warning',
		message: `\`${name || CONFIG_NAME}\` takes ${takes}, not ${what}${text === undefined ? '.' : didYouMean(text, values)}`,
		at: addressOf(node.origin),
	};
}
