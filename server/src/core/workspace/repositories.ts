/** The repositories of the open folders: what may be read for them without being asked for. */
import { dirname, type FilePath, isWithin } from '../base/paths';
import { type Database, query } from '../base/query';
import { directoryEntries, realPath, roots } from './inputs';

/** Whether a real path lies in an open folder, or in the repository that one is a part of. */
export function isInRepository(db: Database, real: FilePath): boolean {
	return db.read(roots, '').some(root => isWithin(db.get(repositoryOf, root), real));
}

/** The nearest directory at or above a folder with `.git` in it; else the folder. */
const repositoryOf = query<FilePath>('repository', (db, folder) => {
	const real = db.read(realPath, folder) ?? folder;
	for (let at = real; ; at = dirname(at)) {
		if (db.read(directoryEntries, at)?.some(({ name }) => name === '.git')) return at;
		if (at === '/') return real;
	}
});
