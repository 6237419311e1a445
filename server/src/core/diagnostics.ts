/** Findings as an editor or a terminal shows them: with ranges, the severities that were asked for, and without what is suppressed. */
import { type FilePath, isYamlFile } from './base/paths';
import type { SourceEdit } from './base/problem';
import type { Database } from './base/query';
import type { CodeFix, Diagnostic, Place, PlacedDiagnostic, PlacedRange, WorkspaceChange } from './ide/results';
import { placeOf } from './ide/labels';
import { findingsIn, isJudged, lastFindingsIn, refusalOf, soonFindingsIn, wasJudged } from './rules/collect';
import { provenFixes } from './rules/prove-fix';
import { covers, suppressionsIn } from './rules/suppressions';
import type { Finding } from './rules/rule';
import { syntaxFindings } from './rules/yaml-problems';
import { lineIndexOf } from './workspace/documents';
import { sourceChange } from './workspace/edits';
import { setting } from './workspace/settings';
import { covers as coversPath, namesCode, treeConfigOf } from './workspace/tree-config';

const UNUSED = 'strata/unused-suppression';

/** What is wrong in one file, sorted by place. */
export function diagnostics(db: Database, file: FilePath): readonly Diagnostic[] {
	return shown(db, file, isJudged(db, file), findingsIn(db, file));
}

/** The same as far as it can be told at once, while the rest of the tree has not been looked at again. */
export function diagnosticsAtOnce(db: Database, file: FilePath): readonly Diagnostic[] {
	const last = lastFindingsIn(db, file);
	const all = shown(db, file, wasJudged(db, file), last.findings);
	// Whether a comment silences something is not known before everything has been looked for once.
	return last.isFirst ? all.filter(({ code }) => code !== UNUSED) : all;
}

/** The same once all that the file is built into has been looked at again; nothing where the tree has never been looked at. */
export function diagnosticsSoon(db: Database, file: FilePath): readonly Diagnostic[] | undefined {
	const found = soonFindingsIn(db, file);
	return found && shown(db, file, wasJudged(db, file), found);
}

/** Ranges as lines and characters. */
export function placed(db: Database, found: Diagnostic): PlacedDiagnostic {
	return {
		...found,
		range: placedRange(db, found),
		related: found.related.map(({ message, place }) => ({ message, file: place.file, range: placedRange(db, place) })),
	};
}

function placedRange(db: Database, { file, range }: Place): PlacedRange {
	const index = lineIndexOf(db, file);
	return { start: index.position(range.start), end: index.position(range.end) };
}

function shown(db: Database, file: FilePath, judged: boolean, findings: readonly Finding[]): readonly Diagnostic[] {
	const syntax = judged && isYamlFile(file) ? db.get(syntaxFindings, file) : [];
	const words = syntax.length > 0 ? refusalOf(db, file) : undefined;
	const all = [
		...syntax.map(each => syntaxDiagnostic(file, words === undefined ? each : { ...each, details: words })),
		...findings.map(each => diagnostic(db, each)),
	];
	const suppressions = db.get(suppressionsIn, file);
	const used = new Set<(typeof suppressions)[number]>();
	const left = all.filter(each => {
		const { line } = lineIndexOf(db, file).position(each.range.start);
		const by = suppressions.filter(suppression => covers(suppression, each.code, line));
		for (const suppression of by) used.add(suppression);
		return by.length === 0;
	});
	const unused = suppressions.filter(suppression => !used.has(suppression));
	return [...left, ...unused.map(({ code, range }) => unusedDiagnostic(file, code, range))]
		.filter(({ code }) => !isIgnored(db, file, code))
		.flatMap(each => withSeverity(db, each))
		.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.code < b.code ? -1 : 1));
}

/** Whether `strata.yaml` says that such findings are not to be reported in this file. */
function isIgnored(db: Database, file: FilePath, code: string): boolean {
	const said = treeConfigOf(db, file);
	if (!said) return false;
	if (said.docs === 'off' && namesCode('docs/*', code)) return true;
	return said.ignore.some(({ text, paths }) => namesCode(text, code) && coversPath(paths, file));
}

function syntaxDiagnostic(
	file: FilePath,
	{ code, message, range, details }: Pick<Diagnostic, 'code' | 'message' | 'range' | 'details'>,
): Diagnostic {
	return {
		file,
		range,
		severity: 'error',
		code,
		message,
		related: [],
		environments: [],
		details,
		tag: undefined,
		hasFix: false,
	};
}

function unusedDiagnostic(file: FilePath, code: string, range: Place['range']): Diagnostic {
	const message = `nothing here is reported as \`${code}\`; remove this comment`;
	return {
		...syntaxDiagnostic(file, { code: UNUSED, message, range, details: undefined }),
		severity: 'warning',
		tag: 'unnecessary',
	};
}

function diagnostic(db: Database, finding: Finding): Diagnostic {
	return {
		...placeOf(db, finding.at, finding.anchor),
		severity: finding.severity,
		code: finding.code,
		message: finding.message,
		related: (finding.related ?? []).map(({ message, at }) => ({ message, place: placeOf(db, at) })),
		environments: finding.environments ?? [],
		details: finding.details,
		tag: finding.tag,
		hasFix: (finding.fixes?.length ?? 0) > 0,
	};
}

function withSeverity(db: Database, of: Diagnostic): Diagnostic[] {
	const severities = setting(db, 'severities');
	const set = severities[of.code] ?? severities[`${of.code.split('/', 1)[0]}/*`];
	if (set === 'off') return [];
	return [set ? { ...of, severity: set } : of];
}

/** Ways out of the findings that touch a range. Each was tried before. */
export function fixes(
	db: Database,
	file: FilePath,
	start: number,
	end: number,
): readonly (CodeFix & { readonly code: string })[] {
	return findingsIn(db, file).flatMap(finding => {
		const { range } = placeOf(db, finding.at, finding.anchor);
		if (range.end < start || range.start > end) return [];
		return provenFixes(db, finding).map(fix => ({
			code: finding.code,
			title: fix.title,
			change: workspaceChange(db, fix.edits),
		}));
	});
}

/** Edits told in addresses as a change of texts and files. */
export function workspaceChange(db: Database, edits: readonly SourceEdit[]): WorkspaceChange {
	const change = sourceChange(db, edits);
	return {
		edits: [...change.edits].map(([file, list]) => ({ file, edits: list })),
		create: [...change.create].map(([file, text]) => ({ file, text })),
		delete: change.delete,
	};
}
