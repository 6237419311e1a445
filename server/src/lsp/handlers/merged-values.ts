/** `strata/mergedValues` and `strata/comparableValues` */
import { spotOf } from '../convert';
import type { ComparableValuesParams, EntryPointItem, MergedValuesParams } from '../protocol';
import type { Session } from '../session';
import { toItem } from './entry-points';

export function mergedValues(session: Session, params: MergedValuesParams): EntryPointItem[] {
	const spot = spotOf(session, params);
	return spot ? session.analysis.mergedValuesAt(spot.file, spot.offset).map(toItem) : [];
}

export function comparableValues({ analysis }: Session, { id }: ComparableValuesParams): EntryPointItem[] {
	return analysis.comparableValues(id).map(toItem);
}
