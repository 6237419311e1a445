/** `${NAME}` for Flux's substitution: its value in each environment, where that is defined, who uses it, and what may be written there. */
import type { Address } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { Range } from '../base/text';
import { definitionOf } from '../gitops/flux/variables';
import {
	type EntryVariable,
	variableDefinedAt,
	variableIn,
	variablePlaces,
	variablesOf,
	variableUseAt,
} from '../model/flux-variables';
import { entriesOf } from '../model/entries';
import { isFromSecret } from '../model/secret-places';
import { textOf } from '../workspace/inputs';
import { rangeOf, spotAt } from '../workspace/places';
import { addressOf } from '../yaml/node';
import { code, originLabel, placeOf } from './labels';
import type { CompletionItem, Hover, Link, Reference } from './results';

/** The value in each environment, and who defines it. Values out of Secrets are not shown. */
export function variableHover(db: Database, file: FilePath, offset: number): Hover | undefined {
	const use = variableUseAt(db, file, offset);
	const found = use ? variableIn(db, file, use.name) : [];
	if (!use || found.length === 0) return undefined;
	const rows = new Map<string, string[]>();
	for (const each of found) {
		const row = `${valueOf(db, each, code)} | ${writerOf(db, each)}`;
		rows.set(row, [...(rows.get(row) ?? []), each.entry.environment]);
	}
	const lines = [...rows].map(([row, environments]) => {
		const names = [...new Set(environments.filter(Boolean))].sort();
		return `| ${names.length > 0 ? names.map(code).join(', ') : 'here'} | ${row} |`;
	});
	const title = `**${code(`\${${use.name}}`)} as Flux substitutes it**`;
	const markdown = [title, '', '| environment | value | defined by |', '|---|---|---|', ...lines].join('\n');
	return { range: use.range, markdown };
}

/** What there is to say of a value; the value itself as `shown` has it. */
function valueOf(db: Database, { entry, variable, knowledge }: EntryVariable, shown: (text: string) => string): string {
	if (!variable) return knowledge === 'complete' ? 'not set' : 'not in the tree';
	if (variable.source.startsWith('Secret/') || isFromSecret(db, entry.environment, variable.origin)) return '(secret)';
	if (variable.value.kind === 'unknown') return `only known in the cluster (${variable.value.why})`;
	return shown(variable.value.text === '' ? '""' : variable.value.text);
}

function writerOf(db: Database, { variable }: EntryVariable): string {
	return variable ? `${code(variable.source)} ${code(originLabel(db, definitionOf(variable)))}` : '';
}

/** From a use to the definition in each environment. */
export function variableDefinition(db: Database, file: FilePath, offset: number): readonly Link[] {
	const use = variableUseAt(db, file, offset);
	if (!use) return [];
	const links = variableIn(db, file, use.name).flatMap(({ entry, variable }): Link[] =>
		variable
			? [
					{
						from: use.range,
						to: placeOf(db, addressOf(definitionOf(variable)), 'entry'),
						label: labelOf(entry.environment),
					},
				]
			: [],
	);
	return [...new Map(links.map(link => [`${link.to.file}:${link.to.range.start}`, link])).values()];
}

function labelOf(environment: string): string {
	return environment ? `variable of ${environment}` : 'variable';
}

/** Asked at a use or at a definition: all uses and definitions of the variable, by environment. */
export function variableReferences(db: Database, file: FilePath, offset: number): readonly Reference[] {
	const asked = askedVariable(db, file, offset);
	if (!asked) return [];
	const { definitions, uses } = variablePlaces(db, asked.name, file);
	const inEach = (environments: readonly string[], place: Omit<Reference, 'environment'>): Reference[] =>
		environments.map(environment => ({ ...place, environment }));
	return [
		...definitions.flatMap(({ at, environments }) =>
			inEach(environments, { ...placeOf(db, at, 'entry'), label: 'definition' }),
		),
		...uses.flatMap(({ file: user, range, environments }) => inEach(environments, { file: user, range, label: 'use' })),
	];
}

/** The variable at an offset, with the range of its name there. */
export function askedVariable(
	db: Database,
	file: FilePath,
	offset: number,
): { readonly name: string; readonly range: Range } | undefined {
	const use = variableUseAt(db, file, offset);
	if (use) return variableIn(db, file, use.name).length > 0 ? use : undefined;
	const spot = spotAt(db, file, offset);
	const name = spot && variableDefinedAt(db, spot.address);
	const range = name !== undefined && spot ? nameRange(db, spot.address, name) : undefined;
	return name !== undefined && range && range.start <= offset && offset <= range.end ? { name, range } : undefined;
}

/** The fields whose keys are names of variables, or of the data that they are taken from. */
const OF_NAMES: readonly unknown[] = ['substitute', 'data', 'stringData'];

/** Where a definition says the name: its key, or what stands before `=` in an env file or a generator's literal. */
export function nameRange(db: Database, at: Address, name: string): Range | undefined {
	const text = textOf(db, at.file) ?? '';
	for (const anchor of ['key', 'value'] as const) {
		const { start, end } = rangeOf(db, at, anchor);
		const written = text.slice(start, end);
		const quotes = /^["']/.test(written) ? 1 : 0;
		const range = { start: start + quotes, end: start + quotes + name.length };
		const isKey =
			anchor === 'key' && written.slice(quotes, quotes ? -1 : undefined) === name && !isBorrowed(at, text.slice(end));
		if (isKey || written.startsWith(`${name}=`, quotes)) return range;
	}
	return undefined;
}

/** Whether the variable has only the value from there, through an alias: of the alias itself no address tells. */
function isBorrowed({ path, within }: Address, behindKey: string): boolean {
	return /^\s*:\s+&/.test(behindKey) && !OF_NAMES.includes((within?.path ?? path).at(-2));
}

const OPEN = /(?<!\$)\$\{([A-Za-z0-9_]*)$/;

/** The names that may stand behind the `${` before the offset; nothing where there is none. */
export function completeVariable(db: Database, file: FilePath, offset: number): readonly CompletionItem[] | undefined {
	const text = textOf(db, file) ?? '';
	const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
	const typed = OPEN.exec(before)?.[1];
	if (typed === undefined) return undefined;
	const rest = /^[A-Za-z0-9_]*/.exec(text.slice(offset))![0];
	const closed = text[offset + rest.length] === '}' || /^[:=\-+?#%/^,@]/.test(text.slice(offset + rest.length));
	const range = { start: offset - typed.length, end: offset + rest.length };
	const values = new Map<string, string[]>();
	for (const entry of entriesOf(db, file)) {
		for (const [name, variable] of variablesOf(db, entry)?.byName ?? []) {
			// Documentation is sent as plain text.
			const value = valueOf(db, { entry, variable, knowledge: 'complete' }, text => text);
			const where = entry.environment ? `${entry.environment}: ${value}` : value;
			values.set(name, [...(values.get(name) ?? []), where]);
		}
	}
	return [...values].map(([label, where]): CompletionItem => ({
		label,
		kind: 'reference',
		detail: undefined,
		documentation: [...new Set(where)].join('\n\n'),
		edit: { range, text: closed ? label : `${label}}` },
		snippet: false,
		sortText: `1${label}`,
		deprecated: false,
	}));
}
