/**
 * The certificates in the tree that secrets are sealed with, and the environment each is for. A certificate of another environment must never be
 * held against a secret, so one whose environment is not plain is for none.
 */
import { basename, dirname, type FilePath, relative } from '../base/paths';
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import { type Certificate, parseCertificates } from '../gitops/secrets/certificate';
import { datesOfChange, sealingCertificateProblems } from '../gitops/secrets/sealing-certificate';
import { clock, roots, textOf } from '../workspace/inputs';
import { homeOf } from './bases';
import { clusterTree } from './cluster-tree';
import { discovery } from './discovery';

export interface SealingCertificate {
	readonly file: FilePath;
	/** Empty in a tree of one environment; nothing where it is not told whose it is. */
	readonly environment: string | undefined;
	/** Those with an RSA key; kubeseal seals with the first. */
	readonly certificates: readonly Certificate[];
}

/** Names of files and folders that speak of sealing: `pub-cert.pem`, `pub-sealed-secrets.pem`, `sealed-secrets/tls.crt`. */
const OF_SEALING = /seal|^pub-?cert/i;
/** What a certificate is called in the folder of the controller. */
const PLAIN_NAME = /^(pub(lic)?|cert(ificate)?|tls)([-_.]|$)/i;

/** Every certificate for sealing, sorted by file. */
export function sealingCertificates(db: Database): readonly SealingCertificate[] {
	return db.get(allCertificates, '');
}

const allCertificates = query<readonly SealingCertificate[]>(
	'sealingCertificates',
	db =>
		db.read(roots, '').flatMap(root =>
			db
				.get(discovery, root)
				.certificates.filter(isForSealing)
				.map(file => ({
					file,
					environment: environmentOf(db, root, file),
					certificates: db.get(certificatesIn, file),
				})),
		),
	(a, b) =>
		a.length === b.length &&
		a.every(({ file, environment, certificates }, i) => {
			const other = b[i]!;
			return file === other.file && environment === other.environment && certificates === other.certificates;
		}),
);

const certificatesIn = query<readonly Certificate[]>('certificatesIn', (db, file) =>
	parseCertificates(textOf(db, file) ?? '').filter(certificate => certificate !== undefined),
);

function isForSealing(file: FilePath): boolean {
	const name = basename(file);
	return OF_SEALING.test(name) || (OF_SEALING.test(basename(dirname(file))) && PLAIN_NAME.test(name));
}

/** That of the kustomization it stands in or below; else the one whose name its path says. */
function environmentOf(db: Database, root: FilePath, file: FilePath): string | undefined {
	const { environments } = db.get(clusterTree, '');
	if (environments.length === 0) return '';
	const home = homeOf(db, file);
	if (home && home.environments.length > 0) return home.environments.length === 1 ? home.environments[0] : undefined;
	const words = relative(root, file)
		.split('/')
		.flatMap(part => [part, ...part.split(/[-_.]/)]);
	const named = environments.filter(environment => words.includes(environment));
	return named.length === 1 ? named[0] : undefined;
}

/** What an environment's secrets can have been sealed with, as far as the tree has it. */
export function certificatesOf(db: Database, environment: string): readonly Certificate[] {
	return db.get(certificatesOfEnvironment, environment);
}

const certificatesOfEnvironment = query<readonly Certificate[]>(
	'certificatesOfEnvironment',
	(db, environment) =>
		sealingCertificates(db)
			.filter(each => each.environment === environment)
			.flatMap(({ certificates }) => certificates),
	(a, b) => a.length === b.length && a.every((certificate, i) => certificate === b[i]),
);

/** What is wrong with the certificates themselves; nothing as long as the host has not said what time it is. */
export function certificateProblems(db: Database): readonly (Problem & { readonly environment: string })[] {
	return db.get(problemsQuery, '');
}

/** The moments, in milliseconds since 1970, at which `certificateProblems` changes by itself. */
export function certificateDates(db: Database): readonly number[] {
	return sealingCertificates(db).flatMap(({ certificates }) => datesOfChange(certificates));
}

const problemsQuery = query<readonly (Problem & { readonly environment: string })[]>('certificateProblems', db => {
	const now = db.read(clock, '');
	if (now === undefined) return [];
	return sealingCertificates(db).flatMap(({ file, environment = '' }) => {
		const text = textOf(db, file) ?? '';
		// The controller's private key may be kept under such a name, encrypted or not: it is no certificate, and not meant as one.
		if (text.includes('PRIVATE KEY-----') && !text.includes('CERTIFICATE-----')) return [];
		return sealingCertificateProblems(file, text, now).map(problem => ({ ...problem, environment }));
	});
});
