/**
 * The language server's process (`dist/server.js`). Loading it starts the server over what the command line names:
 * `--node-ipc` (how the VS Code client starts it), `--stdio`, `--pipe` or `--socket`.
 */
import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import { startsDirectory } from '../host/cache-directory';
import { bounded } from '../host/bounded';
import { createChartStore } from '../host/charts/chart-store';
import { diskSource } from '../host/disk';
import { gitHistoriesLater } from '../host/git-history';
import { FileFingerprints } from '../host/fingerprints';
import { createLogger } from '../host/logger';
import { privateKeys } from '../host/private-keys';
import { createRegoEngine } from '../host/rego/engine';
import { repositoryState } from '../host/repository-state';
import { rulePages } from '../host/rule-pages';
import { sealValue } from '../host/seal';
import { buildOf, sha256Digest, StartCache } from '../host/start-cache';
import { startServer } from '../lsp/server';

const connection = createConnection(ProposedFeatures.all);
const log = createLogger((level, line) =>
	level === 'error' ? connection.console.error(line) : connection.console.info(line),
);

// One broken answer must not take the editor's other features with it.
process.on('uncaughtException', error => log.failure('unexpected', error));
process.on('unhandledRejection', error => log.failure('unexpected', error));
// The parent is gone without a goodbye; over pipes the connection notices by itself.
process.on('disconnect', () => process.exit(1));

/** No piece of work takes nearly as long (in milliseconds), on whatever machine. */
const PATIENCE_MS = 30_000;

const keys = privateKeys();
const fingerprints = new FileFingerprints();
startServer(connection, {
	source: { ...diskSource((file, stat) => fingerprints.reading(file, stat)), sealingKeys: keys },
	usePrivateKeys: files => keys.use(files),
	turns: {
		now: () => performance.now(),
		defer: run => void setImmediate(run),
		bounded: run => bounded(PATIENCE_MS, run),
	},
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
});
