/** `strata model`: how a tree was understood, for people and for programs. */
import { parseArgs } from 'node:util';
import { Analysis } from '../core/analysis';
import { relative } from '../core/base/paths';
import type { Outline, OutlineComponent, OutlineEntry } from '../core/ide/outline';
import type { ExitCode, Terminal } from './terminal';
import { choice, UsageError } from './usage-error';

export const MODEL_USAGE = `usage: strata model [path] [options]

Says how the GitOps tree at path (the working directory by default) was understood: its environments, what is built on its
own, and which environment has which component.

  --format text|json     how to say it (default: text)
`;

export function model(terminal: Terminal, args: readonly string[]): ExitCode {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: { format: { type: 'string', default: 'text' } },
	});
	const format = choice('--format', values.format, ['text', 'json']);
	if (positionals.length > 1) throw new UsageError('one path at a time');
	const given = positionals[0] ?? '.';
	const root = terminal.path(given);
	if (terminal.source.list(root) === undefined) {
		terminal.err(`strata model: ${given}: not a directory that can be read\n`);
		return 2;
	}
	const analysis = new Analysis(terminal.source);
	analysis.apply({ roots: [root] });
	const outline = analysis.outline();
	terminal.out(format === 'json' ? toJson(outline, directory => relative(root, directory)) : toText(outline));
	return 0;
}

function toJson({ environments, entryPoints, components }: Outline, below: (directory: string) => string): string {
	const short = <T extends { readonly directory: string }>(each: T) => ({ ...each, directory: below(each.directory) });
	return (
		JSON.stringify({ environments, entryPoints: entryPoints.map(short), components: components.map(short) }) + '\n'
	);
}

function toText({ environments, entryPoints, components }: Outline): string {
	const lines = [`environments: ${environments.join(', ') || 'none told apart'}`, '', 'entry points'];
	lines.push(...(entryPoints.length > 0 ? table(entryPoints.map(entryRow)) : ['  none']));
	lines.push('', 'components');
	lines.push(
		...(components.length > 0
			? table(components.map(each => componentRow(each)))
			: ['  none shared by several environments']),
	);
	return lines.join('\n') + '\n';
}

function entryRow({ path, environment, flux, resources, failed, setAside }: OutlineEntry): string[] {
	const state = failed ? 'build fails' : `${resources} ${resources === 1 ? 'resource' : 'resources'}`;
	return [
		path,
		environment || '-',
		flux ? `Kustomization ${flux}` : 'kustomization',
		state + (setAside ? ', set aside' : ''),
	];
}

function componentRow({ path, environments, overlays, missing, documented }: OutlineComponent): string[] {
	const has = [...environments, ...missing]
		.sort()
		.map(environment =>
			missing.includes(environment)
				? `no ${environment}`
				: overlays[environment]
					? environment
					: `${environment} (as it is)`,
		);
	return [path, has.join(', '), documented ? 'README' : 'no README'];
}

/** Rows with their columns aligned, indented by two. */
function table(rows: readonly (readonly string[])[]): string[] {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
	return rows.map(row => ('  ' + row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).trimEnd());
}
