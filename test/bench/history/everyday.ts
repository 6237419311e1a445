/** Changes of an ordinary day, by which nothing breaks: versions, files that come, go and move, notes; and what only looks wrong. */
import type { Random } from '../../../scripts/bench/random.mjs';
import type { Inject } from './faults';
import {
	addTo,
	type Changes,
	directoryOf,
	edited,
	kustomizations,
	listed,
	resolvePath,
	someOf,
	type Tree,
} from './tree';

export const EVERYDAY: readonly Inject[] = [
	version,
	version,
	interval,
	settingsFile,
	movedFile,
	unlisted,
	targetOfNothing,
	fallback,
	notes,
	secretElsewhere,
];

function inText(tree: Tree, random: Random, files: RegExp, edit: (text: string) => string): Changes | undefined {
	return someOf([...tree], random, ([file, text]) => {
		const after = files.test(file) ? edit(text) : text;
		return after === text ? undefined : new Map([[file, after]]);
	});
}

function version(tree: Tree, random: Random) {
	return inText(tree, random, /(deployment|cronjob|release|helmrelease|ocirepository)\.yaml$/, text =>
		text.replace(
			/((?:image: \S+:|tag: |version: )\d+\.)(\d+)/,
			(_, head: string, minor: string) => `${head}${Number(minor) + 1}`,
		),
	);
}

function interval(tree: Tree, random: Random) {
	return inText(tree, random, /\.yaml$/, text =>
		text.replace(/interval: (\d+)m$/m, (_, minutes: string) => `interval: ${Number(minutes) + 5}m`),
	);
}

/** A ConfigMap comes, and is listed. */
function settingsFile(tree: Tree, random: Random) {
	return someOf(kustomizations(tree), random, of => {
		const name = `settings-${random.below(900) + 100}`;
		const file = resolvePath(of.directory, `${name}.yaml`);
		if (tree.has(file) || of.data.kind === 'Component' || listed(of, 'resources').length === 0) return undefined;
		return new Map([
			[file, `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  level: "${random.below(9)}"\n`],
			[of.file, edited(tree.get(of.file)!, document => addTo(document, 'resources', `./${name}.yaml`))],
		]);
	});
}

/** A file goes into a directory of its own, and its kustomization with it. */
function movedFile(tree: Tree, random: Random) {
	return someOf(kustomizations(tree), random, of => {
		const entry = listed(of, 'resources').find(each => /^(\.\/)?settings-\d+\.yaml$/.test(each));
		if (entry === undefined) return undefined;
		const from = resolvePath(of.directory, entry);
		const text = tree.get(from);
		if (text === undefined) return undefined;
		return new Map([
			[from, undefined],
			[`${directoryOf(from)}/settings/${from.slice(from.lastIndexOf('/') + 1)}`, text],
			[of.file, tree.get(of.file)!.replace(entry, `./settings/${from.slice(from.lastIndexOf('/') + 1)}`)],
		]);
	});
}

function unlisted(tree: Tree, random: Random) {
	return someOf(kustomizations(tree), random, of => {
		const entry = listed(of, 'resources').find(each => /settings-\d+\.yaml$/.test(each));
		if (entry === undefined) return undefined;
		const text = tree.get(of.file)!.replace(new RegExp(`^\\s*- ${entry.replaceAll('.', '\\.')}\\n`, 'm'), '');
		return new Map([
			[of.file, text],
			[resolvePath(of.directory, entry), undefined],
		]);
	});
}

/** kustomize lets a target pass that selects nothing. */
function targetOfNothing(tree: Tree, random: Random) {
	return someOf(kustomizations(tree), random, of => {
		if (listed(of, 'resources').length === 0 || tree.get(of.file)!.includes('PodDisruptionBudget')) return undefined;
		const patch = { target: { kind: 'PodDisruptionBudget' }, patch: '- op: remove\n  path: /spec/minAvailable\n' };
		return new Map([[of.file, edited(tree.get(of.file)!, document => addTo(document, 'patches', patch))]]);
	});
}

/** A variable with a value of its own needs nobody to define it. */
function fallback(tree: Tree, random: Random) {
	return inText(tree, random, /(issuer|quotas|dashboard)\.yaml$/, text =>
		text.includes('TIER') ? text : text.replace(/^data:\n/m, 'data:\n  tier: "${TIER:=basic}"\n  price: "$${TIER}"\n'),
	);
}

function notes(tree: Tree, random: Random): Changes {
	const file = `docs/notes-${random.below(50)}.md`;
	return new Map([[file, `${tree.get(file) ?? '# Notes\n'}\nDecided: ${random.below(1000)}.\n`]]);
}

/** Variables come out of a Secret that somebody made by hand, and one of them is used. */
function secretElsewhere(tree: Tree, random: Random) {
	return inText(tree, random, /kubernetes\/apps\/.*\/ks\.yaml$/, text =>
		text.includes('substituteFrom')
			? text
			: text.replace(
					/^ {2}postBuild:\n/m,
					'  postBuild:\n    substituteFrom:\n      - kind: Secret\n        name: cluster-secrets\n',
				),
	);
}
