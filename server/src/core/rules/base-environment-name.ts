/**
 * `base/environment-name`: a base says something that only one of its environments can mean, because it names it. Only names of
 * environments of this tree count, and only such as tell the base's own environments apart.
 */
import type { Address } from '../base/address';
import { dirname, type FilePath } from '../base/paths';
import { piecesOf } from '../base/pieces';
import { type Database, query } from '../base/query';
import { clusterTree, type Kustomized } from '../model/cluster-tree';
import { baseDirectories, sourceFilesOf } from '../model/bases';
import { type SourceText, textsIn } from '../model/source-texts';
import type { Finding, Rule } from './rule';

export const baseEnvironmentName: Rule = {
	code: 'base/environment-name',
	severity: 'warning',
	summary: 'A base names one of the environments that stand on it.',
	pieces: db =>
		piecesOf(
			() => baseDirectories(db).flatMap(sourceFilesOf),
			file => db.get(mentionsIn, file),
		),
	check: db => baseDirectories(db).flatMap(base => sourceFilesOf(base).flatMap(file => inFile(db, base, file))),
};

function inFile(db: Database, base: Kustomized, file: FilePath): Finding[] {
	const mentions = db.get(mentionsIn, file);
	if (mentions.length === 0) return [];
	const names = base.environments.filter(name => tokensOf(name).every(token => !patternOf(token).test(dirname(file))));
	if (names.length < 2) return [];
	const shared = sharedBeginning(names);
	return mentions.flatMap(({ text, at, anchor, token }) => {
		const environment = names.find(name => name === token || name === shared + token);
		if (environment === undefined) return [];
		const others = names.filter(name => name !== environment).join(', ');
		return [
			{
				code: baseEnvironmentName.code,
				severity: baseEnvironmentName.severity,
				message:
					`this base names the environment \`${environment}\`${text === token ? '' : ` (in \`${text}\`)`}, but ${others} ` +
					`${names.length > 2 ? 'build' : 'builds'} on it too; move the value into a patch or values file of ${environment}`,
				at,
				anchor,
				related: [
					{
						message: `${environment} builds on it here`,
						at: { file: overlayFile(db, base, environment), document: 0, path: [] },
					},
				],
			},
		];
	});
}

function overlayFile(db: Database, base: Kustomized, environment: string): FilePath {
	const { kustomized } = db.get(clusterTree, '');
	const user = base.users.map(each => kustomized.get(each)!).find(each => each.environments.includes(environment));
	return user?.links.file ?? base.links.file ?? base.directory;
}

/** What the environments of one tree are all called after, where a repository holds several: `one/` of `one/staging` and `one/live`. */
function sharedBeginning(names: readonly string[]): string {
	const [first = ''] = names;
	const beginning = first.slice(0, first.lastIndexOf('/') + 1);
	return names.every(name => name.startsWith(beginning)) ? beginning : '';
}

interface Mention extends Pick<SourceText, 'text' | 'at' | 'anchor'> {
	readonly token: string;
}

/** How the name of each environment is looked for; none for names that could mean anything. */
const patterns = query<readonly { readonly token: string; readonly pattern: RegExp }[]>(
	'environmentPatterns',
	db =>
		[
			...new Set(
				db
					.get(clusterTree, '')
					.environments.flatMap(name => [...tokensOf(name), ...tokensOf(name.slice(name.lastIndexOf('/') + 1))]),
			),
		].map(token => ({ token, pattern: patternOf(token) })),
	(a, b) => a.length === b.length && a.every((each, i) => each.token === b[i]!.token),
);

const mentionsIn = query<readonly Mention[]>('environmentMentions', (db, file) => {
	const names = db.get(patterns, '');
	return textsIn(db, file).flatMap(({ text, at, anchor, key }) => {
		if (/\s/.test(text) || text.length > 253 || isBuildMode(key) || isPathOfKustomization(at)) return [];
		const neutral = text.replace(HARMLESS, '');
		const token = names.find(({ pattern }) => pattern.test(neutral))?.token;
		return token === undefined ? [] : [{ text, at, anchor, token }];
	});
});

/** Names that mean something else than an environment of this tree, however environments are called. */
const HARMLESS =
	/\bcluster\.local\b|\.local(?=[/:]|$)|\blocal-path\b|\blocal-storage\b|\blocalhost\b|acme-[\w-]+\.api\.letsencrypt\.org|letsencrypt-\w+|^\/dev\/\w+|^\/(usr|var|etc|opt|srv|tmp)\/\S*/g;

/** Frameworks call their optimised mode `production`, wherever it runs. */
function isBuildMode(key: string): boolean {
	return /^(NODE_ENV|RAILS_ENV|RACK_ENV|FLASK_ENV|BABEL_ENV|GIN_MODE)$/.test(key);
}

/** A path that leads into an overlay is `base/overlay-reference`'s to report. */
function isPathOfKustomization({ path }: Address): boolean {
	return (
		['resources', 'components', 'bases', 'patches', 'configMapGenerator', 'secretGenerator'].includes(
			String(path[0]),
		) && path.length > 1
	);
}

/**
 * What of an environment's name is looked for: `prod/eu1` is found as `prod-eu1`, `prod.eu1` or `prod/eu1`. Short or numeric names never
 * are, nor words that bases use for other things: branches, ingress classes, listeners, networks.
 */
export function tokensOf(name: string): readonly string[] {
	return /^\d+$/.test(name) || name.length < 3 || COMMON_WORDS.test(name) ? [] : [name];
}

const COMMON_WORDS =
	/^(main|master|default|latest|stable|base|common|shared|apps?|core|clusters?|system|internal|external|public|private|home|edge|web|api|all|v\d+)$/i;

/** Finds the token where it stands as a word of its own: not in the middle of letters and digits. */
function patternOf(token: string): RegExp {
	const pattern = token
		.split(/[/.-]/)
		.map(part => part.replace(/[^\w]/g, '\\$&'))
		.join('[/._-]');
	return new RegExp(`(?<![A-Za-z0-9])${pattern}(?![A-Za-z0-9])`);
}
