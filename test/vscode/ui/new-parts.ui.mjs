// New parts of the tree, made as a person makes them: asked for in the palette, shown, and agreed to.
import fs from 'node:fs';
import path from 'node:path';

export const folder = 'examples/fleet';

let workspace;

/** The overlay of podinfo that staging shall get back. */
export function setUp(directory) {
	workspace = directory;
	fs.rmSync(path.join(directory, 'clusters/staging/applications/podinfo'), { recursive: true });
	const list = path.join(directory, 'clusters/staging/applications/kustomization.yaml');
	fs.writeFileSync(list, fs.readFileSync(list, 'utf8').replace('  - podinfo\n', ''));
}

const answer = async (vscode, label) => {
	await vscode.until(`the choice ${label}`, async () => (await vscode.choices()).some(each => each.includes(label)));
	await vscode.pick(label);
};

/** Agrees to what the preview of the change shows, once it has been looked at. */
const apply = async (vscode, picture) => {
	const preview = vscode.page.locator('.part.panel');
	await preview.locator('.monaco-list-row', { hasText: '(creating)' }).first().waitFor({ timeout: 60_000 });
	await vscode.picture(picture);
	await preview.locator('.monaco-button', { hasText: 'Apply' }).first().click();
};

const written = (vscode, file) => vscode.until(file, async () => fs.existsSync(path.join(workspace, file)), 30_000);

export const tests = {
	'the overlay that an environment lacks': async vscode => {
		await vscode.open('clusters/base/applications/podinfo/kustomization.yaml');
		await vscode.run('Strata: New Overlay for this Component');
		await apply(vscode, 'new-overlay');
		await written(vscode, 'clusters/staging/applications/podinfo/kustomization.yaml');
	},

	'a component in every environment': async vscode => {
		await vscode.run('Strata: New Component');
		await answer(vscode, 'clusters/base/applications');
		await answer(vscode, 'Manifests');
		await vscode.until('the name', async () => (await vscode.choices()).length === 0);
		await vscode.type('wiki');
		await vscode.press('Enter');
		await vscode.until('the environments', async () => (await vscode.choices()).includes('staging'));
		await vscode.press('Enter');
		await apply(vscode, 'new-component');
		await written(vscode, 'clusters/production/applications/wiki/kustomization.yaml');
		const list = path.join(workspace, 'clusters/staging/applications/kustomization.yaml');
		await vscode.until('the listing', async () => /^ {2}- wiki$/m.test(fs.readFileSync(list, 'utf8')));
	},

	'an environment like another one': async vscode => {
		await vscode.run('Strata: New Environment');
		await answer(vscode, 'staging');
		await vscode.until('the name', async () => (await vscode.choices()).length === 0);
		await vscode.type('edge');
		await vscode.press('Enter');
		await apply(vscode, 'new-environment');
		await written(vscode, 'clusters/edge/applications/wiki/kustomization.yaml');
		await vscode.run('View: Show Strata');
		await vscode.until('the environment in the tree', async () =>
			(
				await vscode.page
					.locator('.sidebar .pane-body .monaco-list-row')
					.evaluateAll(rows => rows.map(row => row.textContent ?? ''))
			).some(row => row.includes('edge')),
		);
		// What was made is saved, and nothing is found in it.
		await vscode.until(
			'a tree without findings',
			async () => /^\s*0\s*0\s*$/.test((await vscode.page.locator('#status\\.problems').textContent()) ?? ''),
			90_000,
		);
		await vscode.picture('tree-with-new-environment');
	},
};
