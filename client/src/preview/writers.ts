/** Who wrote each line of a rendering: as a note behind the line, in its hover, and as its definition. */
import * as vscode from 'vscode';
import { RENDERED_SCHEME } from '../../../server/src/lsp/protocol';
import type { Renderings, Writer } from './renderings';

export function showWriters(renderings: Renderings): vscode.Disposable {
	const note = vscode.window.createTextEditorDecorationType({
		after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3em', fontStyle: 'italic' },
		rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
	});
	const decorate = (editor: vscode.TextEditor) => {
		const rendered = renderings.of(editor.document.uri);
		// The document's text comes a moment after the rendering; notes at the old lines would point to the wrong fields.
		if (!rendered || rendered.text !== editor.document.getText()) return;
		editor.setDecorations(note, notesOf(rendered.writers, editor.document));
	};
	const decorateAll = (uri: vscode.Uri) => {
		for (const editor of vscode.window.visibleTextEditors) {
			if (editor.document.uri.toString() === uri.toString()) decorate(editor);
		}
	};
	const writerAt = (document: vscode.TextDocument, position: vscode.Position) =>
		renderings.of(document.uri)?.writers[position.line];
	return vscode.Disposable.from(
		note,
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

/** One note at the first line of each run of lines with the same writer's label. */
function notesOf(writers: readonly (Writer | undefined)[], document: vscode.TextDocument): vscode.DecorationOptions[] {
	return writers.flatMap((writer, line) => {
		if (!writer || writer.label === writers[line - 1]?.label) return [];
		const { end } = document.lineAt(line).range;
		return [{ range: new vscode.Range(end, end), renderOptions: { after: { contentText: writer.label } } }];
	});
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
