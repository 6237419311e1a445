/**
 * Demand-driven memo table after salsa's red-green algorithm. Inputs come from outside; queries are pure synchronous functions
 * of inputs and other queries. The table records what each one read, and runs it again only if something it read has
 * another value by now. It knows who read what in both directions: a change marks what rests on it, however far up, and only what is
 * marked is looked at again, so that an edit costs what it reaches and not what is known. An input that nobody has set is loaded from
 * the source that the database was given, once.
 */
import { bug } from './bug';
import { CellTable } from './cell-table';
import { type Cell, markReaders, newCell, rest } from './cells';
import type { Steps } from './steps';

type Equals<V> = (a: V, b: V) => boolean;

/** A value that comes from outside, by key. `load` finds it when it is first asked for. */
export interface Input<V> {
	readonly name: string;
	readonly load: (source: unknown, key: string) => V;
	equals(a: V, b: V): boolean;
}

/**
 * A value computed from inputs and other queries, by key. `equals` decides whether those who read it must run again. `sharing` gives a new
 * value with all parts that equal the old one's taken from that, so that whoever remembers something of a part finds it again.
 */
export interface Query<V> {
	readonly name: string;
	readonly compute: (db: Database, key: string, before: V | undefined) => V | Steps<V>;
	/** `compute` gives the steps to the value instead of it. */
	readonly isLong: boolean;
	equals(a: V, b: V): boolean;
	sharing(before: V, made: V): V;
}

/** An input under a key, and the value that it shall be taken to have. */
export interface Assumption {
	readonly of: Input<unknown>;
	readonly key: string;
	readonly value: unknown;
}

/** An assumption, with its types held against each other. */
export function assume<V>(of: Input<V>, key: string, value: V): Assumption {
	return { of: of as Input<unknown>, key, value };
}

/** A query that is being computed, and what it has read so far. */
interface Running {
	readonly cell: Cell;
	readonly deps: Set<Cell>;
	/** Of a long query that was begun, what is left to do. */
	steps: Steps<unknown> | undefined;
}

interface Begun {
	readonly running: Running;
	readonly revision: number;
}

/** An input whose value for a key nobody has set is `load(source, key)`, with the source the database was made with. */
export function input<S, V>(
	name: string,
	load: (source: S, key: string) => V,
	equals: Equals<V> = Object.is,
): Input<V> {
	return { name, load: load as (source: unknown, key: string) => V, equals };
}

/** A query; by default its readers run again unless it returned the very same value, or a list of the very same items. */
export function query<V>(
	name: string,
	compute: (db: Database, key: string) => V,
	equals: Equals<V> = sameItems,
	sharing: (before: V, made: V) => V = (_, made) => made,
): Query<V> {
	return { name, compute, isLong: false, equals, sharing };
}

/**
 * A query over so much that it must not be computed in one go: an attempt may end at each `yield`, and the next one goes on from there
 * unless something has changed. Not so where it asks for what is yet to be found, which ends it from within: so let it ask for everything
 * first, with a `yield` now and then, and compute afterwards. `before` is the value that was computed last: parts that are equal are to be
 * taken from it, as `sharing` does it for others.
 */
export function longQuery<V>(
	name: string,
	compute: (db: Database, key: string, before: V | undefined) => Steps<V>,
	equals: Equals<V> = sameItems,
): Query<V> {
	return { name, compute, isLong: true, equals, sharing: (_, made) => made };
}

/** Lists are made anew each time, and most often empty ones of what is found. */
function sameItems(a: unknown, b: unknown): boolean {
	if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
	return a.length === b.length && a.every((each, i) => Object.is(each, b[i]));
}

/** Thrown through the queries of an attempt that has taken long enough. */
const INTERRUPTED = Symbol('interrupted');

/** Whether an error is the end of an attempt: who catches errors must let it through. */
export function isInterruption(error: unknown): boolean {
	return error === INTERRUPTED;
}

/** One that runs. */
interface Attempt {
	/** Whether it has taken long enough. */
	readonly isEnough: () => boolean;
	/** How many queries it has brought up to date. */
	found: number;
	/** How many these must be before it ends; 0 until it comes to the first of them. */
	least: number;
	/** Whether it assumes anything. */
	assumes: boolean;
	/** Whether it was ended. */
	interrupted: boolean;
}

/** The memo table. `source` is what the inputs load from; it must answer the same until a change is `set`. */
export class Database {
	#revision = 1;
	readonly #stack: Running[] = [];
	readonly #once = new Map<() => unknown, unknown>();
	/** How often each query has been computed, by name; for tests that ask what an edit ran again. */
	readonly runs = new Map<string, number>();

	/** Long queries that were stopped between two steps, as they were at the revision of that. */
	readonly #begun = new Map<Cell, Begun>();
	/** What is being done under a name that it can be left out by, outermost first. */
	#within: string[] = [];
	/** What inputs are to be given back, of assumptions that hold, latest last. */
	#before: (readonly Assumption[])[] = [];

	constructor(
		readonly source: unknown,
		private readonly cells = new CellTable(),
	) {}

	#attempt: Attempt | undefined;
	/** How many queries the next attempt brings up to date before it ends, if it takes long to come to the first. */
	#least = 1;

	/** Goes up by one with every input that changed. */
	get revision(): number {
		return this.#revision;
	}

	/**
	 * What `ask` gives, unless `isEnough` says so before that is known: then nothing, and what was found on the way is remembered, so that
	 * attempts lead there however short they are. Only what is between two queries or two steps of a long one is interrupted, and nothing is
	 * once `ask` assumes something: what is found then is not remembered. `ask` may be called again, so it must do nothing but ask.
	 * Each attempt does again what `ask` does between its queries: where that alone takes long enough, each comes twice as far as the one before.
	 */
	attempt<V>(isEnough: () => boolean, ask: () => V): { readonly value: V } | undefined {
		if (this.#stack.length > 0 || this.#attempt) bug('attempt() inside of a query or another attempt');
		this.#attempt = { isEnough, found: 0, least: 0, assumes: false, interrupted: false };
		try {
			return { value: ask() };
		} catch (error) {
			if (error !== INTERRUPTED) throw error;
			return undefined;
		} finally {
			this.#attempt = undefined;
		}
	}

	/** Whether there is no attempt that is to end here. One that has been ended stays so, should somebody on the way have caught that. */
	#mayGoOn(): boolean {
		const attempt = this.#attempt;
		if (!attempt) return true;
		if (attempt.least === 0) {
			this.#least = attempt.isEnough() ? this.#least * 2 : 1;
			attempt.least = this.#least;
		}
		if (attempt.found >= attempt.least && !attempt.assumes && !attempt.interrupted)
			attempt.interrupted = attempt.isEnough();
		return !attempt.interrupted;
	}

	/** Whatever an attempt does next may be its last, from when it has brought a query up to date. */
	#progress(): void {
		if (this.#attempt) this.#attempt.found++;
	}

	/** Gives an input a value. Nothing happens where it equals the one before. */
	set<V>(of: Input<V>, key: string, value: V): void {
		this.#assign(of, key, value).given = true;
	}

	/** Loads an input again if anybody has read it: for a file that changed on disk. */
	reload<V>(of: Input<V>, key: string): void {
		if (this.cells.find(of, key)) this.#assign(of, key, of.load(this.source, key));
	}

	/**
	 * What `ask` finds while some inputs have other values, which are put back afterwards. It costs what two edits cost, and what `ask`
	 * found must not be kept as if it held. Not for use inside of a query.
	 */
	assuming<V>(assumptions: readonly Assumption[], ask: () => V): V {
		const before = assumptions.map(({ of, key }): Assumption => ({ of, key, value: this.read(of, key) }));
		if (this.#attempt) this.#attempt.assumes = true;
		this.#before.push(before);
		try {
			for (const { of, key, value } of assumptions) this.#assign(of, key, value);
			return ask();
		} finally {
			this.#before.pop();
			for (const { of, key, value } of before) this.#assign(of, key, value);
		}
	}

	/** Runs something under a name, which `cutOff` gives if it never ends. */
	within<V>(name: string, run: () => V): V {
		this.#within.push(name);
		try {
			return run();
		} finally {
			this.#within.pop();
		}
	}

	/**
	 * To be called when a computation was stopped from outside, so that not even its `finally` ran: what was half done counts as not done, and
	 * nothing is assumed any more. Gives the innermost name that it ran under.
	 */
	cutOff(): string | undefined {
		const name = this.#within.at(-1);
		this.#within = [];
		this.#stack.length = 0;
		this.#begun.clear();
		this.#attempt = undefined;
		this.cells.endCollection();
		for (const cell of this.cells.all()) {
			if (!cell.running) continue;
			cell.running = false;
			cell.suspect = false;
			cell.verifiedAt = 0;
		}
		for (const before of this.#before.splice(0).reverse()) {
			for (const { of, key, value } of before) this.#assign(of, key, value);
		}
		return name;
	}

	/**
	 * Forgets what nobody has asked for since the revision `since`: queries under keys that are gone, and the inputs that only they
	 * read. It is found again should somebody ask. What is asked for between the steps stays, and so does all that what was asked for rests
	 * on. Whoever stops in between goes on with it the next time.
	 */
	forget(since: number): Steps<void> {
		if (this.#stack.length > 0) bug('forget() inside of a query');
		// What these have read is not known yet.
		if (!this.cells.isCollecting) this.#begun.clear();
		return this.cells.collect(cell => (cell.query ? cell.askedAt >= since : cell.given));
	}

	/** What `make` gives, made once for this table. It must hold whatever changes: nobody is known to depend on it. */
	once<V>(make: () => V): V {
		const known = this.#once.get(make);
		if (known !== undefined) return known as V;
		const made = make();
		this.#once.set(make, made);
		return made;
	}

	/** The keys under which an input has been read or set. */
	keys<V>(of: Input<V>): string[] {
		return this.cells.keys(of);
	}

	/** The input's value; who asks inside of a query will depend on it. */
	read<V>(of: Input<V>, key: string): V {
		let cell = this.cells.find(of, key);
		if (!cell) {
			cell = newCell(key, undefined, of.load(this.source, key), this.#revision);
			this.cells.insert(of, cell);
		}
		this.#stack.at(-1)?.deps.add(cell);
		return cell.value as V;
	}

	/** The query's value, computed now if it never was or if something it read has changed. */
	get<V>(of: Query<V>, key: string): V {
		let cell = this.cells.find(of, key);
		if (!cell) {
			cell = newCell(key, of as Query<unknown>, undefined, 0);
			this.cells.insert(of, cell);
		}
		const asking = this.#stack.at(-1);
		if (asking) asking.deps.add(cell);
		else cell.askedAt = this.#revision;
		if (cell.running) {
			bug(`query cycle: ${of.name}(${key}) via ${this.#stack.map(({ cell }) => cell.query?.name).join(' > ')}`);
		}
		this.#refresh(cell);
		return cell.value as V;
	}

	#assign<V>(of: Input<V>, key: string, value: V): Cell {
		if (this.#stack.length > 0) bug(`set(${of.name}) inside of a query`);
		let cell = this.cells.find(of, key);
		if (!cell) this.cells.insert(of, (cell = newCell(key, undefined, value, ++this.#revision)));
		else if (!of.equals(cell.value as V, value)) {
			cell.value = value;
			cell.changedAt = ++this.#revision;
			markReaders(cell);
		}
		return cell;
	}

	/** The query's last value, which may be out of date; nothing where it was never computed. Not for use inside of a query. */
	peek<V>(of: Query<V>, key: string): V | undefined {
		if (this.#stack.length > 0) bug(`peek(${of.name}) inside of a query`);
		return this.cells.find(of, key)?.value as V | undefined;
	}

	#refresh(cell: Cell): void {
		if (cell.query === undefined || (cell.verifiedAt > 0 && !cell.suspect)) return;
		if (!this.#mayGoOn()) throw INTERRUPTED;
		if (cell.verifiedAt > 0 && !this.#someDepChanged(cell)) {
			cell.verifiedAt = this.#revision;
			cell.suspect = false;
			this.#progress();
			return;
		}
		const { name } = cell.query;
		// Stays 0 if it throws: half-recorded dependencies must not vouch for the old value.
		cell.verifiedAt = 0;
		cell.running = true;
		const running = this.#runningOf(cell);
		this.#stack.push(running);
		try {
			const made = cell.query.isLong ? this.#walk(running, cell.query) : cell.query.compute(this, cell.key, cell.value);
			// Somebody has caught the end of an attempt, and computed with what it was not given.
			if (this.#attempt?.interrupted) throw INTERRUPTED;
			const value = cell.changedAt === 0 ? made : cell.query.sharing(cell.value, made);
			this.runs.set(name, (this.runs.get(name) ?? 0) + 1);
			if (cell.changedAt === 0 || !cell.query.equals(cell.value, value)) {
				cell.value = value;
				cell.changedAt = this.#revision;
			}
			cell.verifiedAt = this.#revision;
			this.#progress();
		} finally {
			this.#stack.pop();
			cell.running = false;
			// Also of one that threw: who lived with that asks again when what it read is another.
			cell.suspect = false;
			// Of one that was interrupted nobody keeps anything, and of a long one the next attempt goes on with these.
			if (cell.verifiedAt > 0 || !this.#attempt?.interrupted) rest(cell, running.deps);
		}
	}

	/** Where a long query stopped, if nothing has changed since; else its beginning. */
	#runningOf(cell: Cell): Running {
		const begun = this.#begun.get(cell);
		this.#begun.delete(cell);
		return begun?.revision === this.#revision ? begun.running : { cell, deps: new Set(), steps: undefined };
	}

	/** Gives where the steps lead, or stops after one of them, to go on there. */
	#walk(running: Running, { compute }: Query<unknown>): unknown {
		running.steps ??= compute(this, running.cell.key, running.cell.value) as Steps<unknown>;
		const { steps } = running;
		for (;;) {
			const step = steps.next();
			if (step.done) return step.value;
			// As above: what follows now rests on what was not given.
			if (this.#attempt?.interrupted) throw INTERRUPTED;
			this.#progress();
			if (this.#mayGoOn()) continue;
			this.#begun.set(running.cell, { running, revision: this.#revision });
			throw INTERRUPTED;
		}
	}

	/**
	 * Brings the dependencies up to date in the order they were read: a changed early one may mean that a later one is not asked again.
	 * One that throws now counts as changed: whether the query can live with that is its own to say.
	 */
	#someDepChanged(cell: Cell): boolean {
		cell.running = true;
		try {
			for (const dep of cell.deps) {
				this.#refresh(dep);
				if (dep.changedAt > cell.verifiedAt) return true;
			}
			return false;
		} catch (error) {
			if (error === INTERRUPTED) throw error;
			return true;
		} finally {
			cell.running = false;
		}
	}
}
