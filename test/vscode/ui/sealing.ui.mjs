// Sealing a value, as a person does it: the plaintext is typed into a box that hides it, and only ciphertext comes out.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

export const folder = 'examples/fleet';

const TEMPLATE = 'clusters/base/applications/bulletin/sealed-secrets/template-bulletin-session.yaml';
const ACTUAL = 'clusters/production/applications/bulletin/sealed-secrets/actual-bulletin-session.yaml';
const PLAINTEXT = 'planted-in-a-box';

export const tests = {
	'a value of a template is sealed into the environment, for the name that is rendered there': async vscode => {
		const input = vscode.page.locator('.quick-input-widget input');
		await vscode.open(ACTUAL);
		const before = await vscode.text();
		await vscode.open(TEMPLATE);
		await vscode.goTo(10, 5);
		await vscode.run('Strata: Seal Value');
		await vscode.pick('production');
		await vscode.pick('SESSION_KEY');
		await vscode.pick('clusters/production/infrastructure/sealed-secrets/pub-cert.pem');
		await vscode.pick('strict');
		for (const proposed of ['bulletin', 'bulletin-session']) {
			await vscode.until(proposed, async () => (await input.inputValue()) === proposed);
			await vscode.press('Enter');
		}
		await vscode.until('the box for the value', async () => (await input.getAttribute('type')) === 'password');
		await vscode.type(PLAINTEXT);
		await vscode.picture('seal');
		await vscode.press('Enter');
		await vscode.until('the sealed secret', async () => (await vscode.activeTab()) === 'actual-bulletin-session.yaml');
		const after = await vscode.until('the new ciphertext', async () => {
			const text = await vscode.text();
			return text !== before && text.includes('SESSION_KEY') ? text : undefined;
		});
		assert.ok(!after.includes(PLAINTEXT));
		assert.match(after, /SESSION_KEY: A[gQ]/);
		await vscode.run('File: Revert File');
	},

	'a whole Secret is sealed into a new file: what stands in it, and what is typed for the rest': async vscode => {
		const widget = vscode.page.locator('.quick-input-widget');
		const input = widget.locator('input').first();
		const directory = 'clusters/production/applications/bulletin';
		const secret = path.join(vscode.workspace, directory, 'secret-extra.yaml');
		fs.writeFileSync(
			secret,
			`apiVersion: v1\nkind: Secret\nmetadata:\n  name: extra\n  namespace: bulletin\nstringData:\n  token: planted-in-a-file\n  other: ""\n`,
		);
		await vscode.open(`${directory}/secret-extra.yaml`);
		await vscode.goTo(6, 3);
		await vscode.run('Strata: Seal Secret File');
		await vscode.until('the certificates', () => widget.isVisible());
		await vscode.pick('clusters/production/infrastructure/sealed-secrets/pub-cert.pem');
		await vscode.pick('strict');
		for (const proposed of ['bulletin', 'extra']) {
			await vscode.until(proposed, async () => (await input.inputValue()) === proposed);
			await vscode.press('Enter');
		}
		await vscode.until('the box for the value', async () => (await input.getAttribute('type')) === 'password');
		await vscode.type(PLAINTEXT);
		await vscode.press('Enter');
		await vscode.until('the sealed secret', async () => (await vscode.activeTab()) === 'actual-extra.yaml');
		const text = await vscode.until('both ciphertexts', async () => {
			const found = await vscode.text();
			return /token: A[gQ]/.test(found) && /other: A[gQ]/.test(found) ? found : undefined;
		});
		assert.ok(!text.includes('planted'));
		fs.rmSync(secret);
		for (const file of fs.readdirSync(vscode.session.state, { recursive: true, withFileTypes: true })) {
			if (!file.isFile()) continue;
			const kept = fs.readFileSync(path.join(file.parentPath, file.name), 'latin1');
			assert.ok(!kept.includes(PLAINTEXT), file.name);
		}
		await vscode.run('File: Revert File');
	},
};
