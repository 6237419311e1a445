/** What can be made: the groups in which components stand, and the environments that lack one. */
import type { FilePath } from '../../base/paths';
import type { Database } from '../../base/query';
import { clusterTree } from '../../model/cluster-tree';
import { components } from '../../model/documentation';
import { shortPath } from '../labels';
import { placeOf } from './new-component';

export interface ScaffoldChoices {
	readonly environments: readonly string[];
	readonly groups: readonly { readonly directory: FilePath; readonly path: string }[];
	readonly components: readonly {
		readonly directory: FilePath;
		readonly path: string;
		readonly name: string;
		/** The environments of its tree that lack it. */
		readonly missing: readonly string[];
	}[];
}

export function scaffoldChoices(db: Database): ScaffoldChoices {
	const { environments } = db.get(clusterTree, '');
	const all = components(db);
	const groups = [...new Set(all.map(({ base }) => placeOf(base.directory).group))].sort();
	return {
		environments,
		groups: groups.map(directory => ({ directory, path: shortPath(db, directory) || '.' })),
		components: all.map(({ base, name, environments: possible }) => ({
			directory: base.directory,
			path: shortPath(db, base.directory),
			name,
			missing: possible.filter(environment => !base.environments.includes(environment)),
		})),
	};
}
