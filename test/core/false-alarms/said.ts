/** What is said of a healthy repository: errors and warnings, each with its line. Notes and hints may be. */
import { relative } from '../../../server/src/core/base/paths';
import { LineIndex } from '../../../server/src/core/base/text';
import { analyse } from '../../support/check';
import { ROOT } from '../../support/fixture';

/** `path:line severity code`, sorted. */
export function said(repository: string): string[] {
	const { analysis, fixture } = analyse(repository);
	const files = new Set([...analysis.files(), ...fixture.files.keys()]);
	return [...files]
		.flatMap(file =>
			analysis.diagnostics(file).flatMap(({ severity, code, range }) => {
				if (severity !== 'error' && severity !== 'warning') return [];
				const { line } = new LineIndex(fixture.files.get(file) ?? '').position(range.start);
				return [`${relative(ROOT, file)}:${line + 1} ${severity} ${code}`];
			}),
		)
		.sort();
}
