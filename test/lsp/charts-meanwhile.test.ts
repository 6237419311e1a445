/** Charts that are looked for while somebody types: what is said of them rests on a check of the tree as it is. */
import { expect, test } from 'vitest';
import { Charts, type ChartStore } from '../../server/src/lsp/charts';
import type { Session } from '../../server/src/lsp/session';
import { chartArchiveKey } from '../../server/src/core/workspace/chart-archives';

const keyOf = (name: string) => chartArchiveKey('https://charts.example', name, '1.x');

/** The charts of a tree that wants `wanted`, with a machine that answers when told so, and knows none of them. */
function looking(wanted: string[]) {
	const analysis = {
		revision: 1,
		wantedCharts: () => wanted.map(keyOf),
		unknownCharts: () => wanted.map(why => ({ why, releases: [] })),
	};
	const asked: string[] = [];
	let answer = (): void => undefined;
	const store: ChartStore = {
		lookUp: key => {
			asked.push(key);
			return new Promise(resolve => (answer = () => resolve(undefined)));
		},
		fetch: () => Promise.reject(new Error('nothing is fetched')),
	};
	const said: string[][] = [];
	const session = {
		analysis,
		trusted: true,
		log: { failure: (_: string, error: unknown) => expect.fail(String(error)) },
	};
	const charts = new Charts(
		session as unknown as Session,
		store,
		() => undefined,
		unknown => void said.push(unknown.charts.map(({ why }) => why)),
	);
	const answered = async () => {
		answer();
		await new Promise(setImmediate);
	};
	return { analysis, charts, asked, said, answered };
}

test('nothing is said of a tree that was edited meanwhile, until it has been checked again', async () => {
	const { analysis, charts, said, answered } = looking(['web']);
	charts.afterCheck();
	analysis.revision++;
	await answered();
	expect(said).toEqual([]);
	charts.afterCheck();
	expect(said).toEqual([['web']]);
});

test('a chart that a check has found wanting meanwhile is looked for next', async () => {
	const wanted = ['web'];
	const { analysis, charts, asked, said, answered } = looking(wanted);
	charts.afterCheck();
	wanted.push('db');
	analysis.revision++;
	charts.afterCheck();
	expect(asked).toEqual([keyOf('web')]);
	await answered();
	expect(asked).toEqual([keyOf('web'), keyOf('db')]);
	await answered();
	expect(said).toEqual([['web', 'db']]);
});
