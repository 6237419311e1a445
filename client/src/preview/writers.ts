/** Who wrote each line of a rendering: as a note behind the line, in its hover, and as its definition. */
import * as vscode from 'vscode';
import { RENDERED_SCHEME } from '../../../server/src/lsp/protocol';
import type { Renderings, Writer } from './renderings';

export function showWriters(renderings: Renderings): vscode.Disposable {
	// What an environment adds or changes stands out from what simply stands in a file.
	const plain = noteType('editorCodeLens.foreground');
	const changed = noteType('textLink.foreground');
	const decorate = (editor: vscode.TextEditor) => {
		const rendered = renderings.of(editor.document.uri);
		// The document's text comes a moment after the rendering; notes at the old lines would point to the wrong fields.
		if (!rendered || rendered.text !== editor.document.getText() || !isPreview(editor)) return;
		const notes = notesOf(rendered.writers, editor.document);
		editor.setDecorations(
			plain,
			notes.flatMap(({ writer, note }) => (writer.step === 'resource' ? note : [])),
		);
		editor.setDecorations(
			changed,
			notes.flatMap(({ writer, note }) => (writer.step === 'resource' ? [] : note)),
		);
	};
	const decorateAll = (uri: vscode.Uri) => {
		for (const editor of vscode.window.visibleTextEditors) {
			if (editor.document.uri.toString() === uri.toString()) decorate(editor);
		}
	};
	const writerAt = (document: vscode.TextDocument, position: vscode.Position) =>
		renderings.of(document.uri)?.writers[position.line];
	return vscode.Disposable.from(
		plain,
		changed,
		renderings.onDidUpdate(decorateAll),
		vscode.workspace.onDidChangeTextDocument(({ document }) => decorateAll(document.uri)),
		vscode.window.onDidChangeVisibleTextEditors(editors => editors.forEach(decorate)),
		vscode.languages.registerDefinitionProvider(
			{ scheme: RENDERED_SCHEME },
			{
				provideDefinition: (document, position): vscode.LocationLink[] => {
					const writer = writerAt(document, position);
					if (!writer) return [];
					const { uri, range } = writer.location;
					const origin = trimmed(document.lineAt(position.line));
					return [{ originSelectionRange: origin, targetUri: uri, targetRange: range, targetSelectionRange: range }];
				},
			},
		),
		vscode.languages.registerHoverProvider(
			{ scheme: RENDERED_SCHEME },
			{
				provideHover: (document, position) => {
					const writer = writerAt(document, position);
					return writer && new vscode.Hover(hoverOf(writer), trimmed(document.lineAt(position.line)));
				},
			},
		),
	);
}

function noteType(color: string): vscode.TextEditorDecorationType {
	return vscode.window.createTextEditorDecorationType({
		after: { color: new vscode.ThemeColor(color), margin: '0 0 0 3em', fontStyle: 'italic' },
		rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
	});
}

/** Whether the editor is one of its own, not a side of a comparison, where notes would stand in the way. */
function isPreview({ document }: vscode.TextEditor): boolean {
	const uri = document.uri.toString();
	return vscode.window.tabGroups.all.some(
		({ activeTab }) => activeTab?.input instanceof vscode.TabInputText && activeTab.input.uri.toString() === uri,
	);
}

interface Note {
	readonly writer: Writer;
	readonly note: vscode.DecorationOptions;
}

/** One note at the first line of each run of lines that the same step took from the same file. */
function notesOf(writers: readonly (Writer | undefined)[], document: vscode.TextDocument): Note[] {
	const files = new Map<string, string>();
	for (const writer of writers) if (writer) files.set(writer.location.uri.toString(), pathOf(writer));
	const common = commonDirectory([...files.values()]);
	const textOf = (writer: Writer | undefined) => {
		if (!writer) return undefined;
		const file = shortened(pathOf(writer).slice(common.length));
		return writer.step === 'resource' ? file : `${writer.step} · ${file}`;
	};
	return writers.flatMap((writer, line) => {
		const contentText = textOf(writer);
		if (!writer || contentText === undefined || contentText === textOf(writers[line - 1])) return [];
		const { end } = document.lineAt(line).range;
		return [{ writer, note: { range: new vscode.Range(end, end), renderOptions: { after: { contentText } } } }];
	});
}

function pathOf({ location }: Writer): string {
	return vscode.workspace.asRelativePath(location.uri);
}

/** `production/…/patches/web-patch.yaml`: where it belongs, and what it is; the hover says the rest. */
function shortened(path: string): string {
	const parts = path.split('/');
	return parts.length > 3 ? [parts[0], '…', ...parts.slice(-2)].join('/') : path;
}

/** The directories that all paths begin with, with a slash at the end; empty where they have none in common. */
function commonDirectory([first = '', ...rest]: readonly string[]): string {
	let length = first.lastIndexOf('/') + 1;
	for (const path of rest) {
		while (length > 0 && !path.startsWith(first.slice(0, length))) length = first.lastIndexOf('/', length - 2) + 1;
	}
	return first.slice(0, length);
}

function hoverOf({ label, location: { uri, range } }: Writer): vscode.MarkdownString {
	const target = uri.with({ fragment: `L${range.start.line + 1},${range.start.character + 1}` });
	// A string out of the repository: shown as text, whatever it looks like.
	const text = new vscode.MarkdownString();
	text.appendMarkdown('[').appendText(label).appendMarkdown(`](${target.toString()})`);
	return text;
}

/** The line without its indentation. */
function trimmed(line: vscode.TextLine): vscode.Range {
	return line.range.with(line.range.start.with({ character: line.firstNonWhitespaceCharacterIndex }));
}
