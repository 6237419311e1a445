import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after, extension, open, until, uriOf } from './workspace';

const RELEASE = 'clusters/base/applications/podinfo/helm/release.yaml';
const PATCH = 'clusters/production/applications/podinfo/patches/helmrelease-patch.yaml';
const OVERLAY = 'clusters/production/applications/podinfo/kustomization.yaml';

describe('in an open tree', () => {
	before(async () => {
		await open(OVERLAY);
		await (
			await extension().activate()
		).ready;
	});

	afterEach(async () => {
		await vscode.commands.executeCommand('workbench.action.files.revert');
		await vscode.commands.executeCommand('workbench.action.closeAllEditors');
	});

	const problemsOf = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(d => d.source === 'strata');

	const codeOf = ({ code }: vscode.Diagnostic) => String(typeof code === 'object' ? code.value : code);

	async function replace(uri: vscode.Uri, text: string, by: string): Promise<void> {
		const document = await vscode.workspace.openTextDocument(uri);
		const end = after(document, text);
		const edit = new vscode.WorkspaceEdit();
		edit.replace(uri, new vscode.Range(document.positionAt(document.offsetAt(end) - text.length), end), by);
		assert.ok(await vscode.workspace.applyEdit(edit));
	}

	it('says while one types that a resource does not exist, with a page on it, and takes it back', async () => {
		const uri = await open(OVERLAY);
		await replace(uri, 'base/applications/podinfo', 'base/applications/podinfos');
		const problem = await until('the problem', () => problemsOf(uri)[0]);
		assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
		assert.match(problem.message, /podinfos/);
		assert.equal(problem.range.start.line, 3);
		assert.ok(typeof problem.code === 'object', 'the code has a link');
		assert.match(problem.code.target.path, /\/docs\/rules\/kustomize\/.*\.md$/);
		await vscode.workspace.fs.stat(problem.code.target);
		await replace(uri, 'base/applications/podinfos', 'base/applications/podinfo');
		await until('no problem', () => problemsOf(uri).length === 0);
	});

	it('says what does not parse, and where', async () => {
		const uri = await open(PATCH);
		await replace(uri, 'interval: 5m', 'interval: "5m');
		await until('the problem', () => problemsOf(uri).find(problem => codeOf(problem) === 'yaml/syntax'));
		await vscode.commands.executeCommand('workbench.action.files.revert');
		await until('no problem', () => problemsOf(uri).length === 0);
	});

	it('goes from a field of a patch to the field of the base', async () => {
		const uri = await open(PATCH);
		const document = await vscode.workspace.openTextDocument(uri);
		const links = await vscode.commands.executeCommand<(vscode.LocationLink | vscode.Location)[]>(
			'vscode.executeDefinitionProvider',
			uri,
			after(document, 'interv'),
		);
		const targets = links.map(link =>
			'targetUri' in link ? ([link.targetUri, link.targetRange] as const) : ([link.uri, link.range] as const),
		);
		assert.deepEqual(
			targets.map(([target, range]) => [target.path, range.start.line]),
			[[uriOf(RELEASE).path, 5]],
		);
	});

	it('finds from a field of the base every overlay that changes it', async () => {
		const uri = await open(RELEASE);
		const document = await vscode.workspace.openTextDocument(uri);
		const found = await vscode.commands.executeCommand<vscode.Location[]>(
			'vscode.executeReferenceProvider',
			uri,
			after(document, 'interv'),
		);
		assert.ok(found.some(location => location.uri.path === uriOf(PATCH).path && location.range.start.line === 6));
	});

	it('hovers with the value in each environment', async () => {
		const uri = await open(RELEASE);
		const document = await vscode.workspace.openTextDocument(uri);
		// As long as the tree has not been looked at, it says so.
		const text = await until('the values', async () => {
			const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
				'vscode.executeHoverProvider',
				uri,
				after(document, 'interval: 1'),
			);
			const shown = hovers.flatMap(hover => hover.contents.map(c => (typeof c === 'string' ? c : c.value))).join('\n');
			return shown.includes('still looking') ? undefined : shown;
		});
		for (const part of ['production', 'staging', 'local', '15m', '5m']) assert.ok(text.includes(part), text);
	});

	it('completes paths in a kustomization, and keys of values from the base', async () => {
		const labels = async (uri: vscode.Uri, position: vscode.Position) => {
			const list = await vscode.commands.executeCommand<vscode.CompletionList>(
				'vscode.executeCompletionItemProvider',
				uri,
				position,
			);
			return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
		};
		const uri = await open(OVERLAY);
		await replace(uri, 'patches/helmrelease-patch.yaml', 'patches/');
		const document = await vscode.workspace.openTextDocument(uri);
		const paths = await labels(uri, after(document, 'path: patches/'));
		assert.ok(
			paths.some(path => path.includes('helmrelease-patch.yaml')),
			paths.join(', '),
		);
		await vscode.commands.executeCommand('workbench.action.files.revert');

		const values = await open('clusters/production/applications/podinfo/helm/values.yaml');
		const edit = new vscode.WorkspaceEdit();
		edit.insert(values, new vscode.Position(0, 0), 'repl\n');
		await vscode.workspace.applyEdit(edit);
		const keys = await labels(values, new vscode.Position(0, 4));
		assert.ok(keys.includes('replicaCount'), keys.join(', '));
	});

	it('links the paths in a kustomization', async () => {
		const uri = await open(OVERLAY);
		const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
		const targets = links.map(link => link.target?.path);
		assert.ok(targets.includes(uriOf(PATCH).path), targets.join(', '));
		assert.ok(targets.includes(uriOf('clusters/base/applications/podinfo/kustomization.yaml').path));
	});

	it('shows over a field of the base who changes it', async () => {
		const uri = await open(RELEASE);
		const lenses = await until('lenses', async () => {
			const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
			return found.length > 0 ? found : undefined;
		});
		const lens = lenses.find(({ range }) => range.start.line === 5);
		assert.match(lens?.command?.title ?? '', /production/);
		await vscode.commands.executeCommand(lens!.command!.command, ...(lens!.command!.arguments ?? []));
	});

	it('sees what changes on disk', async () => {
		const uri = uriOf('clusters/production/applications/podinfo/extra.yaml');
		const overlay = await open(OVERLAY);
		await replace(
			overlay,
			'../../../base/applications/podinfo\n',
			'../../../base/applications/podinfo\n  - extra.yaml\n',
		);
		await until('the problem', () => problemsOf(overlay).some(problem => problem.message.includes('extra.yaml')));
		const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: extra, namespace: podinfo }\n';
		await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
		await until('no problem', () => problemsOf(overlay).every(problem => !problem.message.includes('extra.yaml')));
		await vscode.workspace.fs.delete(uri);
		await until('the problem', () => problemsOf(overlay).some(problem => problem.message.includes('extra.yaml')));
	});

	it('renders an environment, and again while one types', async () => {
		const patch = await open(PATCH);
		await vscode.commands.executeCommand('strata.renderPreview');
		const rendered = await until('the rendering', () =>
			vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'strata-rendered'),
		);
		assert.equal(rendered.languageId, 'yaml');
		assert.match(rendered.getText(), /^ {2}interval: 5m$/m);
		await replace(patch, 'interval: 5m', 'interval: 7m');
		await until('the new rendering', () => /^ {2}interval: 7m$/m.test(rendered.getText()));

		const links = await vscode.commands.executeCommand<vscode.LocationLink[]>(
			'vscode.executeDefinitionProvider',
			rendered.uri,
			after(rendered, '  interval: 7'),
		);
		assert.deepEqual(
			links.map(link => [link.targetUri.path, link.targetRange.start.line]),
			[[patch.path, 6]],
		);
	});

	it('offers the scripts of the tree as tasks, and runs one', async () => {
		const tasks = await vscode.tasks.fetchTasks({ type: 'strata' });
		const names = tasks.map(({ name }) => name).sort();
		assert.ok(
			names.every(name => /^(cluster|gitops)\//.test(name)),
			names.join(', '),
		);
		const task = tasks.find(({ name }) => name === 'gitops/build');
		assert.ok(task, names.join(', '));
		assert.equal(task.definition.script, 'scripts/gitops/build.sh');
		assert.ok((task.detail ?? '').length > 10, 'the leading comment');
		const ended = new Promise<string>(resolve => {
			vscode.tasks.onDidEndTask(({ execution }) => resolve(execution.task.name));
		});
		await vscode.tasks.executeTask(task);
		assert.equal(await ended, 'gitops/build');
	});

	it('honours the severities in the settings', async () => {
		const settings = vscode.workspace.getConfiguration('strata');
		const uri = await open(PATCH);
		await replace(uri, 'interval: 5m', 'interval: "5m');
		// What else is found in a file that does not parse comes and goes beside it.
		const severity = () => problemsOf(uri).find(problem => codeOf(problem) === 'yaml/syntax')?.severity;
		await until('an error', () => severity() === vscode.DiagnosticSeverity.Error);
		await settings.update('severities', { 'yaml/syntax': 'hint' }, vscode.ConfigurationTarget.Workspace);
		await until('a hint', () => severity() === vscode.DiagnosticSeverity.Hint);
		await settings.update('severities', undefined, vscode.ConfigurationTarget.Workspace);
		await until('an error again', () => severity() === vscode.DiagnosticSeverity.Error);
	});
});
