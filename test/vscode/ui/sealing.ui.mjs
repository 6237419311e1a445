// Sealing a value, as a person does it: the plaintext is typed into a box that hides it, and only ciphertext comes out.
import assert from 'node:assert/strict';

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
};
