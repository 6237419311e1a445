/** `Strata: Run Script`, and the same scripts as VS Code tasks; only where the user trusts the folder. */
import * as vscode from 'vscode';
import type { ScriptItem } from '../../../server/src/lsp/scripts-protocol';
import type { Server } from '../server';

const TASK_TYPE = 'strata';

/** What `tasks.json` may say of a task of ours. */
interface Definition extends vscode.TaskDefinition {
	/** Below the folder: `scripts/cluster/create.sh`. */
	readonly script: string;
	readonly args?: readonly string[];
}

export async function runScript(server: Server): Promise<void> {
	if (!vscode.workspace.isTrusted) {
		void vscode.window.showWarningMessage('Strata runs scripts only in folders that you trust.');
		return;
	}
	const scripts = await server.scripts();
	if (scripts.length === 0) {
		void vscode.window.showInformationMessage('There are no scripts in scripts/cluster or scripts/gitops.');
		return;
	}
	const items = scripts.map(script => ({ label: nameOf(script), description: script.summary, script }));
	const picked = await vscode.window.showQuickPick(items, {
		placeHolder: 'Run which script?',
		matchOnDescription: true,
	});
	if (!picked) return;
	const { script } = picked;
	const line = script.takes === 'nothing' ? '' : await askArguments(script);
	if (line === undefined) return;
	await vscode.tasks.executeTask(taskOf(script, wordsOf(line)));
}

/** The tasks, of which VS Code shows the descriptions. */
export function scriptTasks(starting: Promise<Server>): vscode.Disposable {
	const found = async () => (vscode.workspace.isTrusted ? (await starting).scripts() : []);
	return vscode.tasks.registerTaskProvider(TASK_TYPE, {
		provideTasks: async () => (await found()).map(script => taskOf(script, [])),
		resolveTask: async task => {
			const { script: path, args } = task.definition as Definition;
			const folder = typeof task.scope === 'object' ? task.scope.uri.toString() : undefined;
			const script = (await found()).find(
				each => each.path === path && (folder === undefined || vscode.Uri.parse(each.folder).toString() === folder),
			);
			return script && taskOf(script, args ?? [], task.definition as Definition);
		},
	});
}

function taskOf(script: ScriptItem, args: readonly string[], definition?: Definition): vscode.Task {
	const folder = vscode.Uri.parse(script.folder);
	const cwd = folder.fsPath;
	const task = new vscode.Task(
		definition ?? ({ type: TASK_TYPE, script: script.path, ...(args.length > 0 ? { args } : {}) } satisfies Definition),
		vscode.workspace.getWorkspaceFolder(folder) ?? vscode.TaskScope.Workspace,
		nameOf(script),
		'strata',
		// No shell looks at the words: what the user typed reaches the script as it is.
		new vscode.ProcessExecution('bash', [vscode.Uri.parse(script.uri).fsPath, ...args], { cwd }),
		[],
	);
	task.detail = script.summary;
	return task;
}

/** `cluster/create` */
function nameOf({ path }: ScriptItem): string {
	return path.replace(/^scripts\//, '').replace(/\.sh$/, '');
}

function askArguments(script: ScriptItem): Thenable<string | undefined> {
	const usage = /^\s*usage:.*$/im.exec(script.description)?.[0].trim();
	return vscode.window.showInputBox({
		title: nameOf(script),
		prompt: usage ?? 'Arguments; none if left empty',
		ignoreFocusOut: true,
	});
}

/** The words of a line, in quotes where they hold spaces. */
function wordsOf(line: string): string[] {
	return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
		([, double, single, plain]) => double ?? single ?? plain ?? '',
	);
}
