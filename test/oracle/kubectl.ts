/** The real tool: which kubectl there is, and what its `kustomize` says of a directory. */
import { execFile, spawnSync } from 'node:child_process';

/** What `kubectl kustomize` answered. `timeout`: it was stopped, and says nothing about the input. */
export type OracleAnswer =
	| { readonly kind: 'output'; readonly text: string; readonly warnings: string }
	| { readonly kind: 'error'; readonly words: string }
	| { readonly kind: 'timeout' };

/** The kustomize whose bytes are Strata's measure: the one of kubectl 1.36, and of Flux's kustomize-controller. */
const MINIMUM = [5, 8, 1] as const;

const TIMEOUT_MS = 20_000;

/** A kubectl that carries kustomize 5.8.1 or newer: $STRATA_KUBECTL, or one on PATH; else why there is none. */
export function findKubectl(): { readonly command: string; readonly version: string } | { readonly missing: string } {
	const named = process.env.STRATA_KUBECTL;
	const tried: string[] = [];
	for (const command of named ? [named] : ['kubectl', 'kubectl36']) {
		const { stdout, error } = spawnSync(command, ['version', '--client'], { encoding: 'utf8' });
		const version = /Kustomize Version: v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
		if (version && atLeast(version.split('.').map(Number))) return { command, version };
		tried.push(`${command}: ${version ? `kustomize ${version}` : (error?.message ?? 'says no version')}`);
	}
	return { missing: `no kubectl with kustomize ${MINIMUM.join('.')} (${tried.join('; ')}); set STRATA_KUBECTL to one` };
}

function atLeast(version: readonly number[]): boolean {
	const at = MINIMUM.findIndex((part, i) => part !== version[i]);
	return at < 0 || version[at]! > MINIMUM[at]!;
}

/** Builds a directory of the disk. */
export function kubectlKustomize(
	command: string,
	directory: string,
	args: readonly string[] = [],
): Promise<OracleAnswer> {
	return new Promise(resolve => {
		execFile(
			command,
			['kustomize', directory, ...args],
			{ encoding: 'utf8', maxBuffer: 2 ** 28, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
			(error, stdout, stderr) => {
				if (!error) resolve({ kind: 'output', text: stdout, warnings: stderr });
				else if (error.killed) resolve({ kind: 'timeout' });
				else resolve({ kind: 'error', words: stderr.trim() });
			},
		);
	});
}
