/** One word in the status bar: that Strata runs, and whether it has looked at everything. */
import * as vscode from 'vscode';
import type { CheckedParams } from '../../server/src/lsp/protocol';

/** So long (in milliseconds) a check goes on before it is worth showing. */
const PATIENCE_MS = 400;

export function statusBar(changed: vscode.Event<void>, checked: vscode.Event<CheckedParams>): vscode.Disposable {
	const item = vscode.window.createStatusBarItem('strata', vscode.StatusBarAlignment.Left, -10);
	item.name = 'Strata';
	item.text = '$(layers) Strata';
	item.command = 'workbench.actions.view.problems';
	item.show();
	let busy: ReturnType<typeof setTimeout> | undefined;
	const settle = () => {
		clearTimeout(busy);
		busy = undefined;
	};
	return vscode.Disposable.from(
		item,
		changed(() => {
			busy ??= setTimeout(() => {
				item.text = '$(sync~spin) Strata';
				item.tooltip = 'Strata is checking the tree';
			}, PATIENCE_MS);
		}),
		checked(({ files, errors, warnings }) => {
			settle();
			item.text = '$(layers) Strata';
			item.tooltip = `Strata checked ${count(files, 'file')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
		}),
		{ dispose: settle },
	);
}

function count(n: number, noun: string): string {
	return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
