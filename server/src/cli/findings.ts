/** Findings of a build as text: like a compiler's, with the place first. */
import type { Database } from '../core/base/query';
import { type FilePath, relative } from '../core/base/paths';
import type { BuildFinding, Place } from '../core/ide/results';
import { lineIndexOf } from '../core/workspace/documents';

/** `path:line:column`, both from 1, the path relative to `from`. */
export function placeText(db: Database, from: FilePath, { file, range }: Place): string {
	const { line, character } = lineIndexOf(db, file).position(range.start);
	return `${relative(from, file)}:${line + 1}:${character + 1}`;
}

/** One finding, with the real tool's words below it. */
export function findingText(db: Database, from: FilePath, finding: BuildFinding): string {
	const details = finding.details?.split('\n').map(line => `    ${line}`) ?? [];
	const { severity, message, code } = finding;
	return [`${placeText(db, from, finding)}: ${severity}: ${message} [${code}]`, ...details].join('\n') + '\n';
}
