// The healthy example tree, at work: hover, definition, completion, preview, comparison.
import assert from 'node:assert/strict';

export const folder = 'examples/fleet';

const RELEASE = 'clusters/base/applications/podinfo/helm/release.yaml';
const OVERLAY_VALUES = 'clusters/production/applications/podinfo/helm/values.yaml';
const OVERLAY_PATCH = 'clusters/production/applications/podinfo/patches/helmrelease-patch.yaml';

export const tests = {
	'a hover says the value in every environment, and who wrote each': async vscode => {
		await vscode.open(RELEASE);
		await vscode.goTo(6, 14);
		const text = await vscode.hover();
		for (const part of ['15m', '5m', 'production', 'helmrelease-patch.yaml:7']) assert.ok(text.includes(part), text);
		await vscode.picture('hover');
	},

	'F12 on a patched field leads to the field of the base': async vscode => {
		await vscode.open(OVERLAY_PATCH);
		await vscode.goTo(7, 5);
		await vscode.press('F12');
		await vscode.until('the base', async () => (await vscode.activeTab()) === 'release.yaml');
		await vscode.until('the field', async () => (await vscode.cursor()).line === 6);
	},

	'values of an overlay are completed from those of the base': async vscode => {
		await vscode.open(OVERLAY_VALUES);
		await vscode.goTo(1, 1);
		await vscode.press('Control+Enter', 'Control+Home');
		const found = await vscode.suggestions('replicaCount');
		assert.ok(!found.includes('apiVersion'), found.join(', '));
		await vscode.type('ui');
		await vscode.picture('completion');
		await vscode.press('Escape', 'Control+z', 'Control+z', 'Control+z');
		await vscode.run('File: Revert File');
	},

	'the preview opens beside, follows the cursor, and renders again while one types': async vscode => {
		await vscode.closeAll();
		await vscode.open(OVERLAY_PATCH);
		await vscode.run('View: Toggle Primary Side Bar Visibility');
		await vscode.run('Strata: Render Preview');
		await vscode.until('the rendering', async () => (await vscode.tabs()).includes('podinfo (production).yaml'));
		await vscode.goTo(7, 14);
		await vscode.until('the rendered field', async () => /interval: 5m/.test(await vscode.text(1)));
		await vscode.picture('preview');
		await vscode.press('End');
		await vscode.type('5s');
		await vscode.until('the new value', async () => /interval: 5m5s/.test(await vscode.text(1)));
		await vscode.run('File: Revert File');
		await vscode.until('the old value', async () => /interval: 5m(?!5s)/.test(await vscode.text(1)));
	},

	'F12 in the preview leads to who wrote the line': async vscode => {
		await vscode.press('Control+2');
		await vscode.until('the preview', async () => (await vscode.activeTab()) === 'podinfo (production).yaml');
		const lines = (await vscode.text(1)).split('\n');
		assert.ok(lines.some(line => /interval: 5m/.test(line)));
		await vscode.press('Control+f');
		await vscode.type('interval: 5m');
		await vscode.press('Enter', 'Escape', 'F12');
		await vscode.until('the patch', async () => (await vscode.activeTab()) === 'helmrelease-patch.yaml');
		assert.equal((await vscode.cursor()).line, 7);
	},

	'a file of several environments asks which one to render': async vscode => {
		await vscode.closeAll();
		await vscode.open(RELEASE);
		await vscode.run('Strata: Render Preview');
		const choices = await vscode.question('staging');
		for (const name of ['local', 'production', 'staging']) {
			assert.ok(
				choices.some(choice => choice.startsWith(name)),
				choices.join(', '),
			);
		}
		await vscode.pick(choices.find(choice => choice.startsWith('staging')));
		await vscode.until('the rendering', async () => (await vscode.tabs()).includes('podinfo (staging).yaml'));
	},

	'two environments are compared in the diff editor': async vscode => {
		await vscode.closeAll();
		await vscode.open(OVERLAY_PATCH);
		await vscode.run('Strata: Compare Environments');
		const choices = await vscode.question('staging');
		assert.match(choices[0], /podinfo$/, 'the same component comes first');
		await vscode.pick(choices.find(choice => choice.startsWith('staging')));
		await vscode.page.locator('.char-insert, .char-delete').first().waitFor({ state: 'attached' });
		await vscode.until('the title', async () => (await vscode.activeTitle()).includes('podinfo: production ↔ staging'));
		await vscode.picture('compare');
	},

	'nothing is reported on the healthy tree': async vscode => {
		await vscode.closeAll();
		await vscode.open(RELEASE);
		assert.deepEqual(await vscode.problems(), []);
	},
};
