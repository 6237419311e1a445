// Overriding a field of a base in an environment, as a person does it.
import assert from 'node:assert/strict';

export const folder = 'examples/fleet';

const VALUES = 'clusters/base/applications/podinfo/helm/values.yaml';

const lens = (vscode, hasText) => vscode.page.locator('.codelens-decoration', { hasText }).first();

export const tests = {
	'is offered as a refactoring on a field of a base': async vscode => {
		await vscode.open(VALUES);
		await lens(vscode, 'changed in').waitFor({ timeout: 20_000 });
		await vscode.goTo(1, 15);
		await vscode.press('Control+.');
		const menu = vscode.page.locator('.action-widget .monaco-list-row.action');
		await menu.first().waitFor();
		const titles = await menu.allTextContents();
		assert.ok(
			titles.some(title => title.includes('Override in Environment')),
			titles.join(', '),
		);
		await vscode.press('Escape');
	},

	'asks for the environment and the value, shows the change, and makes it': async vscode => {
		await vscode.goTo(1, 15);
		assert.equal(await lens(vscode, 'changed in local, staging').count(), 0);
		await vscode.run('Strata: Override in Environment...');
		await vscode.until('the question', async () => (await vscode.choices()).includes('staging'));
		await vscode.pick('staging');
		await vscode.press('Enter');
		const input = vscode.page.locator('.quick-input-widget input[type=text]').first();
		await vscode.until('the present value', async () => (await input.inputValue()) === '2');
		await vscode.type('7');
		await vscode.press('Enter');
		const preview = vscode.page.locator('.part.panel');
		const file = preview.locator('.monaco-list-row', { hasText: 'values.yaml' }).first();
		await file.waitFor({ timeout: 20_000 });
		await vscode.picture('preview');
		// The user has looked, and agrees: what is to be made is checked.
		await file.locator('[aria-checked="true"], input:checked, .monaco-checkbox.checked').first().waitFor();
		await preview.locator('.monaco-button', { hasText: 'Apply' }).first().click();
		await lens(vscode, 'changed in local, staging').waitFor({ timeout: 20_000 });
	},
};
