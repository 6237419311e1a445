/**
 * New parts in every layout that is at hand: whatever Strata offers to make leaves no finding that was not there, and builds. What it will
 * not make it says why.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ScaffoldRequest } from '../../server/src/core/ide/scaffold/scaffold';
import { after, analysisOf } from '../support/examples';
import { ROOT } from '../support/fixture';
import { type Files, repositories } from '../support/repositories';

/** What may be asked for in a repository; of what is alike, a few. */
function requests(files: Files): ScaffoldRequest[] {
	const analysis = analysisOf(files);
	const { environments, groups, components } = analysis.scaffoldChoices();
	return [
		...groups.slice(0, 2).flatMap(({ directory: group }) =>
			(['helm', 'manifests'] as const).map((kind): ScaffoldRequest => ({
				what: 'component',
				kind,
				name: 'new-probe',
				group,
				environments,
			})),
		),
		...environments.slice(0, 2).map((like): ScaffoldRequest => ({ what: 'environment', like, name: 'edge' })),
		...components
			.flatMap(({ directory: component, missing }) =>
				missing.map((environment): ScaffoldRequest => ({ what: 'overlay', component, environment })),
			)
			.slice(0, 3),
	];
}

interface Found {
	readonly severity: string;
	readonly code: string;
	readonly file: string;
	readonly message: string;
}

function findings(files: Files): readonly Found[] {
	const analysis = analysisOf(files);
	return [...new Set([...analysis.files(), ...files.keys()])].flatMap(file =>
		analysis.diagnostics(file).map(({ severity, code, message }) => ({
			severity,
			code,
			file: file.slice(ROOT.length + 1),
			message,
		})),
	);
}

/** What is found that was not. A new environment is a copy: it repeats what is wrong with its model, and differs from it in nothing. */
function added(request: ScaffoldRequest, before: readonly Found[], now: readonly Found[]): readonly Found[] {
	const isCopied = ({ severity, code }: Found) =>
		request.what === 'environment' &&
		(/information|hint/.test(severity) || (severity === 'warning' && before.some(each => each.code === code)));
	// With one more beside it, or in one more environment, a component shows where it is lacking.
	const isOfOthers = ({ code, file }: Found) =>
		code === 'tree/missing-component' && !(request.what === 'component' && file.includes(`/${request.name}/`));
	return now.filter(
		found =>
			!isCopied(found) &&
			!isOfOthers(found) &&
			!before.some(each => each.code === found.code && each.file === found.file),
	);
}

/** The real tool takes most of a minute for all of them, so it is asked where somebody names one. */
const KUBECTL = process.env.STRATA_KUBECTL;

/** Builds the directories that hold a new kustomization, where the real tool is named. */
function buildAll(files: Files, made: readonly string[]): void {
	const directories = made.filter(file => file.endsWith('/kustomization.yaml')).map(file => path.dirname(file));
	if (KUBECTL === undefined || directories.length === 0) return;
	const root = fs.mkdtempSync(path.join(os.tmpdir(), 'scaffold-'));
	onTestFinished(() => fs.rmSync(root, { recursive: true }));
	for (const [file, text] of files) {
		const target = path.join(root, file.slice(ROOT.length));
		fs.mkdirSync(path.dirname(target), { recursive: true });
		fs.writeFileSync(target, text);
	}
	for (const directory of directories) {
		const args = ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', path.join(root, directory)];
		const { status, stderr } = spawnSync(KUBECTL, args, { encoding: 'utf8' });
		// What the model has of these its copy has: charts that helm inflates, remote bases, and a listing of nothing, which Flux lets pass.
		if (status !== 0) expect(stderr).toMatch(/must specify --enable-helm|https?:\/\/|kustomization\.yaml is empty/);
	}
}

const cases = repositories.flatMap(([name, load]) => {
	const files = load();
	return requests(files).map((request): [string, string, Files, ScaffoldRequest] => {
		const { what, ...rest } = request;
		return [name, `${what} ${Object.values(rest).flat().join(' ')}`.replaceAll(ROOT, ''), files, request];
	});
});

const known = new Map<Files, readonly Found[]>();

test.each(cases)(
	'%s: %s',
	(_name, _title, files, request) => {
		const before = known.get(files) ?? findings(files);
		known.set(files, before);
		const found = analysisOf(files).scaffold(request);
		if (found.kind === 'refused') {
			expect(found.why).toMatch(/^[A-Z"/].*\.$/);
			return;
		}
		const result = after(files, found.change);
		const made = found.change.create.map(({ file }) => file.slice(ROOT.length + 1));
		expect(made.length + found.change.edits.length).toBeGreaterThan(0);
		expect(added(request, before, findings(result))).toEqual([]);
		buildAll(result, made);
	},
	60_000,
);
