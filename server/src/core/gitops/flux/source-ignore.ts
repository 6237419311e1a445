/**
 * Which files of a repository never reach the controllers: source-controller leaves them out of the artifact, by a list of its own, by
 * `.sourceignore` files and by the source's `spec.ignore` (fluxcd/pkg/sourceignore).
 */
import { type GoRegExp, goRegExp } from '../../base/go-regexp';
import { dirname, type FilePath, isWithin, join, relative } from '../../base/paths';
import { type Database, query } from '../../base/query';
import { fileExists, textOf } from '../../workspace/inputs';

/** What is left out wherever nothing says otherwise (`ExcludeVCS`, `ExcludeCI`, `ExcludeExtra`; pictures and archives are no manifests). */
const DEFAULT_LIST = `.git/
.gitignore
.gitmodules
.gitattributes
.github/
.circleci/
.travis.yml
.gitlab-ci.yml
appveyor.yml
.drone.yml
cloudbuild.yaml
codeship-services.yml
codeship-steps.yml
**/.goreleaser.yml
**/.sops.yaml
**/.flux.yaml`;

/** Whether the artifact of the source lacks the file. `ignore` is its `spec.ignore`, `root` the repository's root. */
export function isLeftOut(db: Database, file: FilePath, root: FilePath, ignore: string): boolean {
	const domains: FilePath[] = [];
	for (let at = dirname(file); isWithin(root, at); at = dirname(at)) {
		domains.unshift(at);
		if (at === root) break;
	}
	const lists: readonly (readonly [FilePath, readonly Pattern[]])[] = [
		[root, DEFAULTS],
		...domains.map(domain => [domain, db.get(ignoreFile, domain)] as const),
		[root, readPatterns(ignore)],
	];
	// The last pattern that matches decides.
	for (const [domain, patterns] of lists.toReversed()) {
		const names = relative(domain, file).split('/');
		const last = patterns.findLast(pattern => matches(pattern, names));
		if (last) return !last.includes;
	}
	return false;
}

interface Pattern {
	/** Begins with `!`: what matches is taken in again. */
	readonly includes: boolean;
	/** Ends with `/`: the name of the file itself does not count. */
	readonly directoryOnly: boolean;
	/** By the names between slashes; one name alone matches at any depth. */
	readonly parts: readonly (GoRegExp | '' | '**')[];
}

const ignoreFile = query<readonly Pattern[]>('sourceIgnore', (db, directory) => {
	const file = join(directory, '.sourceignore');
	return fileExists(db, file) ? readPatterns(textOf(db, file) ?? '') : [];
});

function readPatterns(text: string): readonly Pattern[] {
	return text
		.split(/\r?\n/)
		.flatMap(line => (line.startsWith('#') || line.trim() === '' ? [] : (readPattern(line) ?? [])));
}

function readPattern(line: string): Pattern | undefined {
	const includes = line.startsWith('!');
	const trimmed = (includes ? line.slice(1) : line).replace(/(?<!\\) +$/, '');
	const directoryOnly = trimmed.endsWith('/');
	const parts = (directoryOnly ? trimmed.slice(0, -1) : trimmed).split('/').map(nameMatcher);
	return parts.some(part => part === undefined)
		? undefined
		: { includes, directoryOnly, parts: parts.filter(part => part !== undefined) };
}

/** Go's `filepath.Match` of one name; nothing for what it refuses. */
function nameMatcher(glob: string): GoRegExp | '' | '**' | undefined {
	if (glob === '' || glob === '**') return glob;
	if (glob.includes('**')) return undefined;
	if (!/[\\[*?]/.test(glob)) return { test: name => name === glob };
	const source = glob.replaceAll(
		/\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|[*?]|[.+^${}()|[\]\\]/g,
		(all: string, escaped?: string, not?: string, set?: string) => {
			if (escaped !== undefined) return /\w/.test(escaped) ? escaped : `\\${escaped}`;
			if (set !== undefined) return `[${not ?? ''}${set.replaceAll('[', '\\[')}]`;
			return all === '*' ? '.*' : all === '?' ? '.' : `\\${all}`;
		},
	);
	// A glob with many stars takes JavaScript's engine for ever.
	return goRegExp(`(?s)^${source}$`);
}

function matches({ parts, directoryOnly }: Pattern, names: readonly string[]): boolean {
	const [only] = parts;
	if (parts.length === 1)
		return names.some(
			(name, i) => typeof only === 'object' && only.test(name) && !(directoryOnly && i === names.length - 1),
		);
	let rest = names;
	let matched = false;
	let anyDepth = false;
	for (const [i, part] of parts.entries()) {
		if (part === '') {
			anyDepth = false;
			continue;
		}
		if (part === '**') {
			if (i === parts.length - 1) break;
			anyDepth = true;
			continue;
		}
		const found = anyDepth
			? rest.findIndex(name => part.test(name))
			: rest[0] !== undefined && part.test(rest[0])
				? 0
				: -1;
		if (found < 0) return false;
		matched = true;
		anyDepth = false;
		rest = rest.slice(found + 1);
	}
	return matched && !(directoryOnly && rest.length === 0);
}

const DEFAULTS = readPatterns(DEFAULT_LIST);
