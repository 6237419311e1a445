/**
 * What the language server does, in a bundle of its own (`dist/analysis.js`): `dist/server.js` greets the client and loads it then. The
 * protocol's library is the one that it has.
 */
import path from 'node:path';
import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import { startsDirectory } from '../host/cache-directory';
import { createChartStore } from '../host/charts/chart-store';
import { diskSource } from '../host/disk';
import { FileFingerprints } from '../host/fingerprints';
import { gitHistoriesLater } from '../host/git-history';
import { privateKeys } from '../host/private-keys';
import { createRegoEngine } from '../host/rego/engine';
import { repositoryState } from '../host/repository-state';
import { rulePages } from '../host/rule-pages';
import { sealValue } from '../host/seal';
import { buildOf, sha256Digest, StartCache } from '../host/start-cache';
import { eventLoopTurns } from '../host/turns';
import { serve } from '../lsp/server';
import type { Log } from '../lsp/session';

/** No piece of work takes nearly as long (in milliseconds), on whatever machine. */
const PATIENCE_MS = 30_000;

/** `serve`, with what this machine offers. */
export function start(connection: Connection, log: Log, params: InitializeParams): () => void {
	const keys = privateKeys();
	const fingerprints = new FileFingerprints();
	return serve(
		connection,
		{
			source: { ...diskSource((file, stat) => fingerprints.reading(file, stat)), sealingKeys: keys },
			usePrivateKeys: files => keys.use(files),
			turns: eventLoopTurns(PATIENCE_MS),
			clock: () => Date.now(),
			log,
			seal: (plaintext, certificate, target) => sealValue(plaintext, certificate, target, Date.now()),
			charts: createChartStore({ env: process.env }),
			repositoryState,
			histories: (root, files, signal) => gitHistoriesLater(root, files, process.env, signal),
			rego: createRegoEngine(path.join(__dirname, 'rego.js')),
			starts: storage =>
				new StartCache({ directory: startsDirectory(storage, process.env), build: buildOf(version, __filename) }),
			means: { digest: sha256Digest, fingerprints },
			later: (run, ms) => void setTimeout(run, ms).unref(),
			version,
			rulePage: rulePages(path.join(__dirname, '..', 'docs', 'rules')),
		},
		params,
	);
}
