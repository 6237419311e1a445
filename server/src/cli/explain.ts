/** `strata explain`: who wrote a field of what is built, and who wrote it before. */
import { parseArgs } from 'node:util';
import { Analysis } from '../core/analysis';
import { type FilePath } from '../core/base/paths';
import type { Database } from '../core/base/query';
import { explain as ask } from '../core/ide/explain';
import { parseFieldPath } from '../core/ide/field-path';
import type { ExplainedField } from '../core/ide/results';
import { findingText, placeText } from './findings';
import type { ExitCode, Terminal } from './terminal';
import { UsageError } from './usage-error';

export const EXPLAIN_USAGE = `usage: strata explain <dir> <Kind/name> [field path]

Says who wrote a field of a resource that is built out of the directory, and who wrote it before, down to the first. A field with
others below it is explained field by field; without a path, the whole resource.

  Kind/name       or namespace/Kind/name where several have that name; the name before prefixes and suffixes will do
  field path      spec.replicas, spec.template.spec.containers[0].image, containers[name=web].image, metadata.labels["a.b/c"]

Exit code: 0 when explained, 1 when there is no such resource or field, 2 when it could not run.
`;

/** So many candidates are named where something was not found. */
const MOST_CANDIDATES = 20;

export function explain(terminal: Terminal, args: readonly string[]): ExitCode {
	const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
	const [given, resource, path = '', ...rest] = positionals;
	if (given === undefined || resource === undefined || rest.length > 0) {
		throw new UsageError('a directory, a resource and a field path are needed');
	}
	const parts = /^(?:([^/]+)\/)?([^/]+)\/([^/]+)$/.exec(resource);
	if (!parts) throw new UsageError(`"${resource}" is not Kind/name`);
	const steps = path === '' ? [] : parseFieldPath(path);
	if (!steps) throw new UsageError(`"${path}" is not a field path`);
	const directory = terminal.path(given);
	if (terminal.source.list(directory) === undefined) {
		terminal.err(`strata explain: ${given}: not a directory that can be read\n`);
		return 2;
	}

	const { db } = new Analysis(terminal.source);
	const here = terminal.path('.');
	const [, namespace, kind, name] = parts as unknown as [string, string | undefined, string, string];
	const wanted = { kind, name, namespace, path: steps };
	const answer = ask(db, directory, wanted, { loadRestrictor: 'LoadRestrictionsNone' });
	switch (answer.kind) {
		case 'found':
			terminal.out(answer.fields.map(field => fieldText(db, here, field)).join(''));
			return 0;
		case 'no-build':
			for (const finding of answer.findings) terminal.err(findingText(db, here, finding));
			return 1;
		case 'no-resource':
			terminal.err(`strata explain: ${given} builds no ${resource}${meant(answer.nearest)}\n${list(answer.all)}`);
			return 1;
		case 'several-resources':
			terminal.err(`strata explain: several are called ${resource}; say which\n${list(answer.all)}`);
			return 1;
		case 'no-field': {
			const where = answer.parent === '' ? resource : `${answer.parent} of ${resource}`;
			terminal.err(`strata explain: ${where} has no such field${meant(answer.nearest)}\n${list(answer.all)}`);
			return 1;
		}
	}
}

/**
 * `spec.replicas: 3`, then a line for each who wrote it, the last one first. An earlier one says what it had written, where that
 * can be read in its place.
 */
function fieldText(db: Database, here: FilePath, { path, value, writers }: ExplainedField): string {
	const lines = writers.map(({ step, place, value: written }, i) => {
		const before = i > 0 && written !== undefined ? `  (${written})` : '';
		return `    ${step.padEnd(14)}${placeText(db, here, place)}${before}\n`;
	});
	return `${path}: ${value ?? '(removed)'}\n${lines.join('')}`;
}

function meant(nearest: string | undefined): string {
	return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}

function list(all: readonly string[]): string {
	const shown = all.slice(0, MOST_CANDIDATES).map(each => `    ${each}\n`);
	if (all.length > shown.length) shown.push(`    ... and ${all.length - shown.length} more\n`);
	return shown.join('');
}
