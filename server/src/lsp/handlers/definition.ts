/** `textDocument/definition`: links that underline what was asked about, for clients that know them. */
import type { DefinitionParams, Location, LocationLink } from 'vscode-languageserver/node';
import { spotOf, toLocation, toRange } from '../convert';
import type { Session } from '../session';

export function definition(session: Session, params: DefinitionParams): LocationLink[] | Location[] | null {
	const spot = spotOf(session, params);
	if (!spot) return null;
	const links = session.analysis.definition(spot.file, spot.offset);
	if (!session.abilities.definitionLinks) return links.map(link => toLocation(session, link.to));
	return links.map(({ from, to }) => {
		const { uri, range } = toLocation(session, to);
		return {
			originSelectionRange: toRange(session, spot.file, from),
			targetUri: uri,
			targetRange: range,
			targetSelectionRange: range,
		};
	});
}
