/** `strata/render` and `strata/renderedLine` */
import type { Place } from '../../core/ide/results';
import { spotOf, toLocation } from '../convert';
import type { RenderedLineParams, RenderParams, RenderResult, RenderWriter } from '../protocol';
import type { Session } from '../session';
import { toItem } from './entry-points';

export function render(session: Session, { id }: RenderParams): RenderResult | null {
	const rendering = session.analysis.render(id);
	if (!rendering) return null;
	const writers: RenderWriter[] = [];
	// Most lines share their writer with others, and the answer goes over the wire with each key that is typed.
	const indices = new Map<string, number>();
	const lines = rendering.origins.map(origin => {
		if (!origin) return -1;
		const key = `${placeKey(origin.place)} ${origin.label}`;
		let index = indices.get(key);
		if (index === undefined) {
			indices.set(key, (index = writers.length));
			writers.push({ location: toLocation(session, origin.place), step: origin.step, label: origin.label });
		}
		return index;
	});
	return { entry: toItem(rendering.entry), text: rendering.text, writers, lines, notes: rendering.notes };
}

function placeKey({ file, range }: Place): string {
	return `${file}:${range.start}:${range.end}`;
}

export function renderedLine(session: Session, params: RenderedLineParams): number | null {
	const spot = spotOf(session, params);
	return (spot && session.analysis.renderedLineOf(params.id, spot.file, spot.offset)) ?? null;
}
