/** The HelmReleases of each entry point, with their values merged out of all that its environment holds. */
import { type Database, query } from '../base/query';
import { isHelmRelease, readRelease, type Release } from '../gitops/helm/release';
import { type Coverage, indexResources, type ResourceIndex } from '../kube/resource-index';
import { clusterTree, type Entry } from './cluster-tree';
import { buildOf } from './entries';

/** Everything that the entry points of one environment build. */
const environmentIndex = query<ResourceIndex>('environmentIndex', (db, environment) => {
	const builds = entriesIn(db, environment).map(entry => buildOf(db, entry));
	const coverage: Coverage = builds.some(build => build.problems.some(leavesOut)) ? 'part' : 'whole';
	return indexResources(
		builds.flatMap(build => build.resources),
		coverage,
	);
});

/** What a build without it may lack: objects from elsewhere, or what stopped it. */
function leavesOut({ code, fatal }: { readonly code: string; readonly fatal?: true }): boolean {
	return fatal === true || code === 'kustomize/remote-resource' || code === 'kustomize/not-supported';
}

function entriesIn(db: Database, environment: string): readonly Entry[] {
	return db.get(clusterTree, '').entries.filter(entry => entry.environment === environment);
}

const releasesQuery = query<readonly Release[]>('releases', (db, id) => {
	const entry = db.get(clusterTree, '').entries.find(each => each.id === id);
	if (!entry) return [];
	const releases = buildOf(db, entry).resources.filter(isHelmRelease);
	if (releases.length === 0) return [];
	const index = db.get(environmentIndex, entry.environment);
	return releases.map(resource => readRelease(resource, index));
});

/** The HelmReleases that an entry point builds. */
export function releasesOf(db: Database, entry: Entry): readonly Release[] {
	return db.get(releasesQuery, entry.id);
}

/** All that the environment's entry points build, for look-ups by name. */
export function indexOf(db: Database, environment: string): ResourceIndex {
	return db.get(environmentIndex, environment);
}
