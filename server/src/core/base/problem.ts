import type { Address } from './address';
import type { FilePath } from './paths';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A second place that a problem speaks of: the base's field, the other owner of an object, ... */
export interface Related {
	readonly message: string;
	readonly at: Address;
}

/** Which part of a field is meant: of it as it is written, or characters of the text that a scalar holds. */
export type Anchor = 'key' | 'value' | 'entry' | { readonly from: number; readonly to: number };

/** A change to the sources, told in addresses; `yaml/edit.ts` turns it into text edits that keep comments. */
export type SourceEdit =
	| { readonly kind: 'remove'; readonly at: Address }
	/** Puts `text`, whose further lines are not indented, in the place of the value at `at`. */
	| { readonly kind: 'set'; readonly at: Address; readonly text: string }
	| { readonly kind: 'rename-key'; readonly at: Address; readonly key: string }
	/** Adds `key: yaml` to the map at `at`, or `- yaml` to the sequence at `at` where `key` is absent. `yaml` is not indented. */
	| { readonly kind: 'insert'; readonly at: Address; readonly key?: string; readonly yaml: string }
	| { readonly kind: 'create-file'; readonly file: FilePath; readonly text: string }
	| { readonly kind: 'delete-file'; readonly file: FilePath }
	/** Adds to the end of a file that exists. */
	| { readonly kind: 'append-text'; readonly file: FilePath; readonly text: string };

/** A way out of a problem; `title` begins with a verb and says what will change. */
export interface Fix {
	readonly title: string;
	readonly edits: readonly SourceEdit[];
}

/**
 * Something to tell the user, found while reading, building or judging. It holds addresses, never offsets: ranges are looked
 * up when it is shown (invariant I4).
 */
export interface Problem {
	/** `area/kebab-name`, stable; `docs/rules/<area>/<kebab-name>.md` explains it. */
	readonly code: string;
	readonly severity: Severity;
	/** What, why and what to do, in the user's own names. Never a secret's value. */
	readonly message: string;
	readonly at: Address;
	/** What to underline; the value where absent. */
	readonly anchor?: Anchor;
	readonly related?: readonly Related[];
	/** The real tool's own words for it, to be searched for. */
	readonly details?: string;
	readonly fixes?: readonly Fix[];
	readonly tag?: 'unnecessary' | 'deprecated';
	/** Whether the real tool stops here: `kustomize build` fails, a reconciliation does not become ready. */
	readonly fatal?: true;
}

/** What is known of a code without running anything: for settings, pages and machine-readable reports. */
export interface CodeInfo {
	readonly code: string;
	readonly severity: Severity;
	/** One line: what it finds. */
	readonly summary: string;
}
