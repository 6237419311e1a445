/** `textDocument/hover` */
import { type Hover, type HoverParams, MarkupKind } from 'vscode-languageserver/node';
import { spotOf, toRange } from '../convert';
import type { Session } from '../session';

export function hover(session: Session, params: HoverParams): Hover | null {
	const spot = spotOf(session, params);
	const found = spot && session.analysis.hover(spot.file, spot.offset);
	if (!spot || !found) return null;
	return {
		contents: { kind: MarkupKind.Markdown, value: found.markdown },
		range: toRange(session, spot.file, found.range),
	};
}

/** As long as the tree has not been looked at so far that a hover could say what becomes of the field. */
export function hoverMeanwhile(session: Session, params: HoverParams): Hover | null {
	const spot = spotOf(session, params);
	if (!spot || !session.analysis.isField(spot.file, spot.offset)) return null;
	return { contents: { kind: MarkupKind.Markdown, value: '*Strata is still looking at the tree.*' } };
}
