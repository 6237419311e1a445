/**
 * Renderings as read-only documents. They are asked for again whenever something changed while they are open, so they follow
 * what is typed.
 */
import * as vscode from 'vscode';
import { type EntryPointItem, RENDERED_SCHEME, type RenderResult } from '../../../server/src/lsp/protocol';

/** A place in the sources that wrote a line. */
export interface Writer {
	readonly location: vscode.Location;
	/** `resource` for what stands so in its file; else what changed or made it: `patch`, `images`, ... */
	readonly step: string;
	/** The step and the place, e.g. `patch · production/patches/web-patch.yaml:7`. */
	readonly label: string;
}

/** A rendering as it stands in its document: comments on what was left out, then the YAML. */
export interface Rendered {
	readonly id: string;
	readonly text: string;
	/** So many lines of comments stand before the YAML. */
	readonly header: number;
	/** Who wrote each line of the document. */
	readonly writers: readonly (Writer | undefined)[];
}

/** So long (in milliseconds) after a change renderings are asked for again; changes in between count as one. */
const DELAY_MS = 40;

export class Renderings implements vscode.Disposable, vscode.TextDocumentContentProvider {
	readonly #known = new Map<string, Rendered>();
	readonly #textChanged = new vscode.EventEmitter<vscode.Uri>();
	readonly #updated = new vscode.EventEmitter<vscode.Uri>();
	readonly #subscriptions: vscode.Disposable;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** What VS Code listens to, to ask for the text again. */
	readonly onDidChange = this.#textChanged.event;
	/** A rendering is new: its text, or who wrote its lines. */
	readonly onDidUpdate = this.#updated.event;

	constructor(
		private readonly render: (id: string) => Promise<RenderResult | null>,
		changed: vscode.Event<void>,
	) {
		this.#subscriptions = vscode.Disposable.from(
			vscode.workspace.registerTextDocumentContentProvider(RENDERED_SCHEME, this),
			changed(() => (this.#timer ??= setTimeout(() => this.#refresh(), DELAY_MS))),
			vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#known.delete(uri.toString())),
		);
	}

	/** The document of an entry point's rendering. Its name is what the tab shows. */
	uriOf({ id, environment, directory, name }: EntryPointItem): vscode.Uri {
		return vscode.Uri.from({
			scheme: RENDERED_SCHEME,
			path: `${directory}/${name} (${(environment || 'rendered').replaceAll('/', '-')}).yaml`,
			query: id,
		});
	}

	/** The rendering in a document; nothing where the document is none, or its text has not come yet. */
	of(uri: vscode.Uri): Rendered | undefined {
		return uri.scheme === RENDERED_SCHEME ? this.#known.get(uri.toString()) : undefined;
	}

	async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
		const rendered = this.of(uri) ?? (await this.#load(uri));
		return rendered.text;
	}

	dispose(): void {
		clearTimeout(this.#timer);
		this.#subscriptions.dispose();
		this.#textChanged.dispose();
		this.#updated.dispose();
	}

	async #load(uri: vscode.Uri): Promise<Rendered> {
		const rendered = toRendered(uri.query, await this.render(uri.query));
		this.#known.set(uri.toString(), rendered);
		this.#updated.fire(uri);
		return rendered;
	}

	#refresh(): void {
		this.#timer = undefined;
		for (const { uri, isClosed } of vscode.workspace.textDocuments) {
			const before = this.of(uri);
			if (!before || isClosed) continue;
			this.#load(uri).then(
				after => before.text !== after.text && this.#textChanged.fire(uri),
				// The server is being restarted; it says that something changed as soon as it runs.
				() => undefined,
			);
		}
	}
}

function toRendered(id: string, result: RenderResult | null): Rendered {
	if (!result) {
		return { id, text: '# There is nothing of this name to be rendered any more.\n', header: 1, writers: [] };
	}
	const header = result.notes.flatMap(note => wrapped(note)).map(line => `# ${line}\n`);
	const writers = result.writers.map(({ step, label, location: { uri, range } }) => {
		const { start, end } = range;
		const place = new vscode.Range(start.line, start.character, end.line, end.character);
		return { step, label, location: new vscode.Location(vscode.Uri.parse(uri), place) };
	});
	return {
		id,
		text: header.join('') + result.text,
		header: header.length,
		writers: [...header.map(() => undefined), ...result.lines.map(index => writers[index])],
	};
}

/** So many characters a line, for the editor beside another one is narrow. */
const WIDTH = 50;

function wrapped(note: string): readonly string[] {
	const lines: string[] = [];
	for (const word of note.split(/\s+/)) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}
