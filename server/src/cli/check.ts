/** `strata check`: every finding of a tree, for people and for programs. */
import { parseArgs } from 'node:util';
import { Analysis } from '../core/analysis';
import { type FilePath, relative } from '../core/base/paths';
import type { Severity } from '../core/base/problem';
import { placed } from '../core/diagnostics';
import { sealingHistoryOf } from '../core/gitops/secrets/sealing-history';
import type { PlacedDiagnostic } from '../core/ide/results';
import type { WantedHistory } from '../core/model/sealing-histories';
import {
	chartsOf,
	linesOf,
	type Means,
	type Found,
	snapshotIn,
	snapshotName,
	takeSnapshot,
	verify,
	withFingerprints,
} from '../core/snapshot';
import type { Target } from '../core/targets';
import type { SealingHistory } from '../core/workspace/sealing-history';
import { Charts, unknownText } from './charts';
import { toSarif } from './sarif';
import { choice, UsageError } from './usage-error';
import type { ExitCode, StartCache, Terminal } from './terminal';

export const CHECK_USAGE = `usage: strata check [path] [options]

Says what is wrong in the GitOps tree at path (the working directory by default): what kustomize, Flux and Helm would say after
the push, and what breaks the rules of bases, overlays, secrets and documentation.

  --format FORMAT        text, json or sarif (SARIF 2.1.0, for code hosts; default: text)
  --fail-on SEVERITY     error, warning, information, hint or never (default: error)
  --fetch-charts         gets the charts of HelmReleases that are not on this machine from their repositories
  --no-git               does not ask git when sealed secrets were sealed
  --no-cache             neither takes what an earlier run found in the same tree, nor keeps what this one finds

Exit code: 0 when clean, 1 on findings at or above --fail-on, 2 when it could not run.
JSON: {"findings":[{"file","range":{"start":{"line","character"},"end":{...}},"severity","code","message","details","environments":[...],
"related":[{"file","range","message"}]}],"targets":[{"path","environment","kustomization","failures":[codes],"fails":["build",...]}]}; lines and
characters from 0, files relative to path. A target is what is built on its own; one with failures does not reach the cluster, for
what "fails": path, source, build, decryption, substitution, dependencies or health checks.
`;

/** From the worst. */
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

const COLOURS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, information: 36, hint: 2 };

export async function check(terminal: Terminal, args: readonly string[]): Promise<ExitCode> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			format: { type: 'string', default: 'text' },
			'fail-on': { type: 'string', default: 'error' },
			'fetch-charts': { type: 'boolean', default: false },
			'no-git': { type: 'boolean', default: false },
			'no-cache': { type: 'boolean', default: false },
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
	let hasFailed = false;
	const failed = (what: string, error: unknown) => {
		terminal.err(
			`strata check: ${what} failed, and was left out: ${error instanceof Error ? error.message : String(error)}\n`,
		);
		hasFailed = true;
	};
	const analysis = new Analysis({ ...terminal.source, failed });
	analysis.apply({ roots: [root], now: terminal.now, ...(terminal.rego && { rego: terminal.rego }) });
	const reach = values['fetch-charts'] ? 'network' : 'machine';
	const charts = new Charts(analysis, terminal.charts, reach);
	const find = async () => {
		if (!values['no-git']) analysis.apply({ histories: historiesOf(terminal, root, analysis.wantedHistories()) });
		let leftOut = look(terminal, analysis);
		while (await charts.find(analysis.wantedCharts())) leftOut = look(terminal, analysis) || leftOut;
		const all = allOf(analysis);
		return { ...all, leftOut: leftOut || hasFailed };
	};
	const { starts } = terminal;
	const outside = () => JSON.stringify(values['no-git'] ? false : starts?.repositoryState(root));
	const { files, found, targets, unknownCharts, leftOut } =
		values['no-cache'] || !starts
			? await find()
			: await cached(analysis, charts, starts.cache, { ...starts.means, outside }, find);
	const findings = found.flatMap(([, list]) => list.map(each => relativeTo(root, each)));

	switch (format) {
		case 'json':
			terminal.out(toJson(findings, targets));
			break;
		case 'sarif':
			terminal.out(toSarif(findings, { version: terminal.version, page: code => terminal.rulePage(code) }));
			break;
		case 'text':
			terminal.out(toText(findings, targets, files, terminal.colours));
	}
	terminal.err(unknownText(unknownCharts, reach));
	// What was not looked at may hold anything.
	if (leftOut) return 2;
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

/** What was found, and whether something failed or did not end and was left out. */
interface Checked extends Found {
	readonly leftOut?: boolean;
}

/** Does the work behind all findings, and says what of it does not end; gives whether something was left out. */
function look(terminal: Terminal, analysis: Analysis): boolean {
	let leftOut = false;
	while (!terminal.bounded(analysis.warm())) {
		const name = analysis.cutOff();
		if (name === undefined) throw new Error('looking at the tree did not end');
		terminal.err(`strata check: ${name} did not end, and was left out\n`);
		leftOut = true;
	}
	return leftOut;
}

function allOf(analysis: Analysis): Checked {
	const files = analysis.files();
	const found = files.map(file => [file, analysis.diagnostics(file).map(each => placed(analysis.db, each))] as const);
	const filesWithFindings = found.filter(([, list]) => list.length > 0);
	return {
		files: files.length,
		found: filesWithFindings,
		targets: analysis.targets(),
		unknownCharts: analysis.unknownCharts(),
	};
}

/** What an earlier run found, where everything is as it was then; else what this one finds, for the next. */
async function cached(
	{ db }: Analysis,
	charts: Charts,
	cache: StartCache,
	means: Means,
	find: () => Promise<Checked>,
): Promise<Checked> {
	const name = snapshotName(db, means);
	const lines = cache.load(name);
	const last = lines && run(snapshotIn(lines));
	if (last) await charts.find(chartsOf(last));
	const proof = last ? run(verify(db, last, means)) : 'changed';
	if (last && proof === 'fingerprints') return last;
	const found: Checked = last && proof === 'contents' ? last : await find();
	if (found.leftOut) return found;
	const snapshot = last && proof === 'contents' ? withFingerprints(last, means) : run(takeSnapshot(db, means, found));
	if (snapshot) cache.save(name, [...linesOf(snapshot)]);
	return found;
}

/** Nobody waits for anything else meanwhile. */
function run<T>(work: Generator<void, T, void>): T {
	for (;;) {
		const step = work.next();
		if (step.done) return step.value;
	}
}

function relativeTo(root: FilePath, { file, related, ...finding }: PlacedDiagnostic): PlacedDiagnostic {
	return {
		...finding,
		file: relative(root, file),
		related: related.map(each => ({ ...each, file: relative(root, each.file) })),
	};
}

function toJson(findings: readonly PlacedDiagnostic[], targets: readonly Target[]): string {
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
	findings: readonly PlacedDiagnostic[],
	targets: readonly Target[],
	files: number,
	colours: boolean,
): string {
	const paint = (colour: number, text: string) => (colours ? `\u001b[${colour}m${text}\u001b[0m` : text);
	const blocks = findings.map(({ file, range, severity, code, message, environments, details, related }) =>
		[
			`${file}:${range.start.line + 1}:${range.start.character + 1}: ${paint(COLOURS[severity], severity)}: ${message} [${code}]`,
			...(environments.length > 0 ? [`in ${environments.join(', ')}`] : []),
			...related.map(
				({ message, file, range: { start } }) => `${file}:${start.line + 1}:${start.character + 1}: ${message}`,
			),
			...(details === undefined ? [] : details.split('\n')),
		].join('\n    '),
	);
	return [...blocks, ...failingTargets(targets), summary(findings, files)].join('\n') + '\n';
}

function failingTargets(targets: readonly Target[]): readonly string[] {
	const failing = targets.filter(({ failures }) => failures.length > 0);
	if (failing.length === 0) return [];
	const rows = failing.map(({ path, environment, kustomization, failures, fails }) => {
		const what = [environment, kustomization && `Kustomization ${kustomization}`].filter(Boolean).join(', ');
		return `    ${path}${what && ` (${what})`}, by its ${fails.join(' and ')}: ${failures.join(', ')}`;
	});
	return [`${failing.length} of ${targets.length} target${targets.length === 1 ? '' : 's'} fail:`, ...rows];
}

function summary(findings: readonly PlacedDiagnostic[], files: number): string {
	const counts = SEVERITIES.flatMap(severity => {
		const n = findings.filter(finding => finding.severity === severity).length;
		const noun = severity === 'information' ? 'note' : severity;
		return n === 0 ? [] : [`${n} ${noun}${n === 1 ? '' : 's'}`];
	});
	return `${counts.join(', ') || 'nothing found'} in ${files} file${files === 1 ? '' : 's'}`;
}
