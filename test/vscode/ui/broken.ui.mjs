// The example tree in which each invariant and each error state is broken once.
import assert from 'node:assert/strict';

export const folder = 'examples/broken';

export const tests = {
	'the Problems panel says what is broken, without a file being opened by hand': async vscode => {
		await vscode.open('clusters/production/observability/grafana/patches/helmrelease-patch.yaml');
		const rows = await vscode.until('the problems', async () => {
			const found = await vscode.problems();
			return found.some(row => row.includes('grafana-server')) ? found : undefined;
		});
		assert.ok(rows.some(row => row.startsWith('Error: ')));
		await vscode.page.locator('.squiggly-error').first().waitFor();
		await vscode.picture('problems');
	},

	'a quick fix is offered, and does what it says': async vscode => {
		await vscode.goTo(4, 10);
		await vscode.press('Control+.');
		const menu = vscode.page.locator('.action-widget .monaco-list-row');
		const fixes = await vscode.until('fixes', async () => {
			const found = await menu.allTextContents();
			return found.length > 0 ? found : undefined;
		});
		assert.ok(
			fixes.some(fix => fix.includes('grafana')),
			fixes.join(', '),
		);
		await vscode.picture('quick-fix');
		await vscode.press('Escape');
	},
};
