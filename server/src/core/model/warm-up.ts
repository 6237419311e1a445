/**
 * The work behind the cluster tree in small pieces: asked for as a whole, the tree would be read, built and followed in one go, and
 * nobody would get a word in meanwhile. Nothing here has a result; what is asked for afterwards is there already.
 */
import { isWithin, isYamlFile } from '../base/paths';
import type { Database } from '../base/query';
import { type Pieces, piecesOf } from '../base/pieces';
import { fluxCluster, foundClusters } from '../gitops/flux/graph';
import { buildAhead, isFluxKustomization } from '../gitops/flux/kustomization';
import { seedsQuery } from '../gitops/flux/begun-seeds';
import { markedFiles, markWork, resourcesIn, type Seed } from '../gitops/flux/seeds';
import type { Resource } from '../kube/resource';
import { lookForCustomKinds } from '../kube/schema/crd';
import { accumulate, type AccumulateOptions } from '../kustomize/accumulate';
import { contentOf } from '../workspace/documents';
import { roots } from '../workspace/inputs';
import { isTemplateFile } from './cluster-tree';
import { customisedObjects } from './customisations';
import { discovery } from './discovery';
import { buildOf, eachEntry, filesOfTree } from './entries';
import { linksOf } from './links';

/** Everything that `clusterTree` and the builds of its entry points are made of, piece by piece; each may be run again. */
export function* warmTree(db: Database): Pieces {
	for (const root of db.read(roots, '')) {
		// What lies deeper first: who lists a whole layer then finds it done.
		yield* piecesOf(
			() => db.get(discovery, root).kustomizations.toReversed(),
			directory => {
				// A component means nothing without what it is added to.
				const { kind, file } = linksOf(db, directory);
				if (kind !== 'Component') accumulate(db, directory, AS_FLUX);
				if (file !== undefined) isTemplateFile(db, file);
			},
		);
	}
	yield* markWork(db);
	yield () => db.get(seedsQuery, '');
	const [seed] = db.get(seedsQuery, '');
	if (seed) {
		const written = markedFiles(db).filter(({ file, mark }) => mark !== 'none' && isWithin(seed.root, file));
		for (const { file } of written) yield* buildsAhead(db, resourcesIn(db, file), seed);
	}
	yield* piecesOf(
		() => db.get(seedsQuery, ''),
		({ id }) => fluxCluster(db, id),
	);
	yield () => foundClusters(db);
	for (const found of foundClusters(db)) {
		yield* buildsAhead(db, [found.kustomization, ...found.further], found);
		yield () => fluxCluster(db, found.id);
	}
	yield* eachEntry(db, buildOf);
	// Only now: a release looks for what it refers to in all that its environment builds.
	yield* eachEntry(db, customisedObjects);
	yield* piecesOf(
		() => filesOfTree(db).filter(isYamlFile),
		file => {
			contentOf(db, file);
			lookForCustomKinds(db, file);
		},
	);
}

function* buildsAhead(db: Database, resources: readonly Resource[], { root }: Seed): Pieces {
	yield* piecesOf(
		() => resources.filter(isFluxKustomization),
		resource => buildAhead(db, resource, root),
	);
}

/** How entry points are accumulated, so that these pieces are theirs. */
const AS_FLUX: AccumulateOptions = { restrictor: 'RepositoryOnly', openApi: undefined, notesPath: undefined };
