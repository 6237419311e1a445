/** Answers to editors' questions as plain data: file paths, offsets and strings (invariant I5). */
import type { FilePath } from '../base/paths';
import type { Severity } from '../base/problem';
import type { Position, Range, TextEdit } from '../base/text';
import type { Step } from '../yaml/node';

export interface Place {
	readonly file: FilePath;
	readonly range: Range;
}

/** A change of the workspace: text edits of files, and files to make or delete. `create` comes before `edits`. */
export interface WorkspaceChange {
	readonly edits: readonly { readonly file: FilePath; readonly edits: readonly TextEdit[] }[];
	readonly create: readonly { readonly file: FilePath; readonly text: string }[];
	readonly delete: readonly FilePath[];
}

/** A change that somebody asked for, or why there is none, in a sentence for people. */
export type Refactoring =
	{ readonly kind: 'found'; readonly change: WorkspaceChange } | { readonly kind: 'refused'; readonly why: string };

export interface CodeFix {
	readonly title: string;
	readonly change: WorkspaceChange;
}

export interface Diagnostic extends Place {
	readonly severity: Severity;
	readonly code: string;
	readonly message: string;
	readonly related: readonly { readonly message: string; readonly place: Place }[];
	/** The environments in which it holds, sorted; empty where it is about the file alone. */
	readonly environments: readonly string[];
	/** The real tool's own words. */
	readonly details: string | undefined;
	readonly tag: 'unnecessary' | 'deprecated' | undefined;
	readonly hasFix: boolean;
}

/** A diagnostic with lines and characters, for whoever does not have the texts. */
export interface PlacedDiagnostic extends Omit<Diagnostic, 'range' | 'related'> {
	readonly range: PlacedRange;
	readonly related: readonly { readonly message: string; readonly file: FilePath; readonly range: PlacedRange }[];
}

export interface PlacedRange {
	readonly start: Position;
	readonly end: Position;
}

/** `markdown` never holds commands or HTML out of the repository's texts. */
export interface Hover {
	readonly range: Range;
	readonly markdown: string;
}

/** From `from` in the asking file to `to`. `label` says what it is, e.g. `base`, `overlay of production`. */
export interface Link {
	readonly from: Range;
	readonly to: Place;
	readonly label: string;
}

/** Places that speak of the same thing, grouped by environment (empty where none). */
export interface Reference extends Place {
	readonly environment: string;
	readonly label: string;
}

export interface CompletionItem {
	readonly label: string;
	readonly kind: 'field' | 'value' | 'enum' | 'file' | 'folder' | 'reference' | 'snippet';
	/** Short, behind the label: the type, or the value in base. */
	readonly detail: string | undefined;
	readonly documentation: string | undefined;
	readonly edit: TextEdit;
	/** Whether `edit.text` is a snippet with `$1`, `${2:x}`. */
	readonly snippet: boolean;
	/** Items are offered in the order of this text. */
	readonly sortText: string;
	readonly deprecated: boolean;
}

/** A line over a field: `title` says what, `references` are shown on a click. */
export interface Lens {
	readonly range: Range;
	readonly title: string;
	readonly references: readonly Place[];
}

/** One kustomization that is built on its own: an environment's overlay, or what a Flux Kustomization names. */
export interface EntryPoint {
	/** Stable name for it in requests: the directory's path, or the Flux object's id behind it. */
	readonly id: string;
	readonly directory: FilePath;
	/** Empty where the tree does not tell. */
	readonly environment: string;
	/** As people see it in a list: `production · applications/podinfo`. */
	readonly label: string;
	/** What it is called beside its environment: `podinfo`, `podinfo values`. */
	readonly name: string;
}

/** The rendered YAML of an entry point. `origins` has an entry for each line: who wrote it, if one place did. */
export interface Rendering {
	readonly entry: EntryPoint;
	readonly text: string;
	readonly origins: readonly (RenderedLine | undefined)[];
	/** What could not be rendered, in a sentence each. */
	readonly notes: readonly string[];
}

export interface RenderedLine {
	readonly place: Place;
	/** What wrote it: a `resource` as it stands in its file, a `patch`, `images`, ... */
	readonly step: Step;
	/** The step and the place, for people: `patch · production/patches/web-patch.yaml:7`. */
	readonly label: string;
}

/** What building one directory prints. */
export interface BuildOutput {
	/** In the order in which they are printed; `name` is that of its own file, where each gets one. */
	readonly documents: readonly { readonly name: string; readonly text: string }[];
	readonly findings: readonly BuildFinding[];
	/** Whether kustomize would have printed nothing. */
	readonly failed: boolean;
}

export type BuildFinding = Pick<Diagnostic, 'file' | 'range' | 'severity' | 'code' | 'message' | 'details'>;

/** Who wrote a field of a built resource, or why that cannot be said. */
export type Explanation =
	| { readonly kind: 'found'; readonly fields: readonly ExplainedField[] }
	| { readonly kind: 'no-build'; readonly findings: readonly BuildFinding[] }
	| { readonly kind: 'no-resource'; readonly nearest: string | undefined; readonly all: readonly string[] }
	| { readonly kind: 'several-resources'; readonly all: readonly string[] }
	| {
			readonly kind: 'no-field';
			readonly parent: string;
			readonly nearest: string | undefined;
			readonly all: readonly string[];
	  };

/** One leaf. `writers` begins with the last one; the value is what it had after that one wrote. */
export interface ExplainedField {
	readonly path: string;
	/** Nothing where a patch has removed it. */
	readonly value: string | undefined;
	readonly writers: readonly { readonly step: string; readonly place: Place; readonly value: string | undefined }[];
}
