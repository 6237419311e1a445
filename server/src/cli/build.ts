/** `strata build`: what kustomize builds out of a directory, byte for byte. */
import { parseArgs } from 'node:util';
import { Analysis } from '../core/analysis';
import { join } from '../core/base/paths';
import { buildOutput } from '../core/ide/build-output';
import { findingText } from './findings';
import type { ExitCode, Terminal } from './terminal';
import { choice, UsageError } from './usage-error';

export const BUILD_USAGE = `usage: strata build [dir] [options]

Prints what "kustomize build" prints for the directory (the working directory by default), without running kustomize. Where
kustomize fails, it says all that is wrong and where, and prints nothing.

  -o, --output PATH        writes to a file, or into a directory one file for each resource
  --load-restrictor NAME   LoadRestrictionsRootOnly (default), or LoadRestrictionsNone as Flux does
  --reorder ORDER          legacy (default) sorts by kind; none keeps the order of the build, as Flux does
  --enable-managedby-label labels every resource as kustomize's

Takes the place of "kubectl kustomize" in a script: standard output holds the resources and nothing else, everything that is to be
said goes to standard error. Options for helm, functions and plugins are taken and have no effect; --enable-helm is refused, since
charts in "helmCharts" are not rendered yet. What needs the network, a container or a plugin is left out, and the exit code says so.
Exit code: 0 when built, 1 when the build fails, 2 when it could not run, 3 when it was built but for what had to be left out.
`;

/** What "kubectl kustomize" takes for the things that are left out here anyway, so that scripts need not be changed. */
const OF_FUNCTIONS = {
	'as-current-user': { type: 'boolean' },
	'enable-alpha-plugins': { type: 'boolean' },
	'enable-exec': { type: 'boolean' },
	env: { type: 'string', short: 'e', multiple: true },
	'helm-api-versions': { type: 'string', multiple: true },
	'helm-command': { type: 'string' },
	'helm-debug': { type: 'boolean' },
	'helm-kube-version': { type: 'string' },
	mount: { type: 'string', multiple: true },
	network: { type: 'boolean' },
	'network-name': { type: 'string' },
} as const;

/** What kubectl takes besides: `--network=false`, `--load_restrictor NAME`, an empty one for the default, `-o=PATH`. */
function asParsedHere(args: readonly string[]): string[] {
	return args.flatMap(arg => {
		const [, short, path] = /^-([eo])=(.*)$/s.exec(arg) ?? [];
		if (short !== undefined && path !== undefined) return [`-${short}`, path];
		const [, written = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
		const name = written.replaceAll('_', '-');
		if (name === 'load-restrictor' && value === '') return [];
		if (value === undefined) return [name === '' ? arg : `--${name}`];
		if (!SWITCHES.has(name) || !/^(true|false|[tf10])$/i.test(value)) return [`--${name}=${value}`];
		return /^[t1]/i.test(value) ? [`--${name}`] : [];
	});
}

const SWITCHES: ReadonlySet<string> = new Set([
	'enable-helm',
	'enable-managedby-label',
	...Object.entries(OF_FUNCTIONS).flatMap(([name, { type }]) => (type === 'boolean' ? [name] : [])),
]);

/** Codes of what a build went on without. */
const LEFT_OUT: ReadonlySet<string> = new Set(['kustomize/remote-resource', 'kustomize/not-supported']);

export function build(terminal: Terminal, args: readonly string[]): ExitCode {
	const { values, positionals } = parseArgs({
		args: asParsedHere(args),
		allowPositionals: true,
		options: {
			output: { type: 'string', short: 'o' },
			'load-restrictor': { type: 'string', default: 'LoadRestrictionsRootOnly' },
			reorder: { type: 'string', default: 'legacy' },
			'enable-helm': { type: 'boolean', default: false },
			'enable-managedby-label': { type: 'boolean', default: false },
			...OF_FUNCTIONS,
		},
	});
	if (values['enable-helm']) throw new UsageError('--enable-helm: charts in "helmCharts" are not rendered yet');
	const loadRestrictor = choice('--load-restrictor', values['load-restrictor'], [
		'LoadRestrictionsRootOnly',
		'LoadRestrictionsNone',
	]);
	const order = choice('--reorder', values.reorder, ['legacy', 'none']);
	if (positionals.length > 1) throw new UsageError('one directory at a time');

	const given = positionals[0] ?? '.';
	const directory = terminal.path(given);
	if (terminal.source.list(directory) === undefined) {
		terminal.err(`strata build: ${given}: not a directory that can be read\n`);
		return 2;
	}
	const { db } = new Analysis(terminal.source);
	const managedBy = values['enable-managedby-label'] ? { managedBy: 'label' as const } : undefined;
	const { documents, findings, failed } = buildOutput(db, directory, { loadRestrictor, order, ...managedBy });
	for (const finding of findings) terminal.err(findingText(db, terminal.path('.'), finding));
	if (failed) return 1;

	const done = findings.some(({ code }) => LEFT_OUT.has(code)) ? 3 : 0;
	const text = documents.map(document => document.text).join('---\n');
	if (values.output === undefined) {
		terminal.out(text);
		return done;
	}
	const output = terminal.path(values.output);
	const files = terminal.source.list(output)
		? documents.map(document => ({ file: join(output, document.name), text: document.text }))
		: [{ file: output, text }];
	for (const { file, text } of files) {
		const problem = terminal.write(file, text);
		if (problem === undefined) continue;
		terminal.err(`strata build: ${problem}\n`);
		return 2;
	}
	return done;
}
