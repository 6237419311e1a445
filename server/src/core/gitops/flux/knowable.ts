/**
 * Whether an object may still come from somewhere where not all of a cluster is known. Where only builds of this repository failed, it can come
 * from nothing but files that are here, and then some file would say its name.
 */
import type { FilePath } from '../../base/paths';
import { type Database, query } from '../../base/query';
import { directoryExists, textOf } from '../../workspace/inputs';
import type { FluxCluster, FluxNode } from './graph';
import { markedFiles } from './seeds';

/** Whether it is certain that nothing makes an object of this name. `holder` is the file that asks for it. */
export function isNowhere(db: Database, cluster: FluxCluster, name: string, holder: FilePath): boolean {
	if (cluster.coverage === 'whole') return true;
	if (cluster.seed.kind === 'found' || !cluster.nodes.every(node => isOfThisRepository(db, node))) return false;
	return markedFiles(db).every(({ file }) => {
		const times = db.get(mentions, JSON.stringify([file, name]));
		return times === 0 || (file === holder && times === 1);
	});
}

/** What a failed build hides stands in this repository, unless it takes something from elsewhere. A path that leads nowhere hides nothing. */
function isOfThisRepository(db: Database, { source, built, directory }: FluxNode): boolean {
	if (source !== 'here') return false;
	if (!directoryExists(db, directory)) return true;
	return built?.coverage === 'whole' && built.build?.problems.every(({ code }) => !FROM_ELSEWHERE.has(code)) === true;
}

const FROM_ELSEWHERE: ReadonlySet<string> = new Set([
	'kustomize/remote-resource',
	'kustomize/not-supported',
	'kustomize/too-large',
	'kustomize/outside-root',
	'kustomize/unreadable-file',
]);

/** How often a name stands in a file. */
const mentions = query<number>('fluxMentions', (db, key) => {
	const [file, name] = JSON.parse(key) as [FilePath, string];
	return (textOf(db, file) ?? '').split(name).length - 1;
});
