/**
 * Environments that share no base: directories whose paths differ in one part and that declare much the same, each with a copy of its own.
 * Applications and tenants beside each other look like that too, so what they declare has to be the very same objects, which one
 * cluster cannot hold twice; or the parts have to be words for environments.
 */
import { type FilePath, isWithin } from '../base/paths';
import { type Database, query } from '../base/query';
import type { Steps } from '../base/steps';
import { resourceIdOf } from '../kube/resource-id';
import { contentOf } from '../workspace/documents';
import { textAt } from '../yaml/node';
import { linksOf } from './links';

/** So much of what the smaller one declares, the other declares too. */
const SHARE = 0.6;

const WORDS =
	/^(dev|devel|development|test|testing|tst|qa|uat|e2e|ci|int|integration|stage|stages|stg|staging|pre-?prod|prod|prd|production|live|local|demo|sandbox|sbox|snd|perf|preview|canary|dr|non-?prod)([-_][a-z0-9]{1,6}|\d{1,3})*$/i;

/** Names for those of the roots that have none yet. */
export function* namedByLikeness(
	db: Database,
	roots: readonly FilePath[],
	named: ReadonlyMap<FilePath, string>,
): Steps<ReadonlyMap<FilePath, string>> {
	const found = new Map<FilePath, string>();
	const groups = (yield* differingInOnePart(roots)).filter(siblings => !siblings.every(({ root }) => named.get(root)));
	for (const siblings of groups) {
		yield;
		const holders = new Map<string, Sibling[]>();
		for (const sibling of siblings) {
			for (const { title } of db.get(declared, sibling.root)) {
				const others = holders.get(title);
				if (others) others.push(sibling);
				else holders.set(title, [sibling]);
			}
		}
		for (const { root, part } of siblings) {
			if (named.get(root) || found.has(root)) continue;
			const others = new Set(db.get(declared, root).flatMap(({ title }) => holders.get(title)!));
			const like = [...others].find(other => other.root !== root && isEnvironmentBeside(db, { root, part }, other));
			const its = like && named.get(like.root);
			if (its?.split('/').includes(like!.part)) found.set(root, replaced(its, like!.part, part));
			else if (like && !its) found.set(root, part);
		}
	}
	return found;
}

interface Sibling {
	readonly root: FilePath;
	/** What stands in the part in which they differ. */
	readonly part: string;
}

/** Groups of roots whose paths are the same but for one part; those that differ further down first. */
function* differingInOnePart(roots: readonly FilePath[]): Steps<readonly (readonly Sibling[])[]> {
	const groups = new Map<string, { readonly at: number; readonly siblings: Sibling[] }>();
	for (const root of roots) {
		yield;
		const parts = root.split('/');
		for (let at = 1; at < parts.length; at++) {
			const key = `${at} ${parts.toSpliced(at, 1, '*').join('/')}`;
			const group = groups.get(key) ?? { at, siblings: [] };
			group.siblings.push({ root, part: parts[at]! });
			groups.set(key, group);
		}
	}
	return [...groups.values()]
		.filter(({ siblings }) => siblings.length > 1)
		.sort((a, b) => b.at - a.at)
		.map(({ siblings }) => siblings);
}

interface Declared {
	/** `Deployment/web` */
	readonly title: string;
	readonly namespace: string;
}

/** What a root itself declares, in files of its own directory; namespaces apart, which many bring along. */
const declared = query<readonly Declared[]>(
	'declaredByRoot',
	(db, root) => {
		const { file, links } = linksOf(db, root);
		const moved = file === undefined ? undefined : textAt(contentOf(db, file)[0]?.root, 'namespace');
		return links.flatMap(({ field, kind, target }) => {
			if (field !== 'resources' || kind !== 'file' || !isWithin(root, target)) return [];
			return contentOf(db, target).flatMap(({ root: node }) => {
				if (node?.kind !== 'map') return [];
				const id = resourceIdOf(node);
				if (id.kind === '' || id.kind === 'Namespace') return [];
				return [{ title: `${id.kind}/${id.name}`, namespace: moved ?? id.namespace }];
			});
		});
	},
	(a, b) =>
		a.length === b.length && a.every((each, i) => each.title === b[i]!.title && each.namespace === b[i]!.namespace),
);

function isEnvironmentBeside(db: Database, one: Sibling, other: Sibling): boolean {
	const [own, its] = [db.get(declared, one.root), db.get(declared, other.root)];
	const fewest = Math.min(own.length, its.length);
	const same = own.filter(({ title }) => its.some(each => each.title === title));
	if (same.length < SHARE * fewest) return false;
	if (WORDS.test(one.part) && WORDS.test(other.part)) return true;
	const colliding = same.filter(({ title, namespace }) =>
		its.some(each => each.title === title && each.namespace === namespace),
	);
	return colliding.length > 1 && colliding.length >= SHARE * fewest;
}

function replaced(name: string, part: string, by: string): string {
	return name
		.split('/')
		.map(each => (each === part ? by : each))
		.join('/');
}
