/** The cursor in a source moves its rendering along, and the cursor in a rendering the source that is open beside it. */
import * as vscode from 'vscode';
import { RENDERED_SCHEME } from '../../../server/src/lsp/protocol';
import type { Renderings } from './renderings';

/** So long (in milliseconds) the cursor rests before it is followed. */
const DELAY_MS = 60;

export function followCursor(
	renderings: Renderings,
	renderedLine: (id: string, uri: vscode.Uri, position: vscode.Position) => Promise<number | null>,
): vscode.Disposable {
	const here = vscode.window.createTextEditorDecorationType({
		isWholeLine: true,
		backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
		overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
	});
	let timer: ReturnType<typeof setTimeout> | undefined;
	const follow = (from: vscode.TextEditor) => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			// The server may be away for a moment; the next move of the cursor asks again.
			const failed = () => undefined;
			if (from.document.uri.scheme === RENDERED_SCHEME) toSource(from);
			else if (from.document.uri.scheme === 'file') toRenderings(from).catch(failed);
		}, DELAY_MS);
	};

	const toSource = (from: vscode.TextEditor) => {
		from.setDecorations(here, []);
		const writer = renderings.of(from.document.uri)?.writers[from.selection.active.line];
		if (!writer) return;
		for (const editor of vscode.window.visibleTextEditors) {
			if (editor.document.uri.toString() === writer.location.uri.toString()) show(editor, writer.location.range);
		}
	};

	const toRenderings = async (from: vscode.TextEditor) => {
		from.setDecorations(here, []);
		const position = from.selection.active;
		for (const editor of vscode.window.visibleTextEditors) {
			const rendered = renderings.of(editor.document.uri);
			if (!rendered) continue;
			const line = await renderedLine(rendered.id, from.document.uri, position);
			if (line === null) editor.setDecorations(here, []);
			else show(editor, new vscode.Range(line + rendered.header, 0, line + rendered.header, 0));
		}
	};

	const show = (editor: vscode.TextEditor, range: vscode.Range) => {
		editor.setDecorations(here, [range]);
		editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
	};

	return vscode.Disposable.from(
		here,
		// Only the editor that has the cursor leads: revealing moves no cursor, but typing elsewhere may.
		vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
			if (textEditor === vscode.window.activeTextEditor) follow(textEditor);
		}),
		// Another rendering, or the same one with other lines.
		renderings.onDidUpdate(() => {
			const active = vscode.window.activeTextEditor;
			if (active?.document.uri.scheme === 'file') follow(active);
		}),
		{ dispose: () => clearTimeout(timer) },
	);
}
