/** Compiled Rego policies in the thread that ships. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../../scripts/build.mjs';
import { Analysis } from '../../server/src/core/analysis';
import { createRegoEngine } from '../../server/src/host/rego/engine';
import type { RegoAnswer } from '../../server/src/core/workspace/rego-engine';
import { fixture, memorySource } from '../support/fixture';
import { regoModule } from '../support/rego-module';

let directory = '';
let script = '';

beforeAll(async () => {
	directory = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-rego-'));
	await build({ outdir: directory, only: ['rego'] });
	script = path.join(directory, 'rego.js');
}, 120_000);
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

/** A tar archive of these files. */
function tarOf(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
	const blocks = Object.entries(files).flatMap(([name, content]) => {
		const data = Buffer.from(content);
		const header = Buffer.alloc(512);
		header.write(name, 0);
		header.write(data.length.toString(8).padStart(11, '0'), 124);
		header.write('0', 156);
		return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
	});
	return zlib.gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const OBJECTS = ['{"metadata":{"name":"a"}}', '{"image":"x@sha256:0"}'];
const ask = (bytes: Uint8Array, limit?: number): RegoAnswer =>
	createRegoEngine(script, limit).evaluate({ bytes, data: undefined }, OBJECTS);
const found = (answer: RegoAnswer) =>
	answer.kind === 'answers'
		? answer.answers.map(list => list.map(({ rule, kind, message }) => [rule, kind, message]))
		: answer.why;

describe('bundles', () => {
	test('a bare policy', () => {
		expect(found(ask(regoModule()))).toEqual([[], [['main/deny', 'deny', 'no digests']]]);
	});
	test('a bundle, with paths as opa writes them', () => {
		const bundle = tarOf({ '/data.json': '{}', '/policy.wasm': regoModule(), '/.manifest': '{}' });
		expect(found(ask(bundle))).toEqual([[], [['main/deny', 'deny', 'no digests']]]);
	});
	test.each([
		[
			'violations with messages in maps',
			{ entrypoint: 'k8s/violation', found: [{ msg: 'm' }] },
			['k8s/violation', 'deny', 'm'],
		],
		['warnings', { entrypoint: 'main/warn_tags', found: ['m'] }, ['main/warn_tags', 'warn', 'm']],
		['a rule that is just true', { entrypoint: 'a/deny', found: true, nothing: false }, ['a/deny', 'deny', '']],
		[
			'a whole package',
			{ entrypoint: 'main', found: { deny: ['m'], other: 1 }, nothing: { deny: [] } },
			['main/deny', 'deny', 'm'],
		],
	])('%s', (_, module, expected) => {
		expect(found(ask(regoModule(module)))).toEqual([[], [expected]]);
	});
	test.each([
		[
			'an entry point of another kind',
			() => regoModule({ entrypoint: 'main/allow', found: true, nothing: true }),
			/named deny/,
		],
		['no archive', () => Buffer.from('nonsense'), /no gzip archive/],
		['a bundle without a policy', () => tarOf({ '/data.json': '{}' }), /opa build -t wasm/],
		['a broken policy', () => regoModule().subarray(0, 60), /could not be run/],
		['data that is no JSON', () => tarOf({ '/data.json': '{', '/policy.wasm': regoModule() }), /could not be run/],
	])('%s is told', (_, bytes, why) => {
		expect(found(ask(bytes()))).toMatch(why);
	});
	test('what never ends is stopped, and the next one runs', () => {
		const engine = createRegoEngine(script, 4_000);
		expect(found(engine.evaluate({ bytes: regoModule({ endless: true }), data: undefined }, OBJECTS))).toMatch(
			/ran longer/,
		);
		expect(found(engine.evaluate({ bytes: regoModule(), data: undefined }, OBJECTS))).toHaveLength(2);
	}, 30_000);
	test('what answers more than anybody can hold is refused, and the next one runs', () => {
		const engine = createRegoEngine(script, 20_000);
		const before = process.cpuUsage();
		expect(found(engine.evaluate({ bytes: regoModule({ hoarding: true }), data: undefined }, OBJECTS))).toMatch(
			/more than 4 MB/,
		);
		const { user, system } = process.cpuUsage(before);
		expect((user + system) / 1000).toBeLessThan(5_000);
		expect(found(engine.evaluate({ bytes: regoModule(), data: undefined }, OBJECTS))).toHaveLength(2);
	}, 30_000);
	test('a thread that dies is survived, and another one takes the next question', () => {
		const fragile = path.join(directory, 'fragile.js');
		const marked = path.join(directory, 'has-died');
		fs.writeFileSync(
			fragile,
			`const fs = require('node:fs');
			if (fs.existsSync(${JSON.stringify(marked)})) require(${JSON.stringify(script)});
			else {
				fs.writeFileSync(${JSON.stringify(marked)}, '');
				require('node:worker_threads').parentPort.on('message', () => process.exit(1));
			}`,
		);
		const engine = createRegoEngine(fragile, 5_000);
		const question = { bytes: regoModule(), data: undefined };
		expect(found(engine.evaluate(question, OBJECTS))).toMatch(/ran longer|broke down/);
		expect(found(createRegoEngine(fragile, 20_000).evaluate(question, OBJECTS))).toHaveLength(2);
		expect(found(engine.evaluate(question, OBJECTS))).toHaveLength(2);
	}, 60_000);
	test('a build without the thread says so', () => {
		expect(found(createRegoEngine('/nowhere.js').evaluate({ bytes: regoModule(), data: undefined }, []))).toMatch(
			/cannot run/,
		);
	});
});

describe('a tree that lists a bundle', () => {
	const { files } = fixture(`-- strata.yaml --
policies:
  rego: policy/main.wasm
-- kustomization.yaml --
resources: [pod.yaml]
-- pod.yaml --
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000
`);
	const source = {
		...memorySource(files),
		readBytes: (file: string) => (file.endsWith('/policy/main.wasm') ? regoModule() : undefined),
	};
	const rego = (analysis: Analysis) =>
		analysis
			.files()
			.flatMap(file => analysis.diagnostics(file))
			.filter(({ code }) => code.startsWith('policy/'))
			.map(({ file, code, severity, message }) => ({ file, code, severity, message }));
	const roots = [[...files.keys()][0]!.replace(/\/[^/]+$/, '')];
	test('has its objects judged where it is trusted', () => {
		const analysis = new Analysis(source);
		analysis.apply({ roots, rego: createRegoEngine(script) });
		expect(rego(analysis)).toEqual([
			expect.objectContaining({
				code: 'policy/rego',
				severity: 'error',
				message: 'Pod/web violates main/deny of policy/main.wasm: no digests',
			}),
		]);
	});
	test('runs nothing where it is not', () => {
		const analysis = new Analysis(source);
		analysis.apply({ roots });
		const found = rego(analysis);
		expect(found).toEqual([expect.objectContaining({ code: 'policy/not-evaluated', severity: 'information' })]);
		expect(found[0]!.file).toMatch(/strata\.yaml$/);
		expect(found[0]!.message).toContain('only where the folder is trusted');
	});
	test('runs nothing from outside of it', () => {
		const outside = new Map(files).set(`${roots[0]}/strata.yaml`, 'policies: {rego: ../policy/main.wasm}\n');
		const analysis = new Analysis({ ...memorySource(outside), readBytes: () => regoModule() });
		analysis.apply({ roots, rego: createRegoEngine(script) });
		expect(rego(analysis)[0]!.message).toContain('leads out of the tree');
	});
});
