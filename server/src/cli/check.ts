/** `strata check`: every finding of a tree, for people and for programs. */
import { parseArgs } from 'node:util';
import { Analysis } from '../core/analysis';
import { type FilePath, relative } from '../core/base/paths';
import type { Severity } from '../core/base/problem';
import type { Position } from '../core/base/text';
import { sealingHistoryOf } from '../core/gitops/secrets/sealing-history';
import type { Diagnostic } from '../core/ide/results';
import type { WantedHistory } from '../core/model/sealing-histories';
import type { Target } from '../core/targets';
import { lineIndexOf } from '../core/workspace/documents';
import type { SealingHistory } from '../core/workspace/sealing-history';
import { placeText } from './findings';
import { toSarif } from './sarif';
import { choice, UsageError } from './usage-error';
import type { ExitCode, Terminal } from './terminal';

export const CHECK_USAGE = `usage: strata check [path] [options]

Says what is wrong in the GitOps tree at path (the working directory by default): what kustomize, Flux and Helm would say after
the push, and what breaks the rules of bases, overlays, secrets and documentation.

  --format FORMAT        text, json or sarif (SARIF 2.1.0, for code hosts; default: text)
  --fail-on SEVERITY     error, warning, information, hint or never (default: error)
  --no-git               does not ask git when sealed secrets were sealed

Exit code: 0 when clean, 1 on findings at or above --fail-on, 2 when it could not run.
JSON: {"findings":[{"file","range":{"start":{"line","character"},"end":{...}},"severity","code","message","details","environments":[...],
"related":[{"file","range","message"}]}],"targets":[{"path","environment","kustomization","failures":[codes]}]}; lines and characters
from 0, files relative to path. A target is what is built on its own; one with failures does not reach the cluster.
`;

/** From the worst. */
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

const COLOURS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, information: 36, hint: 2 };

interface Finding extends Omit<Diagnostic, 'file' | 'range'> {
	readonly file: string;
	readonly range: { readonly start: Position; readonly end: Position };
}

export function check(terminal: Terminal, args: readonly string[]): ExitCode {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			format: { type: 'string', default: 'text' },
			'fail-on': { type: 'string', default: 'error' },
			'no-git': { type: 'boolean', default: false },
		},
	});
	const format = choice('--format', values.format, ['text', 'json', 'sarif']);
	const failOn = choice('--fail-on', values['fail-on'], [...SEVERITIES, 'never']);
	if (positionals.length > 1) throw new UsageError('one path at a time');

	const given = positionals[0] ?? '.';
	const root = terminal.path(given);
	if (terminal.source.list(root) === undefined) {
		terminal.err(`strata check: ${given}: not a directory that can be read\n`);
		return 2;
	}
	const analysis = new Analysis(terminal.source);
	analysis.apply({ roots: [root], now: terminal.now, ...(terminal.rego && { rego: terminal.rego }) });
	if (!values['no-git']) analysis.apply({ histories: historiesOf(terminal, root, analysis.wantedHistories()) });
	const files = analysis.files();
	const findings = files.flatMap(file => analysis.diagnostics(file).map(found => toFinding(analysis, root, found)));

	const placed = (finding: Finding) => ({ ...finding, related: relatedOf(analysis, root, finding) });
	switch (format) {
		case 'json':
			terminal.out(toJson(findings.map(placed), analysis.targets()));
			break;
		case 'sarif':
			terminal.out(toSarif(findings.map(placed), { version: terminal.version, page: code => terminal.rulePage(code) }));
			break;
		case 'text':
			terminal.out(toText(analysis, root, findings, files.length, terminal.colours));
	}
	return failOn !== 'never' && findings.some(f => isAtLeast(f.severity, failOn)) ? 1 : 0;
}

/** What git says of the files of sealed secrets; it is not started where there are none. */
function historiesOf(terminal: Terminal, root: FilePath, wanted: readonly WantedHistory[]) {
	if (wanted.length === 0) return new Map<FilePath, SealingHistory>();
	const found = terminal.histories(
		root,
		wanted.map(({ file }) => file),
	);
	return new Map(
		wanted.map(({ file, sealed }) => {
			const reading = sealingHistoryOf(file, sealed, found.get(file) ?? []);
			let step = reading.next();
			while (!step.done) step = reading.next();
			return [file, step.value] as const;
		}),
	);
}

function isAtLeast(severity: Severity, least: Severity): boolean {
	return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

function toFinding(analysis: Analysis, root: FilePath, found: Diagnostic): Finding {
	const index = lineIndexOf(analysis.db, found.file);
	const range = { start: index.position(found.range.start), end: index.position(found.range.end) };
	return { ...found, file: relative(root, found.file), range };
}

function relatedOf(analysis: Analysis, root: FilePath, { related }: Finding) {
	return related.map(({ message, place: { file, range } }) => {
		const index = lineIndexOf(analysis.db, file);
		const placed = { start: index.position(range.start), end: index.position(range.end) };
		return { message, file: relative(root, file), range: placed };
	});
}

function toJson(
	findings: readonly (Omit<Finding, 'related'> & { readonly related: ReturnType<typeof relatedOf> })[],
	targets: readonly Target[],
): string {
	const shown = findings.map(({ file, range, severity, code, message, details, environments, related }) => ({
		file,
		range,
		severity,
		code,
		message,
		...(details !== undefined && { details }),
		environments,
		related,
	}));
	return JSON.stringify({ findings: shown, targets }) + '\n';
}

function toText(
	analysis: Analysis,
	root: FilePath,
	findings: readonly Finding[],
	files: number,
	colours: boolean,
): string {
	const paint = (colour: number, text: string) => (colours ? `\u001b[${colour}m${text}\u001b[0m` : text);
	const blocks = findings.map(({ file, range, severity, code, message, environments, details, related }) =>
		[
			`${file}:${range.start.line + 1}:${range.start.character + 1}: ${paint(COLOURS[severity], severity)}: ${message} [${code}]`,
			...(environments.length > 0 ? [`in ${environments.join(', ')}`] : []),
			...related.map(({ message, place }) => `${placeText(analysis.db, root, place)}: ${message}`),
			...(details === undefined ? [] : details.split('\n')),
		].join('\n    '),
	);
	return [...blocks, ...failingTargets(analysis.targets()), summary(findings, files)].join('\n') + '\n';
}

function failingTargets(targets: readonly Target[]): readonly string[] {
	const failing = targets.filter(({ failures }) => failures.length > 0);
	if (failing.length === 0) return [];
	const rows = failing.map(({ path, environment, kustomization, failures }) => {
		const what = [environment, kustomization && `Kustomization ${kustomization}`].filter(Boolean).join(', ');
		return `    ${path}${what && ` (${what})`}: ${failures.join(', ')}`;
	});
	return [`${failing.length} of ${targets.length} builds fail:`, ...rows];
}

function summary(findings: readonly Finding[], files: number): string {
	const counts = SEVERITIES.flatMap(severity => {
		const n = findings.filter(finding => finding.severity === severity).length;
		const noun = severity === 'information' ? 'note' : severity;
		return n === 0 ? [] : [`${n} ${noun}${n === 1 ? '' : 's'}`];
	});
	return `${counts.join(', ') || 'nothing found'} in ${files} file${files === 1 ? '' : 's'}`;
}
