import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension, open } from './workspace';

describe('the extension', () => {
	it('starts with the first YAML file, and its server answers', async () => {
		await open('clusters/base/applications/podinfo/kustomization.yaml');
		const { ready } = await extension().activate();
		await ready;
		assert.equal(extension().isActive, true);
	});

	it('has its commands', async () => {
		const commands = await vscode.commands.getCommands(true);
		const declared: { command: string }[] = extension().packageJSON.contributes.commands;
		assert.deepEqual(
			declared.map(({ command }) => command).filter(command => !commands.includes(command)),
			[],
		);
	});

	it('goes on after its server has been restarted', async () => {
		await vscode.commands.executeCommand('strata.restartServer');
		const uri = await open('clusters/base/applications/podinfo/kustomization.yaml');
		const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
		assert.ok(Array.isArray(links));
	});
});
