/** The way out of secrets that will not open: a command of the client, since nobody but the user knows the values. */
import { type CodeAction, CodeActionKind, type CodeActionParams } from 'vscode-languageserver/node';
import type { Diagnostic, Place } from '../../core/ide/results';
import { lineIndexOf } from '../../core/workspace/documents';
import { SOURCE, toRange } from '../convert';
import { type SealAt, SEAL_SECRET_FILE } from '../protocol';
import type { Session } from '../session';
import { fileOf } from '../uris';

/** What sealing anew mends. */
const MENDED: ReadonlySet<string> = new Set(
	[
		'name-drift',
		'namespace-drift',
		'scope-drift',
		'deprecated-data',
		'not-base64',
		'too-short',
		'wrong-key',
		'wrong-key-length',
		'cannot-open',
		'empty-value',
		'same-ciphertext',
	].map(name => `sealed-secret/${name}`),
);

/** An action for each secret that a finding in the range is about. Only Strata's own client has the command. */
export function sealActions(session: Session, { textDocument, range, context }: CodeActionParams): CodeAction[] {
	const { analysis, abilities } = session;
	const file = fileOf(textDocument.uri);
	if (!abilities.strataClient || file === undefined) return [];
	const index = lineIndexOf(analysis.db, file);
	const [start, end] = [index.offset(range.start), index.offset(range.end)];
	const found = analysis
		.diagnostics(file)
		.filter(each => MENDED.has(each.code) && each.range.end >= start && each.range.start <= end);
	const secrets = new Map(
		found.flatMap(each => {
			const place = secretOf(session, each);
			return place ? [[`${place.file}:${place.range.start}`, { place, code: each.code }] as const] : [];
		}),
	);
	return [...secrets.values()].map(({ place, code }) => {
		const title = `Seal ${place.file.slice(place.file.lastIndexOf('/') + 1)} anew...`;
		const at: SealAt = {
			uri: session.open.uriOf(place.file),
			position: toRange(session, place.file, place.range).start,
		};
		return {
			title,
			kind: CodeActionKind.QuickFix,
			diagnostics: context.diagnostics.filter(each => each.source === SOURCE && each.code === code),
			command: { title, command: SEAL_SECRET_FILE, arguments: [at] },
		};
	});
}

/** Where the SealedSecret stands that a finding is about: there, or where its first related place is. */
function secretOf({ analysis }: Session, { file, range, related }: Diagnostic): Place | undefined {
	const candidates = [{ file, range }, ...related.map(({ place }) => place)];
	return candidates.find(place => analysis.sealable(place.file, place.range.start).kind === 'sealable');
}
