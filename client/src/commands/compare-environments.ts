/** `Strata: Compare Environments`: two renderings in VS Code's diff editor. */
import * as vscode from 'vscode';
import type { EntryPointItem } from '../../../server/src/lsp/protocol';
import type { Server } from '../server';
import { entryPointsAt, type Where } from './entry-points-at';
import { pickEntryPoint } from './pick-entry-point';

/** Compares what stands at `where` with something else; the file in the editor where that is not given. */
export async function compareEnvironments(server: Server, where?: Where): Promise<void> {
	const own = await entryPointsAt(server, where);
	const all = await server.entryPoints();
	if (all.length < 2) {
		void vscode.window.showInformationMessage('Strata found no two environments to compare in the open folders.');
		return;
	}
	const left = await pickEntryPoint(own.length > 0 ? own : all, 'Compare which environment ...');
	if (!left) return;
	const right = await pickEntryPoint(othersFor(left, all), `... with which one? (${left.label})`);
	if (!right) return;
	const { renderings } = server;
	await vscode.commands.executeCommand(
		'vscode.diff',
		renderings.uriOf(left),
		renderings.uriOf(right),
		titleOf(left, right),
	);
}

/** `podinfo: production ↔ staging` where that says enough. */
export function titleOf(left: EntryPointItem, right: EntryPointItem): string {
	const short = left.name === right.name && left.environment !== right.environment;
	if (short && left.environment && right.environment) return `${left.name}: ${left.environment} ↔ ${right.environment}`;
	return `${left.label} ↔ ${right.label}`;
}

/** All but `left`, those that end in the same directories first: the same component elsewhere. */
function othersFor(left: EntryPointItem, all: readonly EntryPointItem[]): readonly EntryPointItem[] {
	const likeness = ({ directory }: EntryPointItem) => {
		const a = left.directory.split('/').reverse();
		const b = directory.split('/').reverse();
		const differ = a.findIndex((part, i) => part !== b[i]);
		return differ < 0 ? a.length : differ;
	};
	return all.filter(entry => entry.id !== left.id).sort((a, b) => likeness(b) - likeness(a));
}
