/** The command line: finds the command, and turns wrong use into a sentence and exit code 2. */
import { didYouMean } from '../core/base/nearest';
import { build, BUILD_USAGE } from './build';
import { check, CHECK_USAGE } from './check';
import { explain, EXPLAIN_USAGE } from './explain';
import { model, MODEL_USAGE } from './model';
import type { ExitCode, Terminal } from './terminal';
import { isUsageError, UsageError } from './usage-error';

interface Command {
	readonly usage: string;
	readonly run: (terminal: Terminal, args: readonly string[]) => ExitCode | Promise<ExitCode>;
}

const LSP_USAGE = `usage: strata lsp --stdio

Serves any editor that speaks the Language Server Protocol, over standard input and output.
`;

const COMMANDS: Readonly<Record<string, Command>> = {
	check: { usage: CHECK_USAGE, run: check },
	build: { usage: BUILD_USAGE, run: build },
	explain: { usage: EXPLAIN_USAGE, run: explain },
	model: { usage: MODEL_USAGE, run: model },
	lsp: { usage: LSP_USAGE, run: lsp },
};

const USAGE = `usage: strata <command> [options]

  check [path]                              says what is wrong in a GitOps tree
  build [dir]                               prints what kustomize builds out of a directory
  explain <dir> <Kind/name> [field path]    says who wrote a field of what is built
  model [path]                              says how a tree was understood
  lsp --stdio                               serves an editor

  strata <command> --help                   says more
  strata --version                          prints the version
`;

/** Runs one command. `args` are those after the program's own name. */
export async function run(terminal: Terminal, args: readonly string[]): Promise<ExitCode> {
	const [name, ...rest] = args;
	if (name === undefined) {
		terminal.err(USAGE);
		return 2;
	}
	if (name === '--help' || name === '-h' || name === 'help') {
		terminal.out(USAGE);
		return 0;
	}
	if (name === '--version' || name === '-v') {
		terminal.out(`${terminal.version}\n`);
		return 0;
	}
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (!command) {
		terminal.err(`strata: there is no command "${name}"${didYouMean(name, Object.keys(COMMANDS))}\n\n${USAGE}`);
		return 2;
	}
	if (rest.includes('--help') || rest.includes('-h')) {
		terminal.out(command.usage);
		return 0;
	}
	try {
		return await command.run(terminal, rest);
	} catch (error) {
		if (!isUsageError(error)) throw error;
		terminal.err(`strata ${name}: ${error.message}\n\n${command.usage}`);
		return 2;
	}
}

function lsp(terminal: Terminal, args: readonly string[]): ExitCode {
	if (args.length !== 1 || args[0] !== '--stdio') throw new UsageError('"--stdio" is the only way to serve');
	terminal.serve();
	return undefined;
}
