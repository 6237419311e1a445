/** The files of the tree's sealed secrets, for the host to look up in the repository's history, and what it found there. */
import type { FilePath } from '../base/paths';
import { type Pieces, piecesOf } from '../base/pieces';
import { type Database, longQuery, query } from '../base/query';
import { inSteps } from '../base/steps';
import { isSealedSecret } from '../gitops/secrets/sealed-secret-fields';
import type { SealingPast } from '../gitops/secrets/sealing-drift';
import { type SealedIn, sealedIn } from '../gitops/secrets/sealing-history';
import { contentOf } from '../workspace/documents';
import { sealingHistory } from '../workspace/sealing-history';
import { clusterTree } from './cluster-tree';
import { buildOf } from './entries';

/** A file with ciphertexts of which the history is not known. The same object as long as the file says the same. */
export interface WantedHistory {
	readonly file: FilePath;
	readonly sealed: SealedIn;
}

const wantedIn = query<WantedHistory>('sealedIn', (db, file) => ({
	file,
	sealed: sealedIn(
		file,
		contentOf(db, file).map(({ root }) => root),
	),
}));

const filesWithSealed = longQuery<readonly FilePath[]>(
	'filesWithSealed',
	function* (db) {
		const entries = db.get(clusterTree, '').entries.filter(({ setAside }) => !setAside);
		const sealed = yield* inSteps(entries, entry => buildOf(db, entry).resources.filter(isSealedSecret));
		return [...new Set(sealed.flat().map(({ from }) => from.file))].sort();
	},
	(a, b) => a.length === b.length && a.every((file, i) => file === b[i]),
);

/** What the history is to be asked for: files of which some ciphertext is not known yet, sorted. */
export function wantedHistories(db: Database): readonly WantedHistory[] {
	return db
		.get(filesWithSealed, '')
		.map(file => db.get(wantedIn, file))
		.filter(({ file, sealed }) => {
			const known = db.read(sealingHistory, file);
			return [...sealed.keys()].some(ciphertext => !known?.has(ciphertext));
		});
}

/** What `wantedHistories` does, in pieces. */
export function historyWork(db: Database): Pieces {
	return piecesOf(
		() => db.get(filesWithSealed, ''),
		file => db.get(wantedIn, file),
	);
}

/** What became of a ciphertext of a file since it was committed first. */
export function sealingPast(db: Database, file: FilePath, ciphertext: string): SealingPast | undefined {
	const versions = db.read(sealingHistory, file)?.get(ciphertext);
	const now = versions && db.get(wantedIn, file).sealed.get(ciphertext);
	return now && { versions, now };
}
