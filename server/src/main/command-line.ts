#!/usr/bin/env node
/** The command line's process (`dist/strata.js`). The language server is loaded for `strata lsp` only. */
import fs from 'node:fs';
import path from 'node:path';
import { version } from '../../../package.json';
import { run } from '../cli/run';
import type { ExitCode } from '../cli/terminal';
import { boundedSteps } from '../host/bounded';
import { startsDirectory } from '../host/cache-directory';
import { createChartStore } from '../host/charts/chart-store';
import { diskSource } from '../host/disk';
import { gitHistories } from '../host/git-history';
import { FileFingerprints } from '../host/fingerprints';
import { fromNative, toNative } from '../host/native-paths';
import { createRegoEngine } from '../host/rego/engine';
import { repositoryState } from '../host/repository-state';
import { rulePages } from '../host/rule-pages';
import { buildOf, sha256Digest, StartCache } from '../host/start-cache';

/** No piece of work takes nearly as long (in milliseconds), on whatever machine. */
const PATIENCE_MS = 60_000;

/** Written synchronously: what was said must be out before the process ends, also into a pipe. */
function print(descriptor: 1 | 2, text: string): void {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length;) {
		try {
			at += fs.writeSync(descriptor, bytes, at);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			// Whoever read our output has seen enough (`strata build . | head`).
			if (code === 'EPIPE') process.exit(0);
			// The pipe is full: its reader is slower than we are.
			if (code !== 'EAGAIN') throw error;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		}
	}
}

async function runHere(): Promise<ExitCode> {
	try {
		const charts = createChartStore({ env: process.env });
		const fingerprints = new FileFingerprints();
		return await run(
			{
				source: diskSource((file, stat) => fingerprints.reading(file, stat)),
				starts: {
					cache: new StartCache({
						directory: startsDirectory(undefined, process.env),
						build: buildOf(version, __filename),
					}),
					means: { digest: sha256Digest, fingerprints },
					repositoryState,
				},
				version,
				now: Date.now(),
				rulePage: rulePages(path.join(__dirname, '..', 'docs', 'rules')),
				out: text => print(1, text),
				err: text => print(2, text),
				colours: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
				charts: {
					lookUp: key => charts.lookUp(key),
					// Whoever has enough of it ends the process.
					fetch: key => charts.fetch(key, new AbortController().signal),
				},
				rego: createRegoEngine(path.join(__dirname, 'rego.js')),
				bounded: work => boundedSteps(PATIENCE_MS, work),
				path: fromNative,
				histories: (root, files) => gitHistories(root, files, process.env),
				write: (file, text) => {
					try {
						fs.writeFileSync(toNative(file), text);
						return undefined;
					} catch (error) {
						return error instanceof Error ? error.message : String(error);
					}
				},
				// Built beside this file; it finds `--stdio` on the command line by itself.
				serve: () => void require(path.join(__dirname, 'server.js')),
			},
			process.argv.slice(2),
		);
	} catch (error) {
		print(2, `strata: this is a mistake of Strata itself: ${error instanceof Error ? error.stack : String(error)}\n`);
		return 2;
	}
}

void runHere().then(code => {
	if (code !== undefined) process.exitCode = code;
});
