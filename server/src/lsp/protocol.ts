/**
 * What Strata's server and its VS Code client say to each other beyond the protocol: names of methods and the shape of what
 * they carry. Both sides import it, so it holds types and strings only.
 */
import type { Location, Position, Range, WorkspaceEdit } from 'vscode-languageserver/node';

/** What a client may put into `initializationOptions`. Every part may be missing: other editors send none. */
export interface InitializationOptions {
	/** Whether the user trusts the folder. Without it nothing may be started or fetched for it; reading is allowed. */
	readonly trusted?: boolean;
	/** The client understands the notifications and commands of this file. */
	readonly strataClient?: boolean;
	/** A directory that is Strata's own, outside of every repository; without it there is one where caches are on this machine. */
	readonly storage?: string;
	/** Settings for clients that cannot be asked for them: what `strata.*` holds, without the `strata.`. */
	readonly settings?: unknown;
}

/** Notification, client to server: the user has come to trust the folder. No parameters. */
export const TRUST_GRANTED = 'strata/trustGranted';

/** Notification, server to client: something changed, so what is shown may be out of date. No parameters. */
export const CHANGED = 'strata/changed';

/** Notification, server to client: every file has been checked at the present state of things. */
export const CHECKED = 'strata/checked';
export interface CheckedParams {
	readonly files: number;
	readonly errors: number;
	readonly warnings: number;
}

/** Request: the entry points that a document takes part in; all of them where it is absent. */
export const ENTRY_POINTS = 'strata/entryPoints';
export interface EntryPointsParams {
	readonly textDocument?: { readonly uri: string };
}
export interface EntryPointItem {
	readonly id: string;
	readonly label: string;
	/** Empty where the tree does not tell. */
	readonly environment: string;
	readonly directory: string;
	/** What it is called beside its environment. */
	readonly name: string;
}

/** Request: what merged values can be shown for a place in a document. Their ids are rendered like those of entry points. */
export const MERGED_VALUES = 'strata/mergedValues';
export interface MergedValuesParams {
	readonly textDocument: { readonly uri: string };
	readonly position: Position;
}

/** Request: what the merged values of an id can be compared with. */
export const COMPARABLE_VALUES = 'strata/comparableValues';
export interface ComparableValuesParams {
	readonly id: string;
}

/** Request: the rendered YAML of an entry point, or merged values; null where there are no such ones (any more). */
export const RENDER = 'strata/render';
export interface RenderParams {
	readonly id: string;
}
export interface RenderResult {
	readonly entry: EntryPointItem;
	readonly text: string;
	/** Who wrote what; `lines` has for each line of the text an index into it, or -1. */
	readonly writers: readonly RenderWriter[];
	readonly lines: readonly number[];
	/** What could not be rendered, in a sentence each. */
	readonly notes: readonly string[];
}

export interface RenderWriter {
	readonly location: Location;
	/** `resource` for what stands so in its file; else what changed or made it: `patch`, `images`, ... */
	readonly step: string;
	/** The step and the place, for people. */
	readonly label: string;
}

/** Request: the first line of a rendering that the field at a position wrote; null where it wrote none. */
export const RENDERED_LINE = 'strata/renderedLine';
export interface RenderedLineParams {
	readonly id: string;
	readonly textDocument: { readonly uri: string };
	readonly position: Position;
}

/** Request: how the tree was understood, with how much is found where. The parameters are an empty object. Costly before everything has been checked. */
export const OUTLINE = 'strata/outline';
export interface OutlineResult {
	readonly environments: readonly string[];
	/** Components that stand in one directory. */
	readonly groups: readonly { readonly path: string; readonly components: readonly OutlineComponentItem[] }[];
	readonly entryPoints: readonly OutlineEntryItem[];
}

/** `notes` are information and hints. */
export interface OutlineCounts {
	readonly errors: number;
	readonly warnings: number;
	readonly notes: number;
}

/** URIs are those of kustomization files; empty where there is none. */
export interface OutlineComponentItem {
	readonly name: string;
	readonly uri: string;
	readonly documented: boolean;
	readonly counts: OutlineCounts;
	readonly environments: readonly {
		readonly environment: string;
		/** `as-is`: built by the environment, without an overlay of its own. */
		readonly state: 'overlay' | 'as-is' | 'missing';
		readonly overlays: readonly { readonly path: string; readonly uri: string; readonly counts: OutlineCounts }[];
	}[];
}

export interface OutlineEntryItem {
	readonly path: string;
	readonly uri: string;
	readonly environment: string;
	/** `NAMESPACE/NAME` of the Flux Kustomization that applies it; empty where none does. */
	readonly flux: string;
	readonly resources: number;
	readonly failed: boolean;
	readonly setAside: boolean;
	readonly counts: OutlineCounts;
}

/** Request: what could be sealed at a position, where to and what for. */
export const SEALABLE = 'strata/sealable';
export interface SealableParams {
	readonly textDocument: { readonly uri: string };
	readonly position: Position;
}
export type SealableResult = SealableItem | { readonly failure: string };
export interface SealableItem {
	/** `written`: its plaintext stands in the document already. */
	readonly keys: readonly { readonly key: string; readonly value: 'written' | 'wanted' }[];
	/** The one at the position; empty where there is none. */
	readonly key: string;
	readonly places: readonly SealPlaceItem[];
}
export type SealScope = 'strict' | 'namespace-wide' | 'cluster-wide';
export interface SealPlaceItem {
	readonly environment: string;
	/** The file with the sealed values. */
	readonly uri: string;
	readonly label: string;
	readonly isNew: boolean;
	/** Proposed: as the object is rendered in this environment. */
	readonly scope: SealScope;
	readonly name: string;
	readonly namespace: string;
	readonly certificates: readonly { readonly uri: string; readonly label: string }[];
}

/**
 * Request: seals values, and gives the edit that writes them down. Its parameters hold plaintext: whoever sends it must see to it that no
 * trace shows them; the server does not keep, log or answer them.
 */
export const SEAL = 'strata/seal';
export interface SealParams extends SealableParams {
	/** The `uri` of one of the places. */
	readonly place: string;
	readonly target: { readonly scope: SealScope; readonly name: string; readonly namespace: string };
	readonly certificate: { readonly uri: string } | { readonly pem: string };
	readonly values: readonly ({ readonly key: string } & ({ readonly text: string } | { readonly base64: string }))[];
	/** Keys whose plaintext stands in the document and is to be sealed as it stands. */
	readonly written: readonly string[];
}
export type SealResult = { readonly edit: WorkspaceEdit } | { readonly failure: string };

/** Command of the client: seals all values of the Secret or SealedSecret at a place; at the cursor where it is given none. */
export const SEAL_SECRET_FILE = 'strata.sealSecretFile';
export interface SealAt {
	readonly uri: string;
	readonly position: Position;
}

/** Request: fetches the charts that the tree's HelmReleases take from repositories. No parameters; may be cancelled. */
export const FETCH_CHARTS = 'strata/fetchCharts';
export interface FetchChartsResult {
	readonly fetched: number;
	/** Why others could not be had, in a sentence each. */
	readonly failed: readonly string[];
}

/** Notification, server to client: everything was looked for on this machine, and these charts are not known. Sent again when they are others. */
export const UNKNOWN_CHARTS = 'strata/unknownCharts';
export interface UnknownChartsParams {
	readonly charts: readonly {
		/** The releases whose values are not held against the chart. */
		readonly releases: readonly string[];
		/** A sentence for people. */
		readonly why: string;
	}[];
}

/** Notification, server to client: how far fetching charts has come. */
export const FETCHING_CHARTS = 'strata/fetchingCharts';
export interface FetchingChartsParams {
	readonly done: number;
	readonly total: number;
	/** The chart that is asked for now. */
	readonly name: string;
}

/** Command on code lenses, carried out by the client: opens the peek view at `position` on the `locations`. */
export const SHOW_REFERENCES = 'strata.showReferences';
export type ShowReferencesArguments = readonly [uri: string, position: Position, locations: readonly Location[]];

/** The scheme of the documents that the client makes out of renderings. */
export const RENDERED_SCHEME = 'strata-rendered';

export type { Location, Position, Range };
