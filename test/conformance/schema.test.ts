/**
 * The outputs of real tools in ../shared, resource by resource, held against the schemas. What real charts and Flux's example trees
 * render is nearly all valid: each exception is listed here with its reason. kustomize's own cases are often no valid resources
 * (a Deployment without selector, `v1` where `apps/v1` is meant); of them only a bound on the count is asserted.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatPath } from '../../server/src/core/base/address';
import { Database } from '../../server/src/core/base/query';
import { validateResource } from '../../server/src/core/kube/schema/validate';
import { readContent } from '../../server/src/core/yaml/content';
import { parseSyntax } from '../../server/src/core/yaml/syntax';
import { memorySource } from '../support/fixture';

const ROOT = join(__dirname, '../../../shared/conformance');
const there = existsSync(ROOT);
if (!there) console.log(`skipped: ${ROOT} is not there`);

/** What is wrong with rendered charts and trees, by chart or tree, code and field. */
const KNOWN: readonly string[] = [
	// The chart makes a version for its label out of an image's tag, which begins with a hyphen in that example.
	'helm/render/stakater--application schema/refused metadata.labels["app.kubernetes.io/version"]',
	'helm/render/stakater--application schema/refused spec.template.metadata.labels["app.kubernetes.io/version"]',
	// A test of the chart's "endpoint" option renders a kind that does not exist.
	'helm/render/bjw-s-labs--test-chart schema/unknown-api kind',
	// Job was never in batch/v1beta1; the chart asks the wrong capability.
	'helm/render/stakater--application schema/unknown-api apiVersion',
	'helm/render/stakater--application schema/removed-api apiVersion',
	// Without values the chart has no URL, and says so in its README.
	'helm/render/fluxcd-community--flux2-sync schema/missing-field spec',
	// A unit test of the chart switches KEDA on without a trigger.
	'helm/render/kubernetes--ingress-nginx schema/missing-field spec',
	// Unit tests of the chart render options without any, and objects for clusters of long ago.
	'helm/render/traefik--traefik schema/missing-field',
	'helm/render/traefik--traefik schema/removed-api apiVersion',
];

function* files(directory: string): Generator<string> {
	for (const entry of readdirSync(directory, { withFileTypes: true })) {
		const path = join(directory, entry.name);
		if (entry.isDirectory()) yield* files(path);
		else if (entry.name.endsWith('.yaml')) yield path;
	}
}

interface Tally {
	documents: number;
	milliseconds: number;
	readonly found: Set<string>;
	readonly counts: Map<string, number>;
}

/** Validates every document of the files that `wanted` takes. `found`: `<first three folders> code path`, errors and warnings. */
function validateAll(folder: string, wanted: (file: string) => boolean): Tally {
	const db = new Database(memorySource(new Map()));
	const tally: Tally = { documents: 0, milliseconds: 0, found: new Set(), counts: new Map() };
	for (const file of files(join(ROOT, folder))) {
		if (!wanted(file)) continue;
		const name = file.slice(ROOT.length + 1);
		for (const { root } of readContent(parseSyntax(readFileSync(file, 'utf8')), {
			file: `/${name}`,
			step: 'resource',
		})) {
			if (root?.kind !== 'map') continue;
			tally.documents++;
			const before = performance.now();
			const problems = validateResource(db, root, { mode: 'resource' });
			tally.milliseconds += performance.now() - before;
			for (const { code, severity, at } of problems) {
				tally.counts.set(code, (tally.counts.get(code) ?? 0) + 1);
				if (severity !== 'error') continue;
				tally.found.add(`${name.split('/').slice(0, 3).join('/')} ${code} ${formatPath(at.path)}`.trim());
			}
		}
	}
	const each = tally.milliseconds / tally.documents;
	const counts = [...tally.counts].sort().map(([code, count]) => `${code} ${count}`);
	console.log(
		`schema, ${folder}: ${tally.documents} documents, ${each.toFixed(2)} ms each; ${counts.join(', ') || 'nothing found'}`,
	);
	return tally;
}

describe.skipIf(!there)('resources that real tools printed', () => {
	test('charts render what the API server takes, but for what is listed', () => {
		const tally = validateAll('helm/render', file => file.endsWith('/expected.yaml'));
		expect(tally.documents).toBeGreaterThan(3000);
		expect([...tally.found].filter(found => !KNOWN.includes(found))).toEqual([]);
		expect(KNOWN.filter(known => !tally.found.has(known))).toEqual([]);
		expect(tally.milliseconds / tally.documents).toBeLessThan(2);
	});

	test("Flux's example trees have no error", () => {
		const tally = validateAll('trees', file => file.includes('/expected/'));
		expect(tally.documents).toBeGreaterThan(50);
		expect([...tally.found]).toEqual([]);
	});

	test("kustomize's cases do not raise more than they deserve", () => {
		const tally = validateAll('kustomize', file => /\/(expected|kubectl)\.yaml$/.test(file));
		// Read one by one when the bound was set: selectors, templates, containers, roles and the like that the cases leave out.
		const bounds: Readonly<Record<string, number>> = {
			'schema/missing-field': 300,
			'schema/unknown-api': 170,
			'schema/unknown-field': 55,
			'schema/refused': 135,
			'schema/removed-api': 55,
			'schema/wrong-type': 10,
			'schema/duplicate-list-key': 3,
			'schema/not-in-enum': 2,
			'schema/bad-format': 1,
		};
		for (const [code, count] of tally.counts) {
			if (code === 'schema/unknown-kind' || code === 'schema/deprecated-api') continue;
			expect(count, code).toBeLessThanOrEqual(bounds[code] ?? 0);
		}
	});
});
