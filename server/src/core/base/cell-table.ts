/**
 * All cells, and how the memory of those that nobody asks for any more is given back a few at a time: a tricolour mark and sweep (Dijkstra
 * et al., "On-the-fly garbage collection", 1978). Others may ask for cells between its steps: what they touch counts as in use.
 */
import type { Cell } from './cells';
import type { Steps } from './steps';

/** So many cells are looked at in a step, which then takes well below a millisecond. */
const CELLS_PER_STEP = 1000;

export class CellTable {
	/** By what they are of, and by key. */
	readonly #cells = new Map<object, Map<string, Cell>>();
	/** The number of the last collection, which the cells bear that it found in use, and those that were made since. */
	#mark = 0;
	#phase: 'none' | 'marking' | 'sweeping' = 'none';
	/** In use, while what they rest on has yet to be marked. */
	readonly #grey: Cell[] = [];
	#collection: Steps<void> | undefined;

	constructor(private readonly cellsPerStep = CELLS_PER_STEP) {}

	/** Whether a collection has begun and not ended. */
	get isCollecting(): boolean {
		return this.#collection !== undefined;
	}

	find(of: object, key: string): Cell | undefined {
		const cell = this.#cells.get(of)?.get(key);
		if (this.#phase === 'none' || cell === undefined || cell.mark === this.#mark) return cell;
		// Nothing in use rests on it: it is as good as gone.
		if (this.#phase === 'sweeping') return undefined;
		this.#shade(cell);
		return cell;
	}

	/** Adds a cell in the place of none, or of one that is as good as gone. */
	insert(of: object, cell: Cell): void {
		let byKey = this.#cells.get(of);
		if (!byKey) this.#cells.set(of, (byKey = new Map()));
		cell.mark = this.#mark;
		byKey.set(cell.key, cell);
	}

	/** The keys of all cells of something. */
	keys(of: object): string[] {
		return [...(this.#cells.get(of)?.keys() ?? [])].filter(key => this.find(of, key) !== undefined);
	}

	*all(): Generator<Cell, void, void> {
		for (const byKey of this.#cells.values()) yield* byKey.values();
	}

	/**
	 * Gives back all but what `isRoot` says, what that rests on, and what is touched meanwhile. Where an earlier one was left before its end, that is
	 * gone on with. Not to be walked inside of a query.
	 */
	*collect(isRoot: (cell: Cell) => boolean): Steps<void> {
		this.#collection ??= this.#steps(isRoot);
		while (this.#collection && !this.#collection.next().done) yield;
		this.#collection = undefined;
	}

	/** Brings one that was stopped from outside to an end, in one go where there is no way back. */
	endCollection(): void {
		if (this.#phase === 'sweeping')
			for (const byKey of this.#cells.values()) for (const cell of byKey.values()) this.#sweep(byKey, cell);
		this.#phase = 'none';
		this.#grey.length = 0;
		this.#collection = undefined;
	}

	*#steps(isRoot: (cell: Cell) => boolean): Steps<void> {
		this.#mark++;
		this.#phase = 'marking';
		let looked = 0;
		for (const cell of this.all()) {
			if (cell.mark !== this.#mark && isRoot(cell)) this.#shade(cell);
			if (++looked % this.cellsPerStep === 0) yield;
		}
		for (let cell = this.#grey.pop(); cell; cell = this.#grey.pop()) {
			for (const dep of cell.deps) if (dep.mark !== this.#mark) this.#shade(dep);
			looked += cell.deps.length;
			if (looked < this.cellsPerStep) continue;
			looked = 0;
			yield;
		}
		this.#phase = 'sweeping';
		for (const byKey of this.#cells.values()) {
			for (const cell of byKey.values()) {
				this.#sweep(byKey, cell);
				if (++looked % this.cellsPerStep === 0) yield;
			}
		}
		this.#phase = 'none';
	}

	#shade(cell: Cell): void {
		cell.mark = this.#mark;
		this.#grey.push(cell);
	}

	#sweep(byKey: Map<string, Cell>, cell: Cell): void {
		const isInUse = ({ mark }: Cell) => mark === this.#mark;
		if (!isInUse(cell)) byKey.delete(cell.key);
		else if (!cell.readers.every(isInUse)) cell.readers = cell.readers.filter(isInUse);
	}
}
