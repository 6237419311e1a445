// The example tree in which each invariant and each error state is broken once.
import assert from 'node:assert/strict';

export const folder = 'examples/broken';

/** Words of messages, one for each line of the table in its README. */
const WORDS = [
	'names the environment `staging`',
	'replicaCount',
	'guestbook-smtp',
	'has no README.md',
	'grafana-server',
	'podinfo-mirror',
	'was sealed for the namespace',
	'runAsNonRoot',
];

export const tests = {
	'the Problems panel says all that is broken, without the files being opened': async vscode => {
		await vscode.open('clusters/production/observability/grafana/patches/helmrelease-patch.yaml');
		await vscode.problems();
		await vscode.run('View: Toggle Maximized Panel');
		const rows = await vscode.until('the problems', async () => {
			const found = await vscode.problems();
			return WORDS.every(words => found.some(row => row.includes(words))) ? found : undefined;
		});
		assert.ok(rows.some(row => row.startsWith('Error: ')));
		await vscode.run('View: Toggle Maximized Panel');
		await vscode.page.locator('.squiggly-error').first().waitFor();
		await vscode.picture('problems');
	},

	'a quick fix is offered, and does what it says': async vscode => {
		await vscode.open('clusters/staging/applications/podinfo/helm/values.yaml');
		await vscode.goTo(2, 3);
		const before = await vscode.text();
		assert.match(before, /replicaCount/);
		await vscode.press('Control+.');
		const menu = vscode.page.locator('.action-widget .monaco-list-row.action');
		await menu.first().waitFor();
		await vscode.picture('quick-fix');
		await vscode.press('Enter');
		await vscode.until('the mended file', async () => !(await vscode.text()).includes('replicaCount'));
		await vscode.run('File: Revert File');
	},
};
