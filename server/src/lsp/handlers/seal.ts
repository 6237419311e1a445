/**
 * `strata/sealable` and `strata/seal`. The plaintext lives for as long as the request does: it is sealed and overwritten, and appears in no answer, no
 * error and no log.
 */
import type { Sealable } from '../../core/ide/seal';
import type { FilePath } from '../../core/base/paths';
import { isWithin, join } from '../../core/base/paths';
import { setting } from '../../core/workspace/settings';
import { textOf } from '../../core/workspace/inputs';
import { spotOf, type Spot, toWorkspaceEdit } from '../convert';
import type { SealableParams, SealableResult, SealParams, SealResult } from '../protocol';
import type { Session } from '../session';
import { fileOf } from '../uris';

const NO_FILE = 'Only the values of files on disk can be sealed.';

export function sealable(session: Session, params: SealableParams): SealableResult {
	const spot = spotOf(session, params);
	if (!spot) return { failure: NO_FILE };
	const found = session.analysis.sealable(spot.file, spot.offset);
	if (found.kind === 'failure') return { failure: found.failure };
	const { keys, key, places } = found;
	return {
		keys,
		key: key ?? '',
		places: places.map(({ file, certificates, ...place }) => ({
			...place,
			uri: session.open.uriOf(file),
			label: labelOf(session, file),
			certificates: [...setCertificates(session, place.environment), ...certificates].map(certificate => ({
				uri: session.open.uriOf(certificate),
				label: labelOf(session, certificate),
			})),
		})),
	};
}

/** As people see a file: from the folder that it is in. */
function labelOf({ roots }: Session, file: FilePath): string {
	const root = roots.findLast(each => isWithin(each, file));
	return root === undefined ? file : file.slice(root.length + 1);
}

/** The certificate of the settings, from the folders' own paths, or from anywhere where the user trusts them. */
function setCertificates({ analysis, roots, trusted }: Session, environment: string): readonly FilePath[] {
	const set = setting(analysis.db, 'sealedSecrets')?.certificate;
	const path = typeof set === 'string' ? set : set?.[environment];
	if (path === undefined) return [];
	const candidates = roots.map(root => join(root, path));
	const allowed = candidates.filter(file => trusted || roots.some(root => isWithin(root, file)));
	return allowed.filter(file => textOf(analysis.db, file) !== undefined).slice(0, 1);
}

export function seal(session: Session, params: SealParams): SealResult {
	const spot = spotOf(session, params);
	const place = fileOf(params.place);
	if (!spot || place === undefined) return { failure: NO_FILE };
	const { analysis } = session;
	const found = analysis.sealable(spot.file, spot.offset);
	if (found.kind === 'failure') return { failure: found.failure };
	if (!found.places.some(({ file }) => file === place))
		return { failure: 'The file for the sealed values is another one by now; try again.' };
	const certificate = certificateOf(session, params.certificate);
	if (certificate === undefined) return { failure: 'The certificate can no longer be read.' };
	const plain = plaintexts(session, spot, found, params);
	try {
		const sealed = new Map<string, string>();
		for (const [key, bytes] of plain) {
			const result = session.seal(bytes, certificate, params.target);
			if ('failure' in result) return { failure: result.failure };
			sealed.set(key, result.sealed);
		}
		if (sealed.size === 0) return { failure: 'There is no value to seal.' };
		const change = analysis.sealed(spot.file, spot.offset, place, { ...params.target, values: sealed });
		return 'failure' in change ? { failure: change.failure } : { edit: toWorkspaceEdit(session, change) };
	} finally {
		for (const bytes of plain.values()) bytes.fill(0);
	}
}

function certificateOf({ analysis }: Session, certificate: SealParams['certificate']): string | undefined {
	if ('pem' in certificate) return certificate.pem;
	const file = fileOf(certificate.uri);
	return file === undefined ? undefined : textOf(analysis.db, file);
}

/** What is to be sealed, by key: what the user gave, and for keys without it what stands in the Secret. */
function plaintexts(
	{ analysis }: Session,
	{ file, offset }: Spot,
	{ keys }: Sealable,
	{ values, written }: SealParams,
): ReadonlyMap<string, Uint8Array> {
	const inFile = written.length > 0 ? analysis.writtenValues(file, offset) : new Map<string, Uint8Array>();
	const given = new Map(values.map(({ key, ...value }) => [key, bytesOf(value)]));
	for (const key of written) {
		const bytes = inFile.get(key);
		if (bytes && !given.has(key)) given.set(key, bytes);
	}
	// In the order of the Secret, new keys last.
	const order = keys.map(({ key }) => key);
	return new Map([...given].sort(([a], [b]) => rank(order, a) - rank(order, b)));
}

function rank(order: readonly string[], key: string): number {
	const at = order.indexOf(key);
	return at < 0 ? order.length : at;
}

function bytesOf(value: { readonly text: string } | { readonly base64: string }): Uint8Array {
	return 'text' in value ? Buffer.from(value.text, 'utf8') : Buffer.from(value.base64, 'base64');
}
