// The values that helm is given, beside the file that one types in.
import assert from 'node:assert/strict';

export const folder = 'examples/fleet';

/** `maxReplicas: 8` stands in its line 17. */
const OVERLAY_VALUES = 'clusters/production/applications/podinfo/helm/values.yaml';

export const tests = {
	'merged values open beside, say who wrote each, and follow what one types': async vscode => {
		await vscode.open(OVERLAY_VALUES);
		await vscode.run('View: Toggle Primary Side Bar Visibility');
		await vscode.run('Strata: Show Merged Values');
		await vscode.until('the values', async () => (await vscode.tabs()).includes('podinfo values (production).yaml'));
		await vscode.until('the value', async () => /maxReplicas: 8/.test(await vscode.text(1)));
		await vscode.goTo(17, 6);
		await vscode.picture('values');
		await vscode.press('End');
		await vscode.type('9');
		await vscode.until('the new value', async () => /maxReplicas: 89/.test(await vscode.text(1)));
		await vscode.run('File: Revert File');
		await vscode.until('the old value', async () => /maxReplicas: 8(?!9)/.test(await vscode.text(1)));
	},

	'merged values are compared with those of another environment': async vscode => {
		await vscode.closeAll();
		await vscode.open(OVERLAY_VALUES);
		await vscode.run('Strata: Compare Merged Values');
		// The file is of one environment, so that only the other side is asked for.
		const choices = await vscode.question('staging');
		assert.deepEqual(
			choices.map(choice => choice.split(' ')[0]),
			['base', 'local', 'staging'],
		);
		await vscode.pick(choices.find(choice => choice.startsWith('staging')));
		await vscode.page.locator('.char-insert, .char-delete').first().waitFor({ state: 'attached' });
		await vscode.picture('compare');
	},
};
