/** The few functions that tests of answers call. Each takes a fixture and gives plain data. */
import { Analysis } from '../../server/src/core/analysis';
import type { Fixture } from './fixture';
import { fixture, memorySource, ROOT } from './fixture';

/** An analysis of the fixture's files, with `/repo` as the open folder. */
export function analyse(text: string): { readonly analysis: Analysis; readonly fixture: Fixture } {
	const parsed = fixture(text);
	const analysis = new Analysis(memorySource(parsed.files));
	analysis.apply({ roots: [ROOT] });
	return { analysis, fixture: parsed };
}
