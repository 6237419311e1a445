/**
 * Where the sources hold what must not be shown: the data of every Secret of an environment, down to the file that a generator reads.
 * A value that was taken from there (by valuesFrom, a substitution, a replacement) is told by who wrote it.
 */
import { type FieldPath, pathOf } from '../base/address';
import { type Database, query } from '../base/query';
import { providedSecret } from '../kube/data-sources';
import type { Origin } from '../yaml/node';
import { indexesOf } from './releases';

/** Whether the value was taken from a Secret of the environment; what it wrote over does not matter. */
export function isFromSecret(db: Database, environment: string, origin: Origin): boolean {
	const paths = db.get(secretPlaces, environment).get(placeKey(origin));
	if (!paths) return false;
	const own = pathOf(origin.link);
	return paths.some(path => path.every((key, i) => own[i] === key));
}

/** By file and document: the paths below which everything is secret. */
const secretPlaces = query<ReadonlyMap<string, readonly FieldPath[]>>('secretPlaces', (db, environment) => {
	const places = new Map<string, FieldPath[]>();
	for (const resource of indexesOf(db, environment).flatMap(({ resources }) => resources)) {
		for (const { origin } of providedSecret(resource)?.data.values() ?? []) {
			for (let at: Origin | undefined = origin; at; at = at.replaced) {
				const key = placeKey(at);
				const known = places.get(key);
				if (known) known.push(pathOf(at.link));
				else places.set(key, [pathOf(at.link)]);
			}
		}
	}
	return places;
});

function placeKey({ file, document }: Origin): string {
	return `${file}#${document}`;
}
