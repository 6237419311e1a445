/** Lines for whoever looks after the server: what went wrong and where. What repeats is said once. */

/** Takes a message; the language server shows it in its output channel, the command line on stderr. */
export interface Logger {
	info(message: string): void;
	/** Says what failed and its stack. The same failure is written once. */
	failure(what: string, error: unknown): void;
}

/** A logger that hands its lines to `write`. */
export function createLogger(write: (level: 'info' | 'error', line: string) => void): Logger {
	const said = new Set<string>();
	return {
		info: message => write('info', message),
		failure: (what, error) => {
			const line = `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
			if (said.has(line)) return;
			// Bounded: a failure whose text differs each time must not fill the memory.
			if (said.size >= 1000) said.clear();
			said.add(line);
			write('error', line);
		},
	};
}
