/**
 * `Strata: Seal Value` and `Strata: Seal Secret File`: asks what to seal, for whom and with which certificate, and puts the ciphertext where it belongs.
 * A plaintext goes from a password box to the server and nowhere else.
 */
import * as vscode from 'vscode';
import type { SealableItem, SealAt, SealParams, SealPlaceItem, SealScope } from '../../../server/src/lsp/protocol';
import type { Server } from '../server';
import { type PlainValue, askForValue } from './ask-for-value';

/** Where to seal: at the cursor, or where a quick fix says. */
interface At {
	readonly uri: vscode.Uri;
	readonly position: vscode.Position;
}

/** Seals one value. */
export async function sealValue(server: Server): Promise<void> {
	await sealAt(server, cursor(), pickKey);
}

/** Seals all values of a Secret or SealedSecret. */
export async function sealSecretFile(server: Server, given: SealAt | undefined): Promise<void> {
	const at = given
		? {
				uri: vscode.Uri.parse(given.uri),
				position: new vscode.Position(given.position.line, given.position.character),
			}
		: cursor();
	await sealAt(server, at, async ({ keys }) =>
		keys.length > 0 ? keys.map(({ key }) => key) : pickKey({ keys, key: '' }),
	);
}

function cursor(): At | undefined {
	const editor = vscode.window.activeTextEditor;
	return editor && { uri: editor.document.uri, position: editor.selection.active };
}

type ChooseKeys = (sealable: Pick<SealableItem, 'keys' | 'key'>) => Promise<readonly string[] | undefined>;

async function sealAt(server: Server, at: At | undefined, chooseKeys: ChooseKeys): Promise<void> {
	if (!at) {
		void vscode.window.showInformationMessage('Open the Secret or SealedSecret whose values are to be sealed first.');
		return;
	}
	const sealable = await server.sealable(at.uri, at.position);
	if ('failure' in sealable) {
		void vscode.window.showWarningMessage(sealable.failure);
		return;
	}
	// Whatever is left unanswered ends it: nothing has been done yet.
	const place = await pickPlace(sealable.places);
	const keys = place && (await chooseKeys(sealable));
	const certificate = keys && (await pickCertificate(place));
	const target = certificate && (await askForTarget(place));
	const values = target && (await askForValues(sealable, keys, place));
	if (!place || !certificate || !target || !values) return;
	const result = await server.seal(at.uri, at.position, { place: place.uri, target, certificate, ...values });
	if ('failure' in result) {
		void vscode.window.showErrorMessage(result.failure);
		return;
	}
	await vscode.workspace.applyEdit(result.edit);
	await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), { preview: false });
}

async function pickPlace(places: readonly SealPlaceItem[]): Promise<SealPlaceItem | undefined> {
	if (places.length < 2) return places[0];
	const items = places.map(place => ({
		label: place.environment || place.label,
		description: place.isNew ? `makes ${place.label}` : place.label,
		place,
	}));
	return (await vscode.window.showQuickPick(items, { placeHolder: 'Seal for which environment?' }))?.place;
}

async function pickKey({ keys, key }: Pick<SealableItem, 'keys' | 'key'>): Promise<readonly string[] | undefined> {
	const names = keys.map(each => each.key).sort((a, b) => Number(b === key) - Number(a === key));
	const another = { label: '$(add) Another key ...', name: undefined };
	const items = [...names.map(name => ({ label: name, name })), another];
	const picked =
		names.length === 0
			? another
			: await vscode.window.showQuickPick(items, { placeHolder: 'Seal the value of which key?' });
	if (!picked) return undefined;
	if (picked.name !== undefined) return [picked.name];
	const typed = await vscode.window.showInputBox({
		prompt: 'The key of the new value',
		validateInput: text =>
			/^[-._a-zA-Z0-9]{1,253}$/.test(text) ? undefined : 'Letters, digits, "-", "_" and "." make a key.',
	});
	return typed === undefined ? undefined : [typed];
}

async function pickCertificate(place: SealPlaceItem): Promise<SealParams['certificate'] | undefined> {
	const found = place.certificates.map(({ uri, label }) => ({ label, uri }));
	const paste = { label: '$(clippy) Paste a certificate ...', uri: undefined };
	const where = place.environment ? ` of ${place.environment}` : '';
	const picked = await vscode.window.showQuickPick([...found, paste], {
		placeHolder: `Seal with which certificate${where}?`,
	});
	if (!picked) return undefined;
	if (picked.uri !== undefined) return { uri: picked.uri };
	const pem = await vscode.window.showInputBox({
		prompt: 'The certificate, as `kubeseal --fetch-cert` prints it',
		placeHolder: '-----BEGIN CERTIFICATE----- ...',
		ignoreFocusOut: true,
		validateInput: text =>
			text.includes('-----BEGIN CERTIFICATE-----') ? undefined : 'It begins with -----BEGIN CERTIFICATE-----.',
	});
	return pem === undefined ? undefined : { pem };
}

const SCOPES: Readonly<Record<SealScope, string>> = {
	strict: 'opens under this name in this namespace only',
	'namespace-wide': 'opens under any name in this namespace',
	'cluster-wide': 'opens anywhere in the cluster',
};

async function askForTarget(place: SealPlaceItem): Promise<SealParams['target'] | undefined> {
	const scopes = (Object.keys(SCOPES) as SealScope[]).sort(
		(a, b) => Number(b === place.scope) - Number(a === place.scope),
	);
	const picked = await vscode.window.showQuickPick(
		scopes.map(scope => ({ label: scope, description: SCOPES[scope], scope })),
		{ placeHolder: 'In which scope?' },
	);
	if (!picked) return undefined;
	const { scope } = picked;
	const namespace = scope === 'cluster-wide' ? place.namespace : await confirm('namespace', place.namespace);
	if (namespace === undefined) return undefined;
	const name = scope === 'strict' ? await confirm('name', place.name) : place.name;
	return name === undefined ? undefined : { scope, name, namespace };
}

async function confirm(what: 'name' | 'namespace', rendered: string): Promise<string | undefined> {
	return vscode.window.showInputBox({
		value: rendered,
		prompt: rendered ? `The ${what} to seal for, as it is rendered` : `The ${what} to seal for`,
		validateInput: text =>
			/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text) ? undefined : `This is no ${what} of a Kubernetes object.`,
	});
}

/** A password box for each value that does not stand in the Secret already. */
async function askForValues(
	{ keys }: SealableItem,
	chosen: readonly string[],
	{ environment }: SealPlaceItem,
): Promise<Pick<SealParams, 'values' | 'written'> | undefined> {
	const written = keys.filter(({ key, value }) => value === 'written' && chosen.includes(key)).map(({ key }) => key);
	const values: ({ readonly key: string } & PlainValue)[] = [];
	for (const key of chosen.filter(key => !written.includes(key))) {
		const value = await askForValue(environment ? `${key} in ${environment}` : key);
		if (value === undefined) return undefined;
		values.push({ key, ...value });
	}
	return { values, written };
}
