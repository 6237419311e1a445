/**
 * The façade: what hosts may say (`apply`) and ask. Everything behind it is pure and synchronous; each question carries what it
 * needs (invariant I8). Answers are plain data.
 */
import { dirname, type FilePath } from './base/paths';
import { Database } from './base/query';
import type { Change } from './change';
import type { Steps } from './base/steps';
import { diagnostics, diagnosticsAtOnce, diagnosticsSoon, fixes, workspaceChange } from './diagnostics';
import type { SealedValues } from './gitops/secrets/sealed-document';
import { complete, completeAlone } from './ide/completion';
import { definition, definitionAlone } from './ide/definition';
import { documentLinks } from './ide/document-links';
import { hover, isField } from './ide/hover';
import { type Outline, outline } from './ide/outline';
import { type Target, targets } from './targets';
import { comparableValues, isValuesId, mergedValuesAt, renderValues, valuesLineOf } from './ide/merged-values';
import { mayOverride, type Overridable, overridable, overrideEdits } from './ide/override';
import { entryPoints, entryPointsOf, render, renderedLineOf } from './ide/preview';
import { lenses, references } from './ide/references';
import { type Script, scripts } from './ide/scripts';
import { type ScaffoldChoices, scaffoldChoices } from './ide/scaffold/choices';
import { scaffold, type ScaffoldRequest } from './ide/scaffold/scaffold';
import { prepareRename, rename } from './ide/rename';
import type {
	CodeFix,
	CompletionItem,
	Diagnostic,
	EntryPoint,
	Hover,
	Lens,
	Link,
	Refactoring,
	Reference,
	Rendering,
	WorkspaceChange,
} from './ide/results';
import { type Overview, overview } from './overview';
import { type NotSealable, type Sealable, sealable, sealEdits, writtenValues } from './ide/seal';
import { type UnknownChart, unknownCharts, wantedCharts } from './model/charts';
import { historyWork, type WantedHistory, wantedHistories } from './model/sealing-histories';
import { warmTree } from './model/warm-up';
import { checkedFiles, lookFirst, piecesOfWork } from './rules/collect';
import { CODES } from './rules/registry';
import { chartArchive } from './workspace/chart-archives';
import {
	clock,
	directoryEntries,
	fileBytes,
	fileState,
	leftOut,
	opensSealed,
	realPath,
	roots,
	sealingKeyModuli,
	type Source,
} from './workspace/inputs';
import { overlaid } from './workspace/overlaid';
import { sealingHistory } from './workspace/sealing-history';
import { regoEngine } from './workspace/rego-engine';
import { settings } from './workspace/settings';

const never = () => false;

/** The whole tree, analysed. Lives as long as the server, or one run of the command line. */
export class Analysis {
	readonly db: Database;
	readonly #open = new Map<FilePath, string>();

	constructor(source: Source) {
		this.db = new Database(overlaid(source, this.#open));
	}

	/** Goes up with every change that mattered; an answer computed at another revision may be stale. */
	get revision(): number {
		return this.db.revision;
	}

	apply(change: Change): void {
		const { db } = this;
		if (change.roots) db.set(roots, '', change.roots);
		if (change.settings) db.set(settings, '', change.settings);
		if (change.now !== undefined) db.set(clock, '', change.now);
		if (change.rego) db.set(regoEngine, '', change.rego);
		if (change.sealingKeysChanged) {
			db.reload(sealingKeyModuli, '');
			for (const key of db.keys(opensSealed)) db.reload(opensSealed, key);
		}
		for (const [key, archive] of change.charts ?? []) db.set(chartArchive, key, archive);
		for (const [file, history] of change.histories ?? []) db.set(sealingHistory, file, history);
		for (const [file, text] of change.texts ?? []) {
			if (text === undefined) this.#open.delete(file);
			else this.#open.set(file, text);
			db.reload(fileState, file);
		}
		if (change.changed) this.#reload(new Set(change.changed));
	}

	/**
	 * Asks each input again that is one of the paths, lies below one, or is a directory above one: that may have come or gone with
	 * it, and nobody says so of its own. Hundreds change at once when a branch is switched.
	 */
	#reload(changed: ReadonlySet<FilePath>): void {
		const { db } = this;
		const above = new Set<FilePath>();
		for (const path of changed) for (let at = dirname(path); !above.has(at); at = dirname(at)) above.add(at);
		const isReached = (path: FilePath): boolean => {
			if (above.has(path)) return true;
			for (let at = path; at !== '/'; at = dirname(at)) if (changed.has(at)) return true;
			return false;
		};
		for (const of of [fileState, fileBytes, realPath, directoryEntries] as const) {
			for (const key of db.keys<unknown>(of)) if (isReached(key)) db.reload<unknown>(of, key);
		}
	}

	/** Every file in which something may be found, sorted. */
	files(): readonly FilePath[] {
		return checkedFiles(this.db);
	}

	/** What is wrong in one file, sorted by place. */
	diagnostics(file: FilePath): readonly Diagnostic[] {
		return diagnostics(this.db, file);
	}

	/**
	 * What can be told of one file at once, after an edit of it: its own YAML, and of all else what was found before. `diagnostics` has
	 * the whole answer.
	 */
	diagnosticsAtOnce(file: FilePath): readonly Diagnostic[] {
		return diagnosticsAtOnce(this.db, file);
	}

	/**
	 * Finds what `diagnosticsAtOnce` says of a file before the tree has been looked at, in pieces as `warm` does; gives whether that was yet to be
	 * found.
	 */
	firstLook(file: FilePath, isEnough: () => boolean = never): Steps<boolean> {
		return this.#asking(isEnough, () => lookFirst(this.db, file));
	}

	/**
	 * What is wrong in one file once all that it is built into has been looked at again: of builds, releases, secrets and schemas the whole
	 * answer, in pieces as `warm` does. Nothing where the tree has never been looked at.
	 */
	diagnosticsSoon(file: FilePath, isEnough: () => boolean = never): Steps<readonly Diagnostic[] | undefined> {
		return this.#asking(isEnough, () => diagnosticsSoon(this.db, file));
	}

	/**
	 * Does the work behind all diagnostics, and behind what is wanted from outside, piece by piece, so that whoever runs it can let others in
	 * between. A piece that takes longer than `isEnough` allows is gone on with afterwards.
	 */
	*warm(isEnough: () => boolean = never): Steps<void> {
		const { db } = this;
		const wanted = [() => wantedCharts(db), () => unknownCharts(db)];
		for (const pieces of [warmTree(db), piecesOfWork(db), wanted, historyWork(db)]) {
			for (const piece of pieces) {
				yield* this.#asking(isEnough, piece);
				yield;
			}
		}
	}

	/** What `ask` gives, in as many attempts as it takes. */
	*#asking<V>(isEnough: () => boolean, ask: () => V): Steps<V> {
		for (;;) {
			const found = this.db.attempt(isEnough, ask);
			if (found) return found.value;
			yield;
		}
	}

	/**
	 * Gives back the memory of what is there no more: files that were moved, texts as they were. For hosts to call when they have
	 * asked for all diagnostics; what was asked for before revision `since` and never again is forgotten.
	 */
	forget(since: number): Steps<void> {
		return this.db.forget(since);
	}

	/** Ways out of the diagnostics that touch the range. */
	fixes(file: FilePath, start: number, end: number): readonly (CodeFix & { readonly code: string })[] {
		return fixes(this.db, file, start, end);
	}

	/** What could be sealed at an offset, where to, and what for. */
	sealable(file: FilePath, offset: number): Sealable | NotSealable {
		return sealable(this.db, file, offset);
	}

	/** The plaintexts that stand in the Secret at an offset, by key; to be sealed and nothing else. */
	writtenValues(file: FilePath, offset: number): ReadonlyMap<string, Uint8Array> {
		return writtenValues(this.db, file, offset);
	}

	/** The change that writes sealed values down at one of the places of `sealable`. */
	sealed(file: FilePath, offset: number, place: FilePath, values: SealedValues): WorkspaceChange | NotSealable {
		const edits = sealEdits(this.db, file, offset, place, values);
		return 'failure' in edits ? edits : workspaceChange(this.db, edits);
	}

	/**
	 * To be called when the host has stopped a question that did not end: it leaves out what did not, and gives its name; nothing where that is
	 * nothing that can be left out.
	 */
	cutOff(): string | undefined {
		const { db } = this;
		const name = db.cutOff();
		if (name !== undefined) db.set(leftOut, name, true);
		return name;
	}

	hover(file: FilePath, offset: number): Hover | undefined {
		return hover(this.db, file, offset, CODES);
	}

	definition(file: FilePath, offset: number): readonly Link[] {
		return definition(this.db, file, offset);
	}

	/** As far as it can be told without the rest of the tree. */
	definitionAlone(file: FilePath, offset: number): readonly Link[] {
		return definitionAlone(this.db, file, offset);
	}

	/** Whether a field of YAML stands at an offset, which a hover may have something to say about. */
	isField(file: FilePath, offset: number): boolean {
		return isField(this.db, file, offset);
	}

	references(file: FilePath, offset: number): readonly Reference[] {
		return references(this.db, file, offset);
	}

	complete(file: FilePath, offset: number): readonly CompletionItem[] {
		return complete(this.db, file, offset, CODES);
	}

	/** As far as it can be told without the rest of the tree. */
	completeAlone(file: FilePath, offset: number): readonly CompletionItem[] {
		return completeAlone(this.db, file, offset);
	}

	/** The range and present text of what `rename` would rename; nothing where it cannot be renamed. */
	prepareRename(
		file: FilePath,
		offset: number,
	): { readonly start: number; readonly end: number; readonly text: string } | undefined {
		return prepareRename(this.db, file, offset);
	}

	/** The edits of a rename; nothing where nothing can be renamed there, or not to that. */
	rename(file: FilePath, offset: number, to: string): WorkspaceChange | undefined {
		return rename(this.db, file, offset, to);
	}

	/** What can be overridden at the cursor, and in which environments; nothing where no field of a base stands there. */
	overridable(file: FilePath, offset: number): Overridable | undefined {
		return overridable(this.db, file, offset);
	}

	/** The scripts that people run, with their descriptions. */
	scripts(): readonly Script[] {
		return scripts(this.db);
	}

	/** What `scaffold` can make. */
	scaffoldChoices(): ScaffoldChoices {
		return scaffoldChoices(this.db);
	}

	/** The change that makes a component, an environment or an overlay as the tree has them, and what is left to do by hand. */
	scaffold(request: ScaffoldRequest): Refactoring & { readonly notes?: readonly string[] } {
		const found = scaffold(this.db, request);
		if (found.kind === 'refused') return found;
		return { kind: 'found', change: workspaceChange(this.db, found.edits), notes: found.notes };
	}

	/** Whether a field of a base stands at the cursor: cheaper to ask than what can be overridden there. */
	mayOverride(file: FilePath, offset: number): boolean {
		return mayOverride(this.db, file, offset);
	}

	/** The change that makes environments say other values (YAML, by environment) at the cursor; it was tried, and does nothing else. */
	override(file: FilePath, offset: number, values: Readonly<Record<string, string>>): Refactoring {
		const found = overrideEdits(this.db, file, offset, values);
		return found.kind === 'refused' ? found : { kind: 'found', change: workspaceChange(this.db, found.edits) };
	}

	lenses(file: FilePath): readonly Lens[] {
		return lenses(this.db, file);
	}

	/** Links on the paths in a file (`resources: [../base]`), for ctrl-click. */
	documentLinks(file: FilePath): readonly Link[] {
		return documentLinks(this.db, file);
	}

	/** The charts that HelmReleases take from repositories, as keys of `Change.charts`; `parseChartArchiveKey` says what they mean. Sorted. */
	wantedCharts(): readonly string[] {
		return wantedCharts(this.db);
	}

	/** What releases are not held against, as far as everything has been checked. */
	unknownCharts(): readonly UnknownChart[] {
		return unknownCharts(this.db);
	}

	/** The files of sealed secrets that the repository's history is to be asked for, for `Change.histories`. */
	wantedHistories(): readonly WantedHistory[] {
		return wantedHistories(this.db);
	}

	/** How the tree was understood. */
	outline(): Outline {
		return outline(this.db);
	}

	/** What is delivered on its own, and whether that will fail. */
	targets(): readonly Target[] {
		return targets(this.db);
	}

	/** How the tree was understood, with how much is found where. */
	overview(): Overview {
		return overview(this.db);
	}

	/** Every kustomization that can be rendered, sorted by label. */
	entryPoints(): readonly EntryPoint[] {
		return entryPoints(this.db);
	}

	/** What renders this file: in each environment, the kustomization that stands nearest to it. */
	entryPointsOf(file: FilePath): readonly EntryPoint[] {
		return entryPointsOf(this.db, file);
	}

	/**
	 * The HelmReleases whose merged values can be shown for a place in a file, in each environment and as the base has them. Their ids
	 * are rendered like those of entry points.
	 */
	mergedValuesAt(file: FilePath, offset: number): readonly EntryPoint[] {
		return mergedValuesAt(this.db, file, offset);
	}

	/** What the merged values of an id can be compared with: the same HelmRelease in other environments, and in the base. */
	comparableValues(id: string): readonly EntryPoint[] {
		return comparableValues(this.db, id);
	}

	/** The text of an entry point, or of merged values; nothing where there is no such one any more. */
	render(id: string): Rendering | undefined {
		return isValuesId(id) ? renderValues(this.db, id) : render(this.db, id);
	}

	/** The first line of a rendering that the field under the cursor wrote, zero-based. */
	renderedLineOf(id: string, file: FilePath, offset: number): number | undefined {
		return isValuesId(id) ? valuesLineOf(this.db, id, file, offset) : renderedLineOf(this.db, id, file, offset);
	}
}
