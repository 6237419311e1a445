/**
 * The work behind the cluster tree in small pieces: asked for as a whole, the tree would be read, built and followed in one go, and
 * nobody would get a word in meanwhile. Nothing here has a result; what is asked for afterwards is there already.
 */
import { isYamlFile } from '../base/paths';
import type { Database } from '../base/query';
import { fluxCluster } from '../gitops/flux/graph';
import { seedsQuery } from '../gitops/flux/seeds';
import { accumulate, type AccumulateOptions } from '../kustomize/accumulate';
import { contentOf } from '../workspace/documents';
import { roots } from '../workspace/inputs';
import { clusterTree } from './cluster-tree';
import { customisedObjects } from './customisations';
import { directoriesBelow, discovery } from './discovery';
import { buildOf, filesOfTree } from './entries';
import { linksOf } from './links';

/** Everything that `clusterTree` and the builds of its entry points are made of, piece by piece. */
export function* warmTree(db: Database): Generator<void, void, void> {
	for (const root of db.read(roots, '')) {
		for (const _ of directoriesBelow(db, root)) yield;
		// What lies deeper first: who lists a whole layer then finds it done.
		for (const directory of db.get(discovery, root).kustomizations.toReversed()) {
			// A component means nothing without what it is added to.
			if (linksOf(db, directory).kind !== 'Component') accumulate(db, directory, AS_FLUX);
			yield;
		}
	}
	for (const { id } of db.get(seedsQuery, '')) {
		fluxCluster(db, id);
		yield;
	}
	const { entries } = db.get(clusterTree, '');
	yield;
	for (const entry of entries) {
		buildOf(db, entry);
		yield;
		customisedObjects(db, entry);
		yield;
	}
	for (const file of filesOfTree(db).filter(isYamlFile)) {
		contentOf(db, file);
		yield;
	}
}

/** How entry points are accumulated, so that these pieces are theirs. */
const AS_FLUX: AccumulateOptions = { restrictor: 'LoadRestrictionsNone', openApi: undefined, notesPath: undefined };
