/** What `strata check` prints in each of its forms: that SARIF is what it says, and that no form repeats a secret. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { boundedSteps } from '../../server/src/host/bounded';
import { run } from '../../server/src/cli/run';
import { CODES, RULES } from '../../server/src/core/rules/registry';
import { NOW } from '../support/check';
import { fixture, memorySource, ROOT } from '../support/fixture';
import { around, PLANTED, TREE, TREES } from '../support/planted';
import { MemoryCache, means } from '../support/starts';

/** So long (in milliseconds) a piece of work may take. */
let patience = 60_000;

/** The exit code of the last check. */
let code: number | undefined;

/** All that it prints, wherever. */
async function check(...how: Parameters<typeof prints>): Promise<string> {
	const { out, err } = await prints(...how);
	return out + err;
}

async function prints(text: string, format: string, cache = new MemoryCache(), ...args: string[]) {
	let out = '';
	let err = '';
	code = await run(
		{
			source: memorySource(fixture(text).files),
			starts: { cache, means: means(), repositoryState: () => 'none' },
			version: '1.2.3',
			now: NOW,
			rulePage: code => `https://example.com/rules/${code}`,
			out: said => (out += said),
			err: said => (err += said),
			colours: false,
			path: () => ROOT,
			histories: () => new Map(),
			bounded: work => boundedSteps(patience, work),
			write: () => undefined,
			serve: () => undefined,
		},
		['check', '--format', format, ...args],
	);
	return { out, err };
}

describe.each(['text', 'json', 'sarif'])('%s', async format => {
	const outputs = await Promise.all(TREES.map(tree => check(tree, format)));

	test('there is a lot to say', () => {
		for (const code of ['sealed-secret/', 'secret/', 'yaml/syntax', 'kustomize/', 'policy/', 'schema/'])
			expect(outputs.join('')).toContain(code);
	});

	test.each(PLANTED)('and %s is not said', planted => {
		for (const output of outputs) expect(around(output, planted)).toBe('');
	});
});

describe('what is kept for the next run', async () => {
	const cache = new MemoryCache();
	const fresh = await check(TREE, 'json', cache);
	const kept = [...cache.entries.values()].flat().join('\n');

	test.each(PLANTED)('does not hold %s', planted => {
		expect(around(kept, planted)).toBe('');
		expect(around(kept, Buffer.from(planted).toString('base64').replace(/=+$/, ''))).toBe('');
	});

	test('makes no difference to what is said, in no form', async () => {
		expect(await check(TREE, 'json', cache)).toBe(fresh);
		for (const format of ['text', 'sarif', 'json'])
			expect(await check(TREE, format, cache)).toBe(await check(TREE, format, new MemoryCache(), '--no-cache'));
	});

	test('is what the next run says', async () => {
		const marked = new MemoryCache();
		for (const [name, lines] of cache.entries) {
			marked.save(
				name,
				lines.map(line => line.replaceAll('"message":"', '"message":"KEPT ')),
			);
		}
		expect(await check(TREE, 'text', marked)).toContain('KEPT ');
		expect(await check(TREE, 'text', marked, '--no-cache')).not.toContain('KEPT ');
		expect(await check(TREE.replace('namePrefix: my-', 'namePrefix: your-'), 'text', marked)).not.toContain('KEPT ');
	});

	test('is nothing with --no-cache', async () => {
		const unused = new MemoryCache();
		await check(TREE, 'json', unused, '--no-cache');
		expect(unused.entries.size).toBe(0);
	});
});

describe('SARIF', () => {
	interface Log {
		readonly version: string;
		readonly runs: readonly [
			{
				readonly tool: {
					readonly driver: { readonly version: string; readonly rules: readonly { id: string; helpUri: string }[] };
				};
				readonly results: readonly {
					readonly ruleId: string;
					readonly ruleIndex: number;
					readonly level: string;
					readonly locations: readonly {
						readonly physicalLocation: { readonly artifactLocation: { uri: string }; region: object };
					}[];
				}[];
			},
		];
	}
	const log = async (text: string) => JSON.parse((await prints(text, 'sarif')).out) as Log;

	test('has a rule for each code with its page, and each result points at its rule', async () => {
		const { version, runs } = await log(TREE);
		expect(version).toBe('2.1.0');
		const { driver } = runs[0].tool;
		expect(driver.version).toBe('1.2.3');
		expect(driver.rules.map(({ id, helpUri }) => [id, helpUri])).toEqual(
			CODES.map(({ code }) => [code, `https://example.com/rules/${code}`]),
		);
		for (const { ruleId, ruleIndex, level } of runs[0].results) {
			expect(driver.rules[ruleIndex]?.id).toBe(ruleId);
			expect(['error', 'warning', 'note']).toContain(level);
		}
	});

	test('says places as SARIF counts them', async () => {
		const { runs } = await log('-- a dir/kustomization.yaml --\nresources:\n  - missing.yaml\n');
		expect(runs[0].results.map(({ ruleId, locations }) => [ruleId, locations[0]!.physicalLocation])).toEqual([
			[
				'kustomize/missing-resource',
				{
					artifactLocation: { uri: 'a%20dir/kustomization.yaml', uriBaseId: '%SRCROOT%' },
					region: { startLine: 2, startColumn: 5, endLine: 2, endColumn: 17 },
				},
			],
		]);
	});
});

describe('a rule that never ends', () => {
	afterEach(() => void vi.restoreAllMocks());

	test('is named and left out; the rest is said, the run has failed, and nothing is kept', async () => {
		const rule = RULES[0]!;
		vi.spyOn(rule, 'check').mockImplementation(() => {
			for (;;);
		});
		patience = 500;
		const cache = new MemoryCache();
		const out = await check(TREE, 'text', cache);
		patience = 60_000;
		expect(out).toContain(`strata check: the rule ${rule.code} did not end, and was left out\n`);
		expect(out).toContain('yaml/syntax');
		expect(code).toBe(2);
		expect([...cache.entries.keys()]).toEqual([]);
	});

	test('is named and left out where it throws, too', async () => {
		const rule = RULES[0]!;
		vi.spyOn(rule, 'check').mockImplementation(() => {
			throw new Error('so it is');
		});
		const cache = new MemoryCache();
		const out = await check(TREE, 'text', cache);
		expect(out).toContain(`strata check: the rule ${rule.code} failed, and was left out: so it is\n`);
		expect(out).toContain('yaml/syntax');
		expect(code).toBe(2);
		expect([...cache.entries.keys()]).toEqual([]);
	});
});
