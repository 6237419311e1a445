// The cluster tree in the side bar, on the tree in which everything is broken once.
import assert from 'node:assert/strict';

export const folder = 'examples/broken';

const rowsOf = vscode =>
	vscode.page
		.locator('.sidebar .pane-body .monaco-list-row')
		.evaluateAll(rows => rows.map(row => row.textContent ?? ''));

const click = async (vscode, text) => {
	const row = vscode.page.locator('.sidebar .pane-body .monaco-list-row', { hasText: text }).first();
	await row.click();
	return row;
};

/** Opens a row by its arrow, which needs no focus: that may be the editor's by now. */
const unfold = async (vscode, text) => {
	const row = vscode.page.locator('.sidebar .pane-body .monaco-list-row', { hasText: text }).first();
	if ((await row.getAttribute('aria-expanded')) !== 'true') await row.locator('.monaco-tl-twistie').click();
};

export const tests = {
	'shows components with how much is found in them, and which environment lacks one': async vscode => {
		await vscode.open('clusters/base/applications/podinfo/kustomization.yaml');
		await vscode.run('View: Show Strata');
		const rows = await vscode.until('the tree', async () => {
			const found = await rowsOf(vscode);
			return found.some(row => row.includes('guestbook')) ? found : undefined;
		});
		assert.ok(
			rows.some(row => row.includes('clusters/base/applications')),
			rows.join('\n'),
		);
		assert.match(
			rows.find(row => row.startsWith('guestbook')),
			/\d+ errors?/,
		);
		await click(vscode, 'guestbook');
		await vscode.until('the base', async () => (await vscode.activeTab()) === 'kustomization.yaml');
		await vscode.until('the environments', async () => {
			// A row closes again where the view is filled anew meanwhile.
			await unfold(vscode, 'guestbook');
			const found = await rowsOf(vscode);
			return ['production', 'staging'].every(name => found.filter(row => row.startsWith(name)).length >= 2);
		});
		await vscode.picture('cluster-tree');
	},

	'marks entry points whose build fails': async vscode => {
		const rows = await vscode.until('the entry points', async () => {
			const found = await rowsOf(vscode);
			return found.some(row => row.startsWith('Entry points')) ? found : undefined;
		});
		assert.ok(
			rows.some(row => /build fails/.test(row)),
			rows.join('\n'),
		);
	},

	'a click opens the kustomization, and the button beside it the preview': async vscode => {
		const row = await click(vscode, 'staging');
		await vscode.until('the overlay', async () =>
			(await vscode.page.locator('.breadcrumbs-control').first().textContent()).includes('staging'),
		);
		await row.hover();
		await row.locator('.action-label[aria-label^="Render Preview"]').click();
		await vscode.until('the preview', async () => (await vscode.tabs()).some(name => /\(staging\)\.yaml$/.test(name)));
		await vscode.picture('preview');
	},
};
