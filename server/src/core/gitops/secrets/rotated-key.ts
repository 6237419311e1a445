/**
 * Values that are older than the key of the newest certificate for sealing: the controller has made a new key since (sealed-secrets `keyrenewperiod`, 30 days),
 * and opens them only as long as it has the old one. Nothing is wrong as yet, so it is said once, at the certificate.
 */
import type { FilePath } from '../../base/paths';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { addressOf } from '../../yaml/node';
import type { Certificate } from './certificate';
import { encryptedValues } from './sealed-secret-fields';
import type { SealingPast } from './sealing-drift';

/** Clocks of those who commit are not the controller's. */
const TOLERANCE_MS = 24 * 60 * 60 * 1000;

export interface CertificateFile {
	readonly file: FilePath;
	readonly certificates: readonly Certificate[];
}

/** The problems of the certificates of an environment, given what it renders sealed and what the history says of a ciphertext. */
export function rotatedKeyProblems(
	files: readonly CertificateFile[],
	sealed: readonly Resource[],
	past: (file: FilePath, ciphertext: string) => SealingPast | undefined,
): readonly Problem[] {
	const [newest] = files
		.flatMap(({ file, certificates }) => certificates.map(({ notBefore }) => ({ file, notBefore })))
		.toSorted((a, b) => b.notBefore - a.notBefore);
	if (!newest) return [];
	const older = sealed
		.flatMap(resource => encryptedValues(resource).map(value => ({ resource, ...value })))
		.filter(({ resource: { from }, node }) => {
			const first = past(from.file, node.text)?.versions[0];
			return first !== undefined && first.time + TOLERANCE_MS < newest.notBefore;
		});
	const [first] = older;
	if (!first) return [];
	const made = new Date(newest.notBefore).toISOString().slice(0, 10);
	const count =
		older.length === 1
			? `"${first.key}" of SealedSecret/${first.resource.id.name} was`
			: `${older.length} values, "${first.key}" of SealedSecret/${first.resource.id.name} among them, were`;
	return [
		{
			code: 'sealed-secret/key-rotated',
			severity: 'hint',
			message: `The key of this certificate was made on ${made}, and ${count} sealed before, so with an older key, which the controller must still have. \`kubeseal --re-encrypt\` seals them with the new one.`,
			at: { file: newest.file, document: 0, path: [] },
			related: [{ message: 'sealed before', at: addressOf(first.node.origin) }],
		},
	];
}
