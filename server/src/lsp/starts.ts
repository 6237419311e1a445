/**
 * What is kept between two starts of the server. When the tree is as it was, its diagnostics are known at once, and the tree is looked at
 * again only when somebody asks something of it. When nothing has happened for a while, what was found is kept for the next start.
 */
import type { FilePath } from '../core/base/paths';
import type { PlacedDiagnostic } from '../core/ide/results';
import {
	chartsOf,
	linesOf,
	type Means,
	type Snapshot,
	snapshotIn,
	snapshotName,
	takeSnapshot,
	verify,
	withFingerprints,
} from '../core/snapshot';
import { textOf } from '../core/workspace/inputs';
import type { Session } from './session';

/** Where lines of text are kept by name. Neither fails: what cannot be kept is not there. */
export interface StartCache {
	load(name: string): readonly string[] | undefined;
	save(name: string, lines: readonly string[]): void;
}

export class Starts {
	/** The revision of what was kept last. */
	#kept = -1;
	#last: { readonly name: string; readonly snapshot: Snapshot } | undefined;

	constructor(
		private readonly session: Session,
		private readonly cache: StartCache,
		private readonly means: Means,
	) {}

	/**
	 * What was found when everything was as it is now; nothing where something differs. `'later'` where charts have to be looked for first:
	 * `lookUp` does so, where it gives true, and whoever asks again afterwards is answered.
	 */
	*restore(lookUp: (charts: readonly string[]) => boolean): Generator<void, Snapshot | 'later' | undefined, void> {
		const { db, revision } = this.session.analysis;
		const name = snapshotName(db, this.means);
		if (this.#last?.name !== name) {
			const lines = this.cache.load(name);
			const snapshot = lines && (yield* snapshotIn(lines));
			if (!snapshot) return undefined;
			this.#last = { name, snapshot };
		}
		const { snapshot } = this.#last;
		if (this.#differsFromDisk()) return undefined;
		const charts = chartsOf(snapshot);
		if (charts.length > 0 && lookUp(charts)) return 'later';
		const proof = yield* verify(db, snapshot, this.means);
		if (proof === 'changed') return undefined;
		this.#kept = revision;
		// The disk vouches for it the next time.
		if (proof === 'contents') yield* this.#save(name, withFingerprints(snapshot, this.means));
		return snapshot;
	}

	/** Keeps what was found, unless that is kept already, or holds for texts only that are not on the disk. */
	*keep(
		files: number,
		found: readonly (readonly [FilePath, readonly PlacedDiagnostic[]])[],
	): Generator<void, void, void> {
		const { analysis } = this.session;
		const { revision } = analysis;
		if (revision === this.#kept || this.#differsFromDisk()) return;
		const snapshot = yield* takeSnapshot(analysis.db, this.means, {
			files,
			found,
			targets: analysis.targets(),
			unknownCharts: analysis.unknownCharts(),
		});
		if (!snapshot || analysis.revision !== revision) return;
		yield* this.#save(snapshotName(analysis.db, this.means), snapshot);
		this.#kept = revision;
	}

	*#save(name: string, snapshot: Snapshot): Generator<void, void, void> {
		const lines: string[] = [];
		for (const line of linesOf(snapshot)) {
			lines.push(line);
			yield;
		}
		this.cache.save(name, lines);
	}

	#differsFromDisk(): boolean {
		const { analysis, open, onDisk } = this.session;
		return open.files().some(file => {
			const state = onDisk(file);
			return state.kind !== 'text' || state.text !== textOf(analysis.db, file);
		});
	}
}
