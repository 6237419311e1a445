#!/usr/bin/env node
// Makes images/icon.png out of images/icon.svg: VS Code takes no SVG for an extension's icon. Needs Chromium.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SIZE = 256;
const images = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'images');
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-icon-'));
try {
	const svg = fs.readFileSync(path.join(images, 'icon.svg'), 'utf8');
	const page = path.join(temporary, 'icon.html');
	fs.writeFileSync(
		page,
		`<style>html,body{margin:0;background:transparent}svg{display:block;width:${SIZE}px;height:${SIZE}px}</style>${svg}`,
	);
	const { status, stderr } = spawnSync(
		process.env.CHROMIUM ?? 'chromium',
		[
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--no-first-run',
			'--disable-background-networking',
			'--hide-scrollbars',
			'--default-background-color=00000000',
			`--user-data-dir=${path.join(temporary, 'profile')}`,
			`--window-size=${SIZE},${SIZE}`,
			`--screenshot=${path.join(images, 'icon.png')}`,
			pathToFileURL(page).href,
		],
		{ encoding: 'utf8', timeout: 60_000 },
	);
	if (status !== 0) throw new Error(`Chromium ended with ${status}: ${stderr}`);
} finally {
	fs.rmSync(temporary, { recursive: true, force: true });
}
