/**
 * Says which charts are not at hand, so that nobody takes silence for a check: in the language status of YAML files as long as there are some, and once for each
 * folder in a message that offers to fetch them.
 */
import * as vscode from 'vscode';
import type { UnknownChartsParams } from '../../server/src/lsp/protocol';

const SAID = 'strata.saidUnknownCharts';
const FETCH = 'Fetch Charts';

export function sayUnknownCharts(
	unknown: vscode.Event<UnknownChartsParams>,
	remembered: vscode.Memento,
): vscode.Disposable {
	const item = vscode.languages.createLanguageStatusItem('strata.charts', { language: 'yaml' });
	item.name = 'Strata: charts';
	item.severity = vscode.LanguageStatusSeverity.Information;
	showIn(item, []);
	return vscode.Disposable.from(
		item,
		unknown(({ charts }) => {
			showIn(item, charts);
			if (charts.length === 0 || !vscode.workspace.isTrusted || remembered.get(SAID)) return;
			void remembered.update(SAID, true);
			void ask(charts);
		}),
	);
}

type Unknown = UnknownChartsParams['charts'];

function showIn(item: vscode.LanguageStatusItem, charts: Unknown): void {
	item.text = charts.length === 0 ? 'All charts are at hand' : `${count(charts)} not at hand`;
	item.detail = charts.length === 0 ? undefined : charts.map(({ why }) => why).join(' ');
	item.command = charts.length === 0 ? undefined : { command: 'strata.fetchCharts', title: FETCH };
}

async function ask(charts: Unknown): Promise<void> {
	const releases = new Set(charts.flatMap(chart => chart.releases));
	const values =
		releases.size === 1 ? `the values of ${[...releases][0]!}` : `the values of ${releases.size} HelmReleases`;
	const first = charts.length === 1 ? charts[0]!.why : `${count(charts)} not at hand, so ${values} are not checked.`;
	const chosen = await vscode.window.showInformationMessage(`Strata: ${first}`, FETCH);
	if (chosen === FETCH) await vscode.commands.executeCommand('strata.fetchCharts');
}

function count(charts: Unknown): string {
	return charts.length === 1 ? 'one chart is' : `${charts.length} charts are`;
}
