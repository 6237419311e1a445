/** The cells of the memo table: a value, what it rests on, and who has read it. */
import type { Query } from './query';

export interface Cell {
	readonly key: string;
	readonly query: Query<unknown> | undefined;
	value: unknown;
	changedAt: number;
	/** 0 where there is no value to rely on: it was never computed, or threw. */
	verifiedAt: number;
	/** When somebody outside of all queries last asked for it. */
	askedAt: number;
	/** Something that it rests on has changed since. Then so are all that rest on it, as far as they have a value. */
	suspect: boolean;
	/** What it has read, in that order. */
	deps: readonly Cell[];
	/** Who has read it. */
	readers: Cell[];
	running: boolean;
	/** An input that was given its value, so that it cannot be loaded again. */
	given: boolean;
	/** The last collection of `CellTable` that found it in use, or came before it. */
	mark: number;
}

/** Of new cells, which are very many. Never added to: `addReader` makes another one first. */
const NOBODY: Cell[] = [];

/** A cell that nobody has read yet. */
export function newCell(key: string, query: Query<unknown> | undefined, value: unknown, changedAt: number): Cell {
	return {
		key,
		query,
		value,
		changedAt,
		verifiedAt: 0,
		askedAt: 0,
		suspect: false,
		deps: NOBODY,
		readers: NOBODY,
		running: false,
		given: false,
		mark: 0,
	};
}

/** Marks everything that rests on a cell. What is marked already has had that done. */
export function markReaders(changed: Cell): void {
	const marked = [changed];
	for (let cell = marked.pop(); cell; cell = marked.pop()) {
		for (const reader of cell.readers) {
			if (reader.suspect) continue;
			reader.suspect = true;
			marked.push(reader);
		}
	}
}

/** Writes down that a cell rests on what it has read just now, and on nothing else any more. Most read the same each time. */
export function rest(cell: Cell, read: ReadonlySet<Cell>): void {
	const before = cell.deps;
	let i = 0;
	if (before.length === read.size)
		for (const dep of read)
			if (before[i] !== dep) break;
			else i++;
	if (i === before.length && i === read.size) return;
	const known = new Set(before);
	for (const dep of read) if (!known.has(dep)) addReader(dep, cell);
	for (const dep of before) if (!read.has(dep)) removeReader(dep, cell);
	cell.deps = [...read];
}

/** There are very many of these lists, and most are short: a list that grows in place takes room for sixteen more. */
function addReader(of: Cell, reader: Cell): void {
	if (of.readers.length < 8) of.readers = [...of.readers, reader];
	else of.readers.push(reader);
}

function removeReader(of: Cell, reader: Cell): void {
	const { readers } = of;
	const last = readers.pop()!;
	if (last !== reader) readers[readers.indexOf(reader)] = last;
}
