/**
 * The language server's process (`dist/server.js`). Loading it starts the server over what the command line names:
 * `--node-ipc` (how the VS Code client starts it), `--stdio`, `--pipe` or `--socket`. It answers `initialize` and loads all else
 * (`dist/analysis.js`) while the client reads that.
 */
import path from 'node:path';
import * as protocol from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import { once } from '../core/base/once';
import { compiledDirectory } from '../host/cache-directory';
import { keepCompiled } from '../host/compiled';
import { createLogger } from '../host/logger';
import { keepGarbageSmall } from '../host/memory';
import { greeting } from '../lsp/greeting';
import { storageOf } from '../lsp/storage';

/** For `dist/analysis.js`, which has no library of its own: classes are asked for by identity. */
export * from 'vscode-languageserver/node';

keepGarbageSmall();

const transport = pipeOrSocket(process.argv.slice(2));
const connection = transport
	? protocol.createConnection(protocol.ProposedFeatures.all, ...transport)
	: protocol.createConnection(protocol.ProposedFeatures.all);
const log = createLogger((level, line) =>
	level === 'error' ? connection.console.error(line) : connection.console.info(line),
);

// One broken answer must not take the editor's other features with it.
process.on('uncaughtException', error => log.failure('unexpected', error));
process.on('unhandledRejection', error => log.failure('unexpected', error));
// The client is gone without a goodbye; over stdio the library notices by itself.
process.on('disconnect', () => process.exit(1));
transport?.[0].onClose(() => process.exit(1));

/** Loads the rest, once; gives what to do when the client says `initialized`. Nothing before the client has said `initialize`. */
let load: (() => () => void) | undefined;

connection.onInitialize(params => {
	if (load) return new protocol.ResponseError(protocol.ErrorCodes.InvalidRequest, 'The server is running already.');
	const begin = once(() => begun(params));
	load = begin;
	// The answer goes out in the next turn, and what takes longer begins after it.
	setImmediate(() => setImmediate(begin));
	return greeting(version);
});
connection.onInitialized(() => load?.()());
connection.onRequest(method => {
	const { MethodNotFound, ServerNotInitialized } = protocol.ErrorCodes;
	return load
		? new protocol.ResponseError(MethodNotFound, `Strata does not know the method ${method}.`)
		: new protocol.ResponseError(ServerNotInitialized, 'The server is not running.');
});
connection.listen();

/** The streams of `--pipe NAME` or `--socket PORT`, each also with `=`. */
function pipeOrSocket(args: readonly string[]): [protocol.MessageReader, protocol.MessageWriter] | undefined {
	const at = args.findIndex(arg => /^--(pipe|socket)(=|$)/.test(arg));
	if (at < 0) return undefined;
	const [option, value = args[at + 1] ?? ''] = args[at]!.split(/=(.*)/s);
	return option === '--pipe'
		? protocol.createServerPipeTransport(value)
		: protocol.createServerSocketTransport(Number(value));
}

function begun(params: protocol.InitializeParams): () => void {
	keepCompiled(compiledDirectory(storageOf(params), process.env), version);
	const { start } = require(path.join(__dirname, 'analysis.js')) as typeof import('./analysis');
	return start(connection, log, params);
}
