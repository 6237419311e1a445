/** `strata/overridable` and `strata/override` */
import { spotOf } from '../convert';
import type { OverridableParams, OverridableResult, OverrideParams, RefactoringResult } from '../refactoring-protocol';
import { toRefactoring } from '../refactoring';
import type { Session } from '../session';

export function overridable(session: Session, params: OverridableParams): OverridableResult | null {
	const spot = spotOf(session, params);
	return (spot && session.analysis.overridable(spot.file, spot.offset)) ?? null;
}

export function override(session: Session, params: OverrideParams): RefactoringResult {
	const spot = spotOf(session, params);
	if (!spot) return { why: 'This document is no file.' };
	const found = session.analysis.override(spot.file, spot.offset, params.values);
	return toRefactoring(session, found, `Override in ${Object.keys(params.values).join(', ')}`);
}
