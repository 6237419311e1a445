/** The certificates of each environment held against what the history says of its sealed secrets. */
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import { rotatedKeyProblems } from '../gitops/secrets/rotated-key';
import { sealedSecretsOf } from './environments';
import { sealingCertificates } from './sealing-certificates';
import { sealingPast } from './sealing-histories';

/** What is said of the certificates of an environment whose key is newer than its secrets. */
export function rotatedKeys(db: Database, environment: string): readonly Problem[] {
	return db.get(rotated, environment);
}

const rotated = query<readonly Problem[]>('rotatedKeys', (db, environment) => {
	const files = sealingCertificates(db).filter(each => each.environment === environment);
	if (files.length === 0) return [];
	return rotatedKeyProblems(files, sealedSecretsOf(db, environment), (file, text) => sealingPast(db, file, text));
});
