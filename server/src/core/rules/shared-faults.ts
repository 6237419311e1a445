/**
 * Where a fault stands that a shared file has in one entry point only: the file is right for the others, so the way in which this
 * entry point uses it is wrong, and there it is told, with the shared place beside it.
 */
import type { Address } from '../base/address';
import { addressKey } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import { fluxCluster } from '../gitops/flux/graph';
import { clusterTree, type Entry } from '../model/cluster-tree';
import { entriesOf } from '../model/entries';
import { addressOf, nodeAt } from '../yaml/node';

/** The problem at the place of the entry point's own that makes it one. `problemsOf` are those of any entry point. */
export function atItsUse(
	db: Database,
	entry: Entry,
	problem: Problem,
	problemsOf: (entry: Entry) => readonly Problem[],
): Problem {
	if (!problem.fatal) return problem;
	const others = entriesOf(db, problem.at.file).filter(other => other.id !== entry.id && !other.setAside);
	const key = faultKey(problem);
	if (others.every(other => problemsOf(other).some(each => each.code === problem.code && faultKey(each) === key))) {
		return problem;
	}
	const at = placeOfUse(db, entry, problem);
	if (!at || at.file === problem.at.file) return problem;
	const related = [{ message: 'what it is about', at: problem.at }, ...(problem.related ?? [])];
	const { anchor: _, ...rest } = problem;
	return { ...rest, at, related };
}

function faultKey({ code, at }: Problem): string {
	return `${code} ${addressKey(at)}`;
}

function placeOfUse(db: Database, entry: Entry, { code, at }: Problem): Address | undefined {
	const { kustomized } = db.get(clusterTree, '');
	const own = kustomized.get(entry.directory)?.links;
	const link = code.startsWith('flux/')
		? undefined
		: own?.links.find(({ kind, target }) => kind === 'directory' && leadsTo(db, target, at.file));
	return link?.at ?? fluxPlace(db, entry, code.startsWith('flux/') ? ['spec', 'postBuild'] : ['spec', 'path']);
}

/** Whether a file belongs to a directory or to one that it builds on. */
function leadsTo(db: Database, directory: FilePath, file: FilePath): boolean {
	const { kustomized } = db.get(clusterTree, '');
	const reached = new Set([directory]);
	for (const each of reached) {
		const { links, builds = [] } = kustomized.get(each) ?? {};
		if (links?.file === file || links?.links.some(({ target }) => target === file)) return true;
		for (const next of builds) reached.add(next);
	}
	return false;
}

function fluxPlace(db: Database, { flux, directory }: Entry, path: readonly string[]): Address | undefined {
	const nodes = flux ? (fluxCluster(db, flux.cluster)?.nodes ?? []) : [];
	const resource = nodes.find(node => node.key === flux!.key && node.directory === directory)?.resource;
	if (!resource) return undefined;
	const node = nodeAt(resource.node, path) ?? nodeAt(resource.node, ['spec', 'path']);
	return node ? addressOf(node.origin) : resource.from;
}
