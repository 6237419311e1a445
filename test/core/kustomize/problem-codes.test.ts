/** The table of codes and the code that reports them agree. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { KUSTOMIZE_PROBLEM_CODES } from '../../../server/src/core/kustomize/problem-codes';

const ENGINE = resolve(__dirname, '../../../server/src/core/kustomize');

function* sources(directory: string): Generator<string> {
	for (const name of readdirSync(directory)) {
		const path = join(directory, name);
		if (statSync(path).isDirectory()) yield* sources(path);
		else if (name !== 'problem-codes.ts') yield readFileSync(path, 'utf8');
	}
}

test('every code that the engine reports is in the table, and every code of the table is reported', () => {
	const all = [...sources(ENGINE)].join('\n');
	const reported = new Set([...all.matchAll(/'(kustomize\/[a-z0-9-]+)'/g)].map(match => match[1]!));
	for (const name of ['component-as-resource', 'resource-as-component'])
		if (all.includes(`'${name}'`)) reported.add(`kustomize/${name}`);
	const known = KUSTOMIZE_PROBLEM_CODES.map(({ code }) => code);
	expect([...reported].sort()).toEqual([...known].sort());
	expect(new Set(known).size).toBe(known.length);
});
