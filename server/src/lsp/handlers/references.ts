/** `textDocument/references`: by environment, in the order of their names. */
import type { Location, ReferenceParams } from 'vscode-languageserver/node';
import { spotOf, toLocation } from '../convert';
import type { Session } from '../session';

export function references(session: Session, params: ReferenceParams): Location[] | null {
	const spot = spotOf(session, params);
	if (!spot) return null;
	return session.analysis.references(spot.file, spot.offset).map(reference => toLocation(session, reference));
}
