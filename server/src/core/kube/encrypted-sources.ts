/**
 * Files that are encrypted with SOPS and that a generator puts into a Secret. Flux decrypts them before it builds (`Decryptor.DecryptSources`), so what the Secret
 * will hold is not what stands in them: their values are unknown, and the lines of SOPS' own in an env file are not there.
 */
import { decodeBase64 } from '../base/base64';
import { decodeUtf8 } from '../base/utf8';
import type { FilePath } from '../base/paths';
import { child, entriesOf, type MapNode } from '../yaml/node';

/** What SOPS writes into each of its formats, as kustomize-controller tells them; JSON is also what any other file becomes. */
const MAC = /(^|[\s"_])mac"?\s*[:=]\s*"?ENC\[AES256_GCM,/;

/** Keys of an env file that are SOPS' own; `dotenv.SopsPrefix`. */
export const SOPS_PREFIX = 'sops_';

/** The encrypted files among those that a generated Secret's data comes from. */
export function encryptedSources(secret: MapNode): ReadonlySet<FilePath> {
	const files = new Set<FilePath>();
	for (const { key, value } of entriesOf(child(secret, 'data'))) {
		const { step, file, link } = value.origin;
		if (step !== 'generator' || value.kind !== 'scalar' || files.has(file)) continue;
		const isWholeFile = link === undefined;
		if (isWholeFile ? isEncryptedText(decoded(value.text)) : /^sops_(mac|version|lastmodified)$/.test(key))
			files.add(file);
	}
	return files;
}

/** Whether a text is a file that SOPS has encrypted. */
export function isEncryptedText(text: string): boolean {
	return MAC.test(text);
}

function decoded(base64: string): string {
	const bytes = decodeBase64(base64);
	return bytes ? decodeUtf8(bytes) : '';
}
