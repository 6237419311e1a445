/** `Strata: Override in Environment...`: asks for the environments and the values, and shows the change before it is made. */
import * as vscode from 'vscode';
import type { OverridableResult, OverrideArguments } from '../../../server/src/lsp/refactoring-protocol';
import type { Server } from '../server';

/** At the place that a code action names; at the cursor without one. */
export async function overrideInEnvironment(server: Server, at?: OverrideArguments): Promise<void> {
	const place = placeOf(at);
	const found = place && (await server.overridable(place.uri, place.position));
	if (!place || !found) {
		void vscode.window.showInformationMessage(
			'Put the cursor on a field of a base: a file that several environments build on.',
		);
		return;
	}
	const environments = await pickEnvironments(found);
	if (!environments || environments.length === 0) return;
	const values: Record<string, string> = {};
	for (const { name, value } of environments) {
		const typed = await vscode.window.showInputBox({
			title: `Override in ${name}`,
			prompt: `${found.title} in ${name}, as YAML`,
			value: environments[0]!.name === name ? value : (Object.values(values).at(-1) ?? value),
			ignoreFocusOut: true,
		});
		if (typed === undefined) return;
		values[name] = typed;
	}
	await server.override(place.uri, place.position, values);
}

function placeOf(at: OverrideArguments | undefined): { uri: vscode.Uri; position: vscode.Position } | undefined {
	if (at) {
		const [uri, { line, character }] = at;
		return { uri: vscode.Uri.parse(uri), position: new vscode.Position(line, character) };
	}
	const editor = vscode.window.activeTextEditor;
	return editor && { uri: editor.document.uri, position: editor.selection.active };
}

type Environment = OverridableResult['environments'][number];

async function pickEnvironments({ title, environments }: OverridableResult): Promise<Environment[] | undefined> {
	if (environments.length === 1) return [...environments];
	const items = environments.map(environment => ({
		label: environment.name,
		description: environment.value.split('\n', 1)[0] ?? '',
		detail: environment.overlay,
		environment,
	}));
	const picked = await vscode.window.showQuickPick(items, {
		canPickMany: true,
		title: `Override ${title}`,
		placeHolder: 'In which environments?',
	});
	return picked?.map(({ environment }) => environment);
}
