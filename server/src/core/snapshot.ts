/**
 * What a check found, together with what it was computed from, so that the next start on an unchanged tree need not compute it again.
 * A snapshot is believed only where every input has the value that it had: listings and links are asked for and compared; so are texts,
 * unless the disk vouches for them. Of inputs it holds paths and digests, never contents; of findings what everybody may read.
 */
import type { FilePath } from './base/paths';
import type { Database } from './base/query';
import type { PlacedDiagnostic } from './ide/results';
import type { UnknownChart } from './model/charts';
import { certificateDates } from './model/sealing-certificates';
import type { Target } from './targets';
import { chartArchive } from './workspace/chart-archives';
import {
	bundledText,
	clock,
	directoryEntries,
	fileBytes,
	fileState,
	realPath,
	roots,
	sealingKeyModuli,
} from './workspace/inputs';
import { regoEngine } from './workspace/rego-engine';
import { settings } from './workspace/settings';

/** A cryptographic digest that grows. Core has none that is fast enough for whole trees. */
export interface Digest {
	add(part: string | Uint8Array): void;
	result(): string;
}

/** What the disk says of a file without its being read: enough to know that it is still the one that was read, or nothing. */
export interface Fingerprints {
	/** As it was when the file was last read. */
	whenRead(file: FilePath): string | undefined;
	now(file: FilePath): string | undefined;
}

export interface Means {
	readonly digest: () => Digest;
	readonly fingerprints: Fingerprints;
	/** What answers depend on and no input tells before it was asked for: the commit at which the history is looked at. */
	readonly outside?: () => string;
}

/** What a check found. */
export interface Found {
	/** How many files were checked. */
	readonly files: number;
	readonly found: readonly (readonly [FilePath, readonly PlacedDiagnostic[]])[];
	readonly targets: readonly Target[];
	readonly unknownCharts: readonly UnknownChart[];
}

export interface Snapshot extends Found {
	/** Which inputs were read, in kinds. */
	readonly keys: Readonly<Record<Kind, readonly string[]>>;
	/** Of each file that was read, in the order of `texts` and `bytes`; empty where only its content tells. */
	readonly fingerprints: readonly string[];
	readonly structure: string;
	readonly contents: string;
	/** Findings that depend on the time are as they are between these, in milliseconds since 1970. */
	readonly after: number;
	readonly before: number;
}

const KINDS = ['texts', 'bytes', 'listings', 'links', 'shipped', 'charts'] as const;
type Kind = (typeof KINDS)[number];

/** A URL that says who asks, and perhaps with which password. */
const WITH_LOGIN = /:\/\/[^/"]*@/;

/** So many inputs are looked at between two yields. */
const AT_ONCE = 50;

/** The name under which a host keeps the snapshot of these folders and settings. */
export function snapshotName(db: Database, { digest }: Means): string {
	const name = digest();
	name.add(JSON.stringify([db.read(roots, ''), db.read(settings, '')]));
	return name.result();
}

/** The charts from outside of the tree that the snapshot was computed with, known or not. */
export function chartsOf(snapshot: Snapshot): readonly string[] {
	return snapshot.keys.charts;
}

/**
 * The snapshot of what was just found. Nothing where it could not be believed later, since a chart could not be had, which another day may
 * have mended; or where it would hold a password, in the address of a chart.
 */
export function* takeSnapshot(db: Database, means: Means, found: Found): Generator<void, Snapshot | undefined, void> {
	const keys = {
		texts: db.keys(fileState).sort(),
		bytes: db.keys(fileBytes).sort(),
		listings: db.keys(directoryEntries).sort(),
		links: db.keys(realPath).sort(),
		shipped: db.keys(bundledText).sort(),
		charts: db.keys(chartArchive).sort(),
	};
	if (keys.charts.some(key => db.read(chartArchive, key).kind === 'unavailable' || WITH_LOGIN.test(key)))
		return undefined;
	const structure = yield* digestOfStructure(db, keys, means);
	const contents = yield* digestOfContents(db, keys, means);
	const now = db.read(clock, '') ?? 0;
	const dates = certificateDates(db);
	return {
		keys,
		fingerprints: fingerprintsOf(keys, means),
		structure,
		contents,
		after: Math.max(Number.MIN_SAFE_INTEGER, ...dates.filter(date => date <= now)),
		before: Math.min(Number.MAX_SAFE_INTEGER, ...dates.filter(date => date >= now)),
		...found,
	};
}

/** The same snapshot, after it was verified by `contents`, with what the disk says of them now. */
export function withFingerprints(snapshot: Snapshot, means: Means): Snapshot {
	return { ...snapshot, fingerprints: fingerprintsOf(snapshot.keys, means) };
}

function fingerprintsOf({ texts, bytes }: Snapshot['keys'], { fingerprints }: Means): readonly string[] {
	return [...texts, ...bytes].map(file => fingerprints.whenRead(file) ?? '');
}

/**
 * Whether everything is as it was, and how that is known: by `fingerprints` alone, or because the `contents` were read. What is read on
 * the way is an input by then, and nobody reads it again.
 */
export function* verify(
	db: Database,
	snapshot: Snapshot,
	means: Means,
): Generator<void, 'fingerprints' | 'contents' | 'changed', void> {
	const now = db.read(clock, '') ?? 0;
	if (now <= snapshot.after || now >= snapshot.before) return 'changed';
	const { keys } = snapshot;
	if ((yield* digestOfStructure(db, keys, means)) !== snapshot.structure) return 'changed';
	if (yield* areUntouched([...keys.texts, ...keys.bytes], snapshot.fingerprints, means.fingerprints)) {
		return 'fingerprints';
	}
	return (yield* digestOfContents(db, keys, means)) === snapshot.contents ? 'contents' : 'changed';
}

function* areUntouched(
	files: readonly FilePath[],
	before: readonly string[],
	fingerprints: Fingerprints,
): Generator<void, boolean, void> {
	for (const [i, file] of files.entries()) {
		if (!before[i] || before[i] !== fingerprints.now(file)) return false;
		if (i % AT_ONCE === 0) yield;
	}
	return true;
}

/** Of all but the contents of files: those are many, and the disk may vouch for them. */
function* digestOfStructure(db: Database, keys: Snapshot['keys'], means: Means): Generator<void, string, void> {
	const digest = means.digest();
	const keysAndEngines = [db.read(sealingKeyModuli, '').map(String), db.read(regoEngine, '') !== undefined];
	digest.add(JSON.stringify([db.read(roots, ''), db.read(settings, ''), keysAndEngines, means.outside?.()]));
	yield* addEach(digest, 'listings', keys, key => JSON.stringify(db.read(directoryEntries, key) ?? null));
	yield* addEach(digest, 'links', keys, key => JSON.stringify(db.read(realPath, key) ?? null));
	yield* addEach(digest, 'shipped', keys, key => JSON.stringify(db.read(bundledText, key) ?? null));
	yield* addEach(digest, 'charts', keys, key => {
		const archive = db.read(chartArchive, key);
		if (archive.kind !== 'archive') return archive.kind;
		digest.add(archive.bytes);
		return `${archive.version} ${archive.bytes.length}`;
	});
	return digest.result();
}

function* digestOfContents(db: Database, keys: Snapshot['keys'], means: Means): Generator<void, string, void> {
	const digest = means.digest();
	yield* addEach(digest, 'texts', keys, key => JSON.stringify(db.read(fileState, key)));
	yield* addEach(digest, 'bytes', keys, key => {
		const bytes = db.read(fileBytes, key);
		if (bytes) digest.add(bytes);
		return String(bytes?.length);
	});
	return digest.result();
}

function* addEach(
	digest: Digest,
	kind: Kind,
	keys: Snapshot['keys'],
	valueOf: (key: string) => string,
): Generator<void, void, void> {
	for (const [i, key] of keys[kind].entries()) {
		// Lines: neither a key nor a value in JSON can look like the beginning of the next one.
		digest.add(`${kind} ${JSON.stringify(key)} ${valueOf(key)}\n`);
		if (i % AT_ONCE === 0) yield;
	}
}

/** The snapshot as lines of text, none of them long. */
export function* linesOf(snapshot: Snapshot): Generator<string, void, void> {
	const { keys, found, targets, unknownCharts, fingerprints, ...head } = snapshot;
	yield JSON.stringify({ head });
	for (const kind of KINDS) yield* chunks(keys[kind], part => ({ [kind]: part }));
	yield* chunks(fingerprints, part => ({ fingerprints: part }));
	yield* chunks(found, part => ({ found: part }));
	yield* chunks(targets, part => ({ targets: part }));
	yield* chunks(unknownCharts, part => ({ unknownCharts: part }));
}

function* chunks<T>(list: readonly T[], named: (part: readonly T[]) => object): Generator<string, void, void> {
	for (let at = 0; at < list.length; at += AT_ONCE) yield JSON.stringify(named(list.slice(at, at + AT_ONCE)));
}

/** The snapshot that `linesOf` wrote: whoever kept the lines answers for their being the same. Nothing where they do not begin so. */
export function* snapshotIn(lines: readonly string[]): Generator<void, Snapshot | undefined, void> {
	let head: object = {};
	const lists: Record<string, unknown[]> = { fingerprints: [], found: [], targets: [], unknownCharts: [] };
	for (const kind of KINDS) lists[kind] = [];
	for (const [i, line] of lines.entries()) {
		for (const [name, value] of Object.entries(partIn(line) ?? {})) {
			if (name === 'head') head = value as object;
			else if (Array.isArray(value)) lists[name]?.push(...value);
		}
		if (i % AT_ONCE === 0) yield;
	}
	const { fingerprints, found, targets, unknownCharts, ...keys } = lists;
	if (Object.keys(head).length === 0) return undefined;
	return { ...head, keys, fingerprints, found, targets, unknownCharts } as unknown as Snapshot;
}

function partIn(line: string): Readonly<Record<string, unknown>> | undefined {
	try {
		return JSON.parse(line) as Readonly<Record<string, unknown>>;
	} catch {
		return undefined;
	}
}
