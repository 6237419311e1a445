/** Measurements as a table on the terminal, and as a section of `bench/results.md`, which is replaced in place. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Measurement {
	readonly what: string;
	readonly value: number;
	readonly unit: 'ms' | 's' | 'MB' | 'x' | 'files' | '%' | '';
	/** The most it may be, or (`least`) the least. */
	readonly budget?: number;
	readonly bound?: 'most' | 'least';
	readonly note?: string;
}

export interface Section {
	readonly title: string;
	/** How to repeat it, and on what. */
	readonly about: string;
	readonly rows: readonly Measurement[];
}

/** The machine's processor, and how busy it was with other things: its own name says nothing to who compares. */
export function machine(): string {
	const cpus = os.cpus();
	const memory = Math.round(os.totalmem() / 2 ** 30);
	const load = os.loadavg()[0]!.toFixed(1);
	return `${cpus[0]?.model.trim() ?? 'unknown processor'}, ${cpus.length} cores, ${memory} GiB, Node ${process.versions.node} on ${process.platform}-${process.arch}, load average ${load}`;
}

/** Prints the section and writes it to `bench/results.md` below the working directory, the checkout's root. */
export function report(section: Section): void {
	const table = tableOf(section.rows);
	print(section);
	const file = path.resolve('bench', 'results.md');
	fs.mkdirSync(path.dirname(file), { recursive: true });
	const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : HEAD;
	fs.writeFileSync(
		file,
		withSection(before, section.title, `Measured on ${machine()}.\n${section.about}\n\n${table}\n`),
	);
}

/** Prints the section only. */
export function print({ title, about, rows }: Section): void {
	console.log(`\n${title}\n${machine()}\n${about}\n\n${tableOf(rows)}\n`);
}

const HEAD = `# Measurements

Each section is written by the script that it names, and replaced when that runs again. A budget is what the project promises;
ratios against another program are measured in one run on one machine.
`;

function withSection(text: string, title: string, body: string): string {
	const [head = '', ...sections] = text.split(/^(?=## )/m);
	const others = sections.filter(section => !section.startsWith(`## ${title}\n`));
	const all = [...others.map(section => section.trimEnd() + '\n'), `## ${title}\n\n${body}`].sort();
	return [head.trimEnd() + '\n', ...all].join('\n');
}

function tableOf(rows: readonly Measurement[]): string {
	const cells = rows.map(row => [row.what, shown(row.value, row.unit), budgetOf(row), verdictOf(row), row.note ?? '']);
	const all = [['what', 'measured', 'budget', '', ''], ...cells];
	const widths = all[0]!.map((_, column) => Math.max(3, ...all.map(row => row[column]!.length)));
	const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
	return [line(all[0]!), `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...cells.map(line)].join('\n');
}

function budgetOf({ budget, bound = 'most', unit }: Measurement): string {
	return budget === undefined ? '' : `${bound === 'most' ? '≤' : '≥'} ${shown(budget, unit)}`;
}

function verdictOf({ value, budget, bound = 'most' }: Measurement): string {
	if (budget === undefined) return '';
	return (bound === 'most' ? value <= budget : value >= budget) ? 'kept' : 'MISSED';
}

function shown(value: number, unit: Measurement['unit']): string {
	const digits = unit === 'files' || Number.isInteger(value) ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2;
	const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
	return unit === '' ? number : unit === 'x' || unit === '%' ? number + unit : `${number} ${unit}`;
}
