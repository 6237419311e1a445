/** `textDocument/definition`: links that underline what was asked about, for clients that know them. */
import type { DefinitionParams, Location, LocationLink } from 'vscode-languageserver/node';
import type { FilePath } from '../../core/base/paths';
import type { Link } from '../../core/ide/results';
import { spotOf, toLocation, toRange } from '../convert';
import type { Session } from '../session';

export function definition(session: Session, params: DefinitionParams): LocationLink[] | Location[] | null {
	const spot = spotOf(session, params);
	if (!spot) return null;
	return toLinks(session, spot.file, session.analysis.definition(spot.file, spot.offset));
}

/** What a kustomization names by its path, as long as the tree has not been looked at. */
export function definitionMeanwhile(session: Session, params: DefinitionParams): LocationLink[] | Location[] | null {
	const spot = spotOf(session, params);
	return spot ? toLinks(session, spot.file, session.analysis.definitionAlone(spot.file, spot.offset)) : null;
}

function toLinks(session: Session, file: FilePath, links: readonly Link[]): LocationLink[] | Location[] {
	if (!session.abilities.definitionLinks) return links.map(link => toLocation(session, link.to));
	return links.map(({ from, to }) => {
		const { uri, range } = toLocation(session, to);
		return {
			originSelectionRange: toRange(session, file, from),
			targetUri: uri,
			targetRange: range,
			targetSelectionRange: range,
		};
	});
}
