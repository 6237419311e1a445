/** The certificates that lie in the tree for sealing: those that are none, that expire, and that are not yet valid. */
import type { FilePath } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { type Certificate, parseCertificates } from './certificate';

/** How long before the end a certificate is worth a word; the controller makes a new key every 30 days. */
export const EXPIRES_SOON_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

/** What is wrong with the certificates of a PEM file. `now` is in milliseconds since 1970, from the host. */
export function sealingCertificateProblems(file: FilePath, pem: string, now: number): readonly Problem[] {
	const at = { file, document: 0, path: [] };
	const certificates = parseCertificates(pem);
	// Of several kubeseal takes the first (`ParseKey`).
	const [first] = certificates;
	if (!first) {
		return [
			{
				code: 'sealed-secret/bad-certificate',
				severity: 'error',
				message:
					'This file holds no certificate with an RSA key that kubeseal could seal with; fetch it anew with `kubeseal --fetch-cert`.',
				at,
				details: 'error parsing certificate',
			},
		];
	}
	const until = new Date(first.notAfter).toISOString().slice(0, 10);
	if (now > first.notAfter) {
		return [
			{
				code: 'sealed-secret/certificate-expired',
				severity: 'warning',
				message: `This certificate expired on ${until}, and kubeseal refuses to seal with it; what it sealed before still opens. Fetch the present one with \`kubeseal --fetch-cert\`.`,
				at,
				details: `failed to encrypt using an expired certificate on ${until}`,
			},
		];
	}
	if (now < first.notBefore) {
		return [
			{
				code: 'sealed-secret/certificate-not-yet-valid',
				severity: 'warning',
				message: `This certificate is valid from ${new Date(first.notBefore).toISOString().slice(0, 10)} only. Fetch the present one with \`kubeseal --fetch-cert\`.`,
				at,
			},
		];
	}
	if (first.notAfter - now < EXPIRES_SOON_DAYS * DAY) {
		return [
			{
				code: 'sealed-secret/certificate-expires',
				severity: 'hint',
				message: `This certificate expires on ${until}; after that kubeseal refuses to seal with it. Fetch the new one with \`kubeseal --fetch-cert\` when the controller has it.`,
				at,
			},
		];
	}
	return [];
}

/** When what is said of a file with these certificates changes, though nobody touches it. */
export function datesOfChange([first]: readonly Certificate[]): readonly number[] {
	return first ? [first.notBefore, first.notAfter - EXPIRES_SOON_DAYS * DAY, first.notAfter] : [];
}
