/**
 * The VS Code side: starts the language server and shows what it says. No domain logic here. Activation only registers
 * commands; the language client is loaded after it.
 */
import * as vscode from 'vscode';
import { SEAL_SECRET_FILE, type SealAt, SHOW_REFERENCES } from '../../server/src/lsp/protocol';
import { compareEnvironments } from './commands/compare-environments';
import { fetchCharts } from './commands/fetch-charts';
import { compareMergedValues, showMergedValues } from './commands/merged-values';
import { newComponent, newEnvironment, newOverlay } from './commands/new-parts';
import { overrideInEnvironment } from './commands/override-in-environment';
import { renderPreview } from './commands/render-preview';
import { sealSecretFile, sealValue } from './commands/seal-secret';
import { runScript, scriptTasks } from './commands/run-script';
import { showReferences } from './commands/show-references';
import { OVERRIDE_COMMAND, type OverrideArguments } from '../../server/src/lsp/refactoring-protocol';
import type { Server } from './server';
import { type ClusterTreeNode, clusterTreeView } from './views/cluster-tree';

/** What tests may ask of the running extension. */
export interface Api {
	/** Comes when the server runs. */
	readonly ready: Promise<void>;
}

let stop: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): Api {
	const output = vscode.window.createOutputChannel('Strata', { log: true });
	const starting = start(context, output);
	const command = (id: string, run: (server: Server, argument: unknown) => unknown) =>
		context.subscriptions.push(
			vscode.commands.registerCommand(id, async (argument: unknown) => {
				try {
					await run(await starting, argument);
				} catch (error) {
					output.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
					void vscode.window.showErrorMessage(`Strata: ${error instanceof Error ? error.message : String(error)}`);
				}
			}),
		);
	command('strata.renderPreview', server => renderPreview(server));
	command('strata.compareEnvironments', server => compareEnvironments(server));
	command('strata.clusterTree.renderPreview', (server, node) => renderPreview(server, node as ClusterTreeNode));
	command('strata.clusterTree.compareEnvironments', (server, node) =>
		compareEnvironments(server, node as ClusterTreeNode),
	);
	command('strata.showMergedValues', server => showMergedValues(server));
	command('strata.compareMergedValues', server => compareMergedValues(server));
	command('strata.sealValue', server => sealValue(server));
	command(SEAL_SECRET_FILE, (server, at) => sealSecretFile(server, at as SealAt | undefined));
	command(OVERRIDE_COMMAND, (server, at) => overrideInEnvironment(server, at as OverrideArguments | undefined));
	command('strata.fetchCharts', server => fetchCharts(server));
	command('strata.runScript', server => runScript(server));
	command('strata.newComponent', server => newComponent(server));
	command('strata.newEnvironment', server => newEnvironment(server));
	command('strata.newOverlay', (server, node) => newOverlay(server, node as ClusterTreeNode | undefined));
	command('strata.restartServer', server => server.restart());
	context.subscriptions.push(
		output,
		clusterTreeView(starting),
		scriptTasks(starting),
		vscode.commands.registerCommand('strata.showOutput', () => output.show()),
		vscode.commands.registerCommand(SHOW_REFERENCES, showReferences),
	);
	starting.catch(error => {
		output.error(String(error));
		void vscode.window.showErrorMessage(`Strata could not start its language server: ${String(error)}`);
	});
	return { ready: starting.then(() => undefined) };
}

export async function deactivate(): Promise<void> {
	await stop?.();
}

async function start(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<Server> {
	// The editor waits for whatever is done in the same turn.
	await new Promise(setImmediate);
	const { startServer } = await import('./server.js');
	const server = await startServer(context, output);
	stop = () => server.stop();
	return server;
}
