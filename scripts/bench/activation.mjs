#!/usr/bin/env node
// How long the editor waits for the extension to be activated, as the editor itself tells it (`Developer: Show Running Extensions`), in windows that
// are opened one after the other on examples/fleet: `npm run bench:activation`.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, runBundled } from '../run-bundled.mjs';
import { install } from '../vscode/install.mjs';
import { Session } from '../vscode/session.mjs';

const WINDOWS = 5;

const installed = install();
const out = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-activation-'));
const vsix = path.join(
	root,
	fs.readdirSync(root).find(name => name.endsWith('.vsix')),
);
const samples = [];
try {
	for (let i = 0; i < WINDOWS; i++) {
		const folder = path.join(root, 'examples', 'fleet');
		const session = new Session({ label: `activation-${i}`, folder, vsix, installed, out });
		try {
			await session.start();
			samples.push(await activation(session.window));
		} finally {
			await session.close();
		}
	}
} finally {
	fs.rmSync(out, { recursive: true, force: true });
}
process.exitCode = await runBundled('test/bench/activation.ts', samples.map(String));

async function activation(window) {
	await window.open('clusters/base/applications/podinfo/kustomization.yaml');
	await window.run('Developer: Show Running Extensions');
	return window
		.until('the time of the activation', async () => {
			const rows = await window.page
				.locator('.runtime-extensions-editor .monaco-list-row')
				.evaluateAll(all => all.map(row => row.textContent ?? ''));
			const [, ms] = /Activation: (\d+)\s*ms/.exec(rows.find(row => row.includes('Strata')) ?? '') ?? [];
			if (ms !== undefined) return { ms: Number(ms) };
			// The slowest stand first, and only what can be seen is there.
			await window.page.locator('.runtime-extensions-editor').hover();
			await window.page.mouse.wheel(0, 200);
			return undefined;
		})
		.then(({ ms }) => ms);
}
