/** Everything that is found in the whole tree, by file: builds, releases, secrets, policies, and the rules. */
import { type Address, addressKey } from '../base/address';
import { ofObject } from '../base/memo';
import { dirname, type FilePath, isYamlFile } from '../base/paths';
import { grouped } from '../base/grouped';
import { isTemplate } from '../base/set-aside';
import type { Problem } from '../base/problem';
import { type Pieces, piecesOf } from '../base/pieces';
import { type Database, longQuery, query } from '../base/query';
import { inSteps } from '../base/steps';
import { fluxProblems } from '../gitops/flux/checks';
import { fluxCluster, fluxOutlines } from '../gitops/flux/graph';
import { missingDecryption } from '../gitops/secrets/sops';
import { homeOf } from '../model/bases';
import { clusterTree } from '../model/cluster-tree';
import { discovery, isReachedOutsideOfCharts } from '../model/discovery';
import { buildOf, eachEntry, entriesOf, entryOf, filesOfTree } from '../model/entries';
import { ciphertextProblems, environmentNames, environmentProblems, environmentWork } from '../model/environments';
import { halfKnownEnvironments, lastHalfKnownEnvironments } from '../model/half-known';
import { linksOf } from '../model/links';
import { rotatedKeys } from '../model/rotated-keys';
import { certificateProblems } from '../model/sealing-certificates';
import { contentOf } from '../workspace/documents';
import { roots, survived, survivedSteps, textOf } from '../workspace/inputs';
import { isConfigFile } from '../workspace/tree-config';
import { isNull } from '../yaml/node';
import { entryFindings, toldOfEntry } from './entry-findings';
import { firstLook } from './first-look';
import { MergedFindings } from './merged-findings';
import { CODES, RULES } from './registry';
import type { Finding, Rule } from './rule';
import { sopsFindings, sopsWork } from './sops-rules';
import { configFiles, configFindings } from './strata-config';
import { syntaxFindings, yamlProblems } from './yaml-problems';

/** What a cluster's Flux objects say that cannot come true. */
const clusterFindings = query<readonly Problem[]>('clusterFindings', (db, id) => {
	const cluster = fluxCluster(db, id);
	if (!cluster) return [];
	const encrypted = cluster.nodes.flatMap(({ resource, built }) =>
		built ? missingDecryption(resource, built.resources) : [],
	);
	return [...fluxProblems(db, cluster), ...encrypted];
});

const sops = longQuery<readonly Finding[]>('sopsFindings', sopsFindings);
const config = query<readonly Finding[]>('configFindings', db =>
	configFindings(
		db,
		CODES.map(({ code }) => code),
	),
);
const repeated = query<readonly Problem[]>('repeatedCiphertexts', ciphertextProblems);

const ruleQueries = new Map(RULES.map((rule): [Rule, ReturnType<typeof ruleQuery>] => [rule, ruleQuery(rule)]));

function ruleQuery(rule: Rule) {
	const name = `the rule ${rule.code}`;
	return longQuery<readonly Finding[]>(name, function* (db) {
		return yield* survivedSteps(db, name, () => rule.check(db), []);
	});
}

/** What is found in the whole tree. */
interface Found {
	/** All findings but the parser's. */
	readonly byFile: ReadonlyMap<FilePath, readonly Finding[]>;
	/** Which entry points' own findings stand in a file, by id. */
	readonly finders: ReadonlyMap<FilePath, ReadonlySet<string>>;
	/** Those that entry points have found, of all of `byFile`. */
	readonly ofEntries: ReadonlySet<Finding>;
}

/** All findings but the parser's, each once with the environments in which it holds. */
const findings = longQuery<Found>('findings', function* (db) {
	const merged = new MergedFindings();
	const finders = new Map<FilePath, Set<string>>();
	// For `refusalOf`, which takes what is known by then.
	db.get(patchesRefused, '');
	db.get(selecting, '');
	const { entries } = db.get(clusterTree, '');
	for (const entry of entries) {
		for (const problem of toldOfEntry(db, entry, halfKnownEnvironments(db))) {
			merged.add(problem, entry.environment);
			const { file } = problem.at;
			finders.set(file, (finders.get(file) ?? new Set()).add(entry.id));
		}
		yield;
	}
	const ofEntries = new Set<Finding>(merged.all());
	const byCluster = grouped(entries, ({ flux }) => flux?.cluster ?? '');
	for (const cluster of fluxOutlines(db)) {
		// A cluster that holds several environments belongs to none.
		const own = new Set(byCluster.get(cluster.id)?.map(({ environment }) => environment));
		const environment = own.size === 1 ? [...own][0]! : '';
		for (const problem of db.get(clusterFindings, cluster.id)) merged.add(problem, environment);
	}
	for (const environment of environmentNames(db)) {
		for (const problem of environmentProblems(db, environment)) merged.add(problem, environment);
		for (const problem of rotatedKeys(db, environment)) merged.add(problem, environment);
		yield;
	}
	for (const problem of [...db.get(repeated, ''), ...db.get(sops, '')]) merged.add(problem, '');
	for (const { environment, ...problem } of certificateProblems(db)) merged.add(problem, environment);
	for (const [, of] of ruleQueries) {
		for (const finding of db.get(of, '')) merged.add(finding, '');
		yield;
	}
	for (const finding of db.get(config, '')) merged.add(finding, '');
	for (const file of [...filesOfTree(db), ...configFiles(db)]) {
		for (const finding of yamlProblems(db, file)) merged.add(finding, '');
		yield;
	}
	const all = [...merged.all()];
	const refused = new Set(all.flatMap(({ code, at }) => (code === REFUSED ? [at.file] : [])));
	const byFile = new Map<FilePath, Finding[]>();
	for (const found of all) {
		yield;
		if (isRepetition(db, found)) continue;
		const finding = asBuilt(found, refused.has(found.at.file));
		const list = byFile.get(finding.at.file);
		if (list) list.push(finding);
		else byFile.set(finding.at.file, [finding]);
	}
	return { byFile, finders, ofEntries };
});

const REFUSED = 'kustomize/duplicate-key';

/** A key twice fails the build of a manifest; in a kustomization, a patch or a values file the last one counts without a word. */
function asBuilt(finding: Finding, refused: boolean): Finding {
	return finding.code === 'yaml/duplicate-key' && !refused ? { ...finding, severity: 'warning' } : finding;
}

/** What kustomize says of files of patches that are no YAML: words of its own, while those of a resource are its parser's. */
const patchesRefused = longQuery<ReadonlyMap<FilePath, string>>('patchesRefused', function* (db) {
	const words = new Map<FilePath, string>();
	for (const entry of db.get(clusterTree, '').entries) {
		for (const { code, at, details } of entryFindings(db, entry))
			if (code === 'kustomize/bad-yaml' && details?.startsWith(UNPARSED_PATCH)) words.set(at.file, details);
		yield;
	}
	return words;
});

const UNPARSED_PATCH = 'unable to parse SM or JSON patch';

/** What kustomize says of a file that its parser refuses, besides the parser's own words. */
export function refusalOf(db: Database, file: FilePath): string | undefined {
	return db.peek(patchesRefused, '')?.get(file);
}

/** What somebody else says better, or what is no fault where it stands. */
function isRepetition(db: Database, { code, at }: Finding): boolean {
	switch (code) {
		case 'kustomize/bad-yaml':
			return (
				db.get(syntaxFindings, at.file).length > 0 ||
				yamlProblems(db, at.file).some(each => each.code !== 'yaml/duplicate-key')
			);
		case 'helm/values-not-yaml':
			return at.path.length === 0 && db.get(syntaxFindings, at.file).length > 0;
		case 'kustomize/duplicate-key':
			return yamlProblems(db, at.file).some(each => each.code === 'yaml/duplicate-key');
		case 'kustomize/target-without-match':
			return listsPlaceholder(db, at.file) || selectsElsewhere(db, at);
		default:
			return JUDGEMENTS.test(code) && db.get(syntaxFindings, at.file).length > 0;
	}
}

/** What is said of contents. Those of a text that is no YAML are the parser's guess. */
const JUDGEMENTS = /^((schema|policy|reference|overlay)\/|yaml\/complex-key$)/;

/** What the patches of all entry points select: one that is written for several has done its work where it finds something. */
const selecting = longQuery<ReadonlySet<string>>(
	'selectingPatches',
	function* (db) {
		const { entries } = db.get(clusterTree, '');
		const found = yield* inSteps(entries, entry =>
			buildOf(db, entry)
				.applications.filter(({ step, matched }) => step === 'patch' && matched.length > 0)
				.map(({ at }) => addressKey(at)),
		);
		return new Set(found.flat());
	},
	(a, b) => a.size === b.size && [...a].every(key => b.has(key)),
);

/** The place that holds the field at an address. */
function holderOf(at: Address): Address {
	return at.within
		? { ...at, within: { ...at.within, path: at.within.path.slice(0, -1) } }
		: { ...at, path: at.path.slice(0, -1) };
}

function selectsElsewhere(db: Database, target: Address): boolean {
	return db.get(selecting, '').has(addressKey(holderOf(target)));
}

/** Whether the kustomization lists a manifest that holds nothing yet: what bootstrap will write is there for its patches then. */
function listsPlaceholder(db: Database, file: FilePath): boolean {
	return linksOf(db, dirname(file)).links.some(
		({ field, kind, target }) =>
			field === 'resources' && kind === 'file' && contentOf(db, target).every(({ root }) => !root || isNull(root)),
	);
}

/**
 * Whether a file's YAML is Strata's to judge: it is built from, or stands below a kustomization and outside of charts, whose
 * templates are no YAML yet.
 */
export function isJudged(db: Database, file: FilePath): boolean {
	return db.get(judged, file);
}

const setOf = ofObject((files: readonly FilePath[]): ReadonlySet<FilePath> => new Set(files));

const judged = query<boolean>(
	'judged',
	(db, file) =>
		setOf(db, filesOfTree(db)).has(file) ||
		isConfigFile(db, file) ||
		(homeOf(db, file) !== undefined && standsOutsideOfCharts(db, file) && !isTemplate(textOf(db, file) ?? '')),
);

/** The last answer of `isJudged`, or what the listings of the directories above say: nobody waits for more. */
export function wasJudged(db: Database, file: FilePath): boolean {
	return (
		db.peek(judged, file) ??
		(isYamlFile(file) && db.read(roots, '').some(root => isReachedOutsideOfCharts(db, root, file)))
	);
}

function standsOutsideOfCharts(db: Database, file: FilePath): boolean {
	return db.read(roots, '').some(root => setOf(db, db.get(discovery, root).yamlFiles).has(file));
}

/** What is found in one file, apart from what its parser refuses. */
export function findingsIn(db: Database, file: FilePath): readonly Finding[] {
	return db.get(findings, '').byFile.get(file) ?? [];
}

/**
 * What can be told of a file at once: its own YAML as it is now, and of all else what was last found, whose addresses still lead to the
 * right places. `findingsIn` puts right what the last edit changed. `isFirst`: nothing has been looked for yet.
 */
export function lastFindingsIn(
	db: Database,
	file: FilePath,
): { readonly findings: readonly Finding[]; readonly isFirst: boolean } {
	const all = db.peek(findings, '');
	const last = (all ? all.byFile.get(file) : db.peek(firstLook, file)) ?? [];
	return { findings: withOwnYaml(db, file, last), isFirst: all === undefined };
}

/**
 * The same once everything that the file is built into has been built again: what that finds is as it is now, and of all else what was last
 * found. Nothing where nothing has been looked for yet.
 */
export function soonFindingsIn(db: Database, file: FilePath): readonly Finding[] | undefined {
	const last = db.peek(findings, '');
	if (!last) return undefined;
	const finders = new Set(entriesOf(db, file));
	for (const id of last.finders.get(file) ?? []) {
		const entry = entryOf(db, id);
		if (entry) finders.add(entry);
	}
	const merged = new MergedFindings();
	for (const entry of finders)
		for (const problem of toldOfEntry(db, entry, lastHalfKnownEnvironments(db)))
			if (problem.at.file === file) merged.add(problem, entry.environment);
	const fresh = [...merged.all()].filter(each => !isRepetition(db, each));
	const others = (last.byFile.get(file) ?? []).filter(each => !last.ofEntries.has(each));
	return withOwnYaml(db, file, [...fresh, ...others]);
}

/** With the file's own YAML as it is now. */
function withOwnYaml(db: Database, file: FilePath, last: readonly Finding[]): readonly Finding[] {
	const refused = last.some(({ code, severity }) => code === 'yaml/duplicate-key' && severity === 'error');
	const own = wasJudged(db, file) ? yamlProblems(db, file).map(finding => asBuilt(finding, refused)) : [];
	return [...last.filter(({ code }) => !code.startsWith('yaml/')), ...own];
}

/** Looks for what `lastFindingsIn` says of a file before the tree is known; gives false, with nothing to do, where that is known. */
export function lookFirst(db: Database, file: FilePath): boolean {
	if (db.peek(findings, '') !== undefined) return false;
	db.get(firstLook, file);
	return true;
}

/** The files in which something may be found: those that the tree is built from, and those that rules look at. */
export function checkedFiles(db: Database): readonly FilePath[] {
	return [...new Set([...filesOfTree(db), ...configFiles(db), ...db.get(findings, '').byFile.keys()])].sort();
}

/** The work behind all findings in pieces, each of which is remembered when it is done. */
export function* piecesOfWork(db: Database): Pieces {
	yield* eachEntry(db, entryFindings);
	yield* piecesOf(
		() => fluxOutlines(db),
		cluster => db.get(clusterFindings, cluster.id),
	);
	yield () => environmentNames(db);
	for (const environment of environmentNames(db)) yield* environmentWork(db, environment);
	for (const [rule, of] of ruleQueries) {
		for (const piece of rule.pieces?.(db) ?? []) yield () => survived(db, of.name, piece, undefined);
		yield () => db.get(of, '');
	}
	yield () => db.get(repeated, '');
	yield* sopsWork(db);
	yield () => db.get(sops, '');
	yield* piecesOf(
		() => filesOfTree(db),
		file => yamlProblems(db, file),
	);
	yield () => db.get(findings, '');
}
