#!/usr/bin/env node
// Makes strata-<version>.vsix: builds, packs, and looks that nothing is in it that should not be.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX, listFiles } from '@vscode/vsce';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MAX_BYTES = 5 * 1024 * 1024;

/** What people read, and what runs. */
const EXPECTED =
	/^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[^/]+\.(js|txt)|dist\/(schemas|descriptions)\/.+|docs\/rules\/.+\.md|images\/(icon\.png|cluster-tree\.svg))$/;

execFileSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });

const files = await listFiles({ cwd: root, packageManager: 0 });
const strange = files.filter(file => !EXPECTED.test(file));
if (strange.length > 0) throw new Error(`these do not belong into the package: ${strange.join(', ')}`);

const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const packagePath = path.join(root, `${name}-${version}.vsix`);
await createVSIX({
	cwd: root,
	packagePath,
	dependencies: false,
	allowMissingRepository: true,
	// Links and pictures of the README stay as they are: there is no public address to point them to.
	rewriteRelativeLinks: false,
});
const { size } = fs.statSync(packagePath);
if (size > MAX_BYTES) throw new Error(`${packagePath} has ${size} bytes, more than ${MAX_BYTES}`);
console.log(`${path.basename(packagePath)}  ${(size / 1024).toFixed(0)} KiB`);
