/** A box for a secret's value: what is typed is not shown, and texts of several lines and bytes are taken from a file. */
import * as vscode from 'vscode';

export type PlainValue = { readonly text: string } | { readonly base64: string };

/** The value that the user types, or the content of a file; nothing where the box is closed. */
export function askForValue(title: string): Promise<PlainValue | undefined> {
	const box = vscode.window.createInputBox();
	box.title = title;
	box.password = true;
	box.ignoreFocusOut = true;
	box.prompt = 'It is sealed at once and written down nowhere else.';
	box.buttons = [{ iconPath: new vscode.ThemeIcon('file'), tooltip: 'Take it from a file' }];
	return new Promise(resolve => {
		const answer = (value: PlainValue | undefined) => {
			resolve(value);
			box.value = '';
			box.dispose();
		};
		box.onDidAccept(() => answer({ text: box.value }));
		box.onDidHide(() => answer(undefined));
		box.onDidTriggerButton(async () => {
			// The dialog hides the box, and what it gives is the answer.
			const file = vscode.window.showOpenDialog({ title, openLabel: 'Seal' });
			resolve(file.then(picked => (picked?.[0] ? contentOf(picked[0]) : undefined)));
			box.dispose();
		});
		box.show();
	});
}

async function contentOf(file: vscode.Uri): Promise<PlainValue> {
	return { base64: Buffer.from(await vscode.workspace.fs.readFile(file)).toString('base64') };
}
