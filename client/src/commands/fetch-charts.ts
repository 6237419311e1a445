/** `Strata: Fetch Charts`: gets the charts of the tree's HelmReleases from their repositories, with progress, until the user has enough. */
import * as vscode from 'vscode';
import type { Server } from '../server';

export async function fetchCharts(server: Server): Promise<void> {
	if (!vscode.workspace.isTrusted) {
		void vscode.window.showInformationMessage('Strata fetches charts only for folders that you trust.');
		return;
	}
	const options = {
		location: vscode.ProgressLocation.Notification,
		title: 'Strata: fetching charts',
		cancellable: true,
	};
	const { fetched, failed } = await vscode.window.withProgress(options, async (progress, token) => {
		let shown = 0;
		const listening = server.onDidFetch(({ done, total, name }) => {
			const part = (100 * done) / Math.max(total, 1);
			progress.report({ message: `${name} (${done} of ${total})`, increment: Math.max(part - shown, 0) });
			shown = Math.max(part, shown);
		});
		try {
			return await server.fetchCharts(token);
		} finally {
			listening.dispose();
		}
	});
	const charts = (count: number) => `${count} chart${count === 1 ? '' : 's'}`;
	if (failed.length === 0) {
		void vscode.window.showInformationMessage(
			fetched === 0
				? 'Strata found no chart to fetch: no HelmRelease names one outside of the tree.'
				: `Strata fetched ${charts(fetched)}.`,
		);
		return;
	}
	const [first] = failed;
	const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
	void vscode.window.showWarningMessage(`Strata fetched ${charts(fetched)}. ${first}${more}`);
}
