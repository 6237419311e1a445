/**
 * Findings in SARIF 2.1.0 (OASIS, sections 3.13 ff.), which code hosts and editors take from CI. Files are relative to what was checked (`%SRCROOT%`),
 * lines and columns from 1, columns in UTF-16 code units.
 */
import type { Severity } from '../core/base/problem';
import type { Position } from '../core/base/text';
import { CODES } from '../core/rules/registry';

export interface SarifFinding {
	/** Relative to what was checked. */
	readonly file: string;
	readonly range: SarifRange;
	readonly severity: Severity;
	readonly code: string;
	readonly message: string;
	readonly environments: readonly string[];
	readonly details: string | undefined;
	readonly related: readonly { readonly message: string; readonly file: string; readonly range: SarifRange }[];
}

interface SarifRange {
	readonly start: Position;
	readonly end: Position;
}

/** The log of one run. `page` is the URI of what explains a code. */
export function toSarif(
	findings: readonly SarifFinding[],
	{ version, page }: { readonly version: string; readonly page: (code: string) => string | undefined },
): string {
	// A code without a row is our mistake, and no reason to give CI a log that it refuses.
	const unknown = findings.filter(({ code }) => !CODES.some(known => known.code === code));
	const infos = [...CODES, ...unknown.map(({ code, severity }) => ({ code, severity, summary: code }))];
	const index = new Map(infos.map(({ code }, i) => [code, i]));
	const rules = infos.map(({ code, severity, summary }) => ({
		id: code,
		shortDescription: { text: summary },
		defaultConfiguration: { level: LEVELS[severity] },
		...withHelp(page(code)),
	}));
	const results = findings.map(finding => ({
		ruleId: finding.code,
		ruleIndex: index.get(finding.code),
		level: LEVELS[finding.severity],
		message: { text: textOf(finding) },
		locations: [{ physicalLocation: physicalLocation(finding) }],
		...(finding.related.length === 0
			? {}
			: {
					relatedLocations: finding.related.map(({ message, ...place }, id) => ({
						id,
						message: { text: message },
						physicalLocation: physicalLocation(place),
					})),
				}),
		...(finding.environments.length === 0 ? {} : { properties: { environments: finding.environments } }),
	}));
	const log = {
		$schema: 'https://json.schemastore.org/sarif-2.1.0.json',
		version: '2.1.0',
		runs: [{ tool: { driver: { name: 'Strata', version, rules } }, columnKind: 'utf16CodeUnits', results }],
	};
	return JSON.stringify(log, null, 2) + '\n';
}

/** SARIF knows no hints. */
const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
	error: 'error',
	warning: 'warning',
	information: 'note',
	hint: 'note',
};

function withHelp(helpUri: string | undefined): { helpUri?: string } {
	return helpUri === undefined ? {} : { helpUri };
}

/** Code hosts show nothing but the message, so it says where it holds and what the real tool says. */
function textOf({ message, environments, details }: SarifFinding): string {
	const where = environments.length === 0 ? '' : `\nIn: ${environments.join(', ')}`;
	return message + where + (details === undefined ? '' : `\n${details}`);
}

function physicalLocation({ file, range: { start, end } }: Pick<SarifFinding, 'file' | 'range'>) {
	return {
		artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
		region: {
			startLine: start.line + 1,
			startColumn: start.character + 1,
			endLine: end.line + 1,
			endColumn: end.character + 1,
		},
	};
}
