/** `Strata: New Component`, `New Environment` and `New Overlay for this Component`: asks what is to be made, and shows it before it is. */
import * as vscode from 'vscode';
import type { ScaffoldChoicesResult } from '../../../server/src/lsp/refactoring-protocol';
import type { Server } from '../server';
import type { Where } from './entry-points-at';

export async function newComponent(server: Server): Promise<void> {
	const { groups, environments, components } = await server.scaffoldChoices();
	if (components.length === 0) return nothingToFollow();
	const group = await pick(
		groups.map(each => ({ label: each.path, ...each })),
		'Beside which components?',
	);
	if (!group) return;
	const kind = await pick(
		[
			{
				label: 'Helm chart',
				detail: 'A HelmRelease with shared values, and values of each environment',
				made: 'helm' as const,
			},
			{ label: 'Manifests', detail: 'A Deployment and its Service', made: 'manifests' as const },
		],
		'Made of what?',
	);
	if (!kind) return;
	const name = await askName(
		'Name of the component',
		components.map(each => each.name),
	);
	if (name === undefined) return;
	const chosen = await vscode.window.showQuickPick(
		environments.map(label => ({ label, picked: true })),
		{ canPickMany: true, title: `New component ${name}`, placeHolder: 'In which environments?' },
	);
	if (!chosen) return;
	await server.scaffold({
		what: 'component',
		name,
		group: group.uri,
		kind: kind.made,
		environments: chosen.map(({ label }) => label),
	});
}

export async function newEnvironment(server: Server): Promise<void> {
	const { environments } = await server.scaffoldChoices();
	if (environments.length === 0) return nothingToFollow();
	const like = await pick(
		environments.map(label => ({ label })),
		'Like which environment?',
	);
	if (!like) return;
	const name = await askName('Name of the environment', environments);
	if (name !== undefined) await server.scaffold({ what: 'environment', like: like.label, name });
}

/** Of the component at `where`, or the one in whose directory the file in the editor stands; else it asks. */
export async function newOverlay(server: Server, where?: Where): Promise<void> {
	const { components } = await server.scaffoldChoices();
	if (components.length === 0) return nothingToFollow();
	const uri = where?.uri ?? vscode.window.activeTextEditor?.document.uri;
	const component = componentAt(components, uri) ?? (await pickComponent(components));
	if (!component) return;
	if (component.missing.length === 0) {
		void vscode.window.showInformationMessage(`Every environment has ${component.name}.`);
		return;
	}
	const environment =
		component.missing.find(name => name === where?.environment) ??
		(
			await pick(
				component.missing.map(label => ({ label })),
				`Overlay of ${component.name} in which environment?`,
			)
		)?.label;
	if (environment !== undefined) await server.scaffold({ what: 'overlay', component: component.uri, environment });
}

type Component = ScaffoldChoicesResult['components'][number];

function componentAt(components: readonly Component[], uri: vscode.Uri | undefined): Component | undefined {
	return components.find(component => uri?.path.startsWith(`${vscode.Uri.parse(component.uri).path}/`));
}

async function pickComponent(components: readonly Component[]): Promise<Component | undefined> {
	const lacking = components.filter(({ missing }) => missing.length > 0);
	const items = lacking.map(component => ({
		label: component.name,
		description: `not in ${component.missing.join(', ')}`,
		detail: component.path,
		component,
	}));
	if (items.length === 0) void vscode.window.showInformationMessage('Every environment has every component.');
	return items.length === 0 ? undefined : (await pick(items, 'Overlay of which component?'))?.component;
}

async function pick<T extends vscode.QuickPickItem>(items: readonly T[], placeHolder: string): Promise<T | undefined> {
	return items.length === 1 ? items[0] : vscode.window.showQuickPick(items, { placeHolder });
}

function askName(title: string, taken: readonly string[]): Thenable<string | undefined> {
	return vscode.window.showInputBox({
		title,
		ignoreFocusOut: true,
		validateInput: text =>
			taken.includes(text)
				? `There is ${text} already.`
				: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)
					? undefined
					: 'Small letters, digits and dashes',
	});
}

function nothingToFollow(): void {
	void vscode.window.showInformationMessage(
		'Strata found no base that several environments build on, so there is no layout to follow.',
	);
}
