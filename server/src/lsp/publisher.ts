/** Sends diagnostics, a set only where it differs from the one sent before. */
import { type Diagnostic, DiagnosticSeverity, type PublishDiagnosticsParams } from 'vscode-languageserver/node';
import type { FilePath } from '../core/base/paths';
import type * as ide from '../core/ide/results';
import { toDiagnostic } from './convert';
import type { Session } from './session';

interface Sent {
	readonly found: readonly ide.PlacedDiagnostic[];
	readonly uri: string;
	readonly key: string;
	readonly errors: number;
	readonly warnings: number;
}

export class Publisher {
	readonly #sent = new Map<FilePath, Sent>();

	constructor(
		private readonly session: Session,
		private readonly send: (params: PublishDiagnosticsParams) => void,
	) {}

	/** The diagnostics of one file. A client that has none of it is not told so again. */
	publish(file: FilePath, found: readonly ide.PlacedDiagnostic[]): void {
		const uri = this.session.open.uriOf(file);
		const before = this.#sent.get(file);
		const diagnostics = found.map(d => toDiagnostic(this.session, d));
		const key = JSON.stringify(diagnostics);
		// A client that spells the URI otherwise since it opened the file would keep the old set beside the new one.
		if (before && before.uri !== uri) this.send({ uri: before.uri, diagnostics: [] });
		else if (before ? before.key === key : diagnostics.length === 0) return;
		if (diagnostics.length === 0) this.#sent.delete(file);
		else this.#sent.set(file, { found, uri, key, ...countsOf(diagnostics) });
		this.send({ uri, diagnostics });
	}

	/** Takes back the diagnostics of files that `keep` does not know. */
	retain(keep: ReadonlySet<FilePath>): void {
		for (const [file, { uri }] of [...this.#sent]) {
			if (keep.has(file)) continue;
			this.#sent.delete(file);
			this.send({ uri, diagnostics: [] });
		}
	}

	/** What the client shows now, by file. */
	all(): readonly (readonly [FilePath, readonly ide.PlacedDiagnostic[]])[] {
		return [...this.#sent].map(([file, { found }]) => [file, found]);
	}

	/** How many errors and warnings the client shows now. */
	counts(): { readonly errors: number; readonly warnings: number } {
		let errors = 0;
		let warnings = 0;
		for (const sent of this.#sent.values()) {
			errors += sent.errors;
			warnings += sent.warnings;
		}
		return { errors, warnings };
	}
}

function countsOf(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number } {
	const count = (severity: DiagnosticSeverity) => diagnostics.filter(d => d.severity === severity).length;
	return { errors: count(DiagnosticSeverity.Error), warnings: count(DiagnosticSeverity.Warning) };
}
