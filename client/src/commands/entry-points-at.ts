/** What a command is about: a node of the cluster tree, or the file in the editor. */
import * as vscode from 'vscode';
import type { EntryPointItem } from '../../../server/src/lsp/protocol';
import type { Server } from '../server';

/** A kustomization, and the environment in which it is meant, where one is. */
export interface Where {
	readonly uri?: vscode.Uri;
	readonly environment?: string;
}

/** The entry points that build it; none where nothing does. */
export async function entryPointsAt(server: Server, where?: Where): Promise<readonly EntryPointItem[]> {
	const uri = where?.uri ?? vscode.window.activeTextEditor?.document.uri;
	if (uri?.scheme !== 'file') return [];
	const all = await server.entryPoints(uri);
	return where?.environment === undefined ? all : all.filter(({ environment }) => environment === where.environment);
}
