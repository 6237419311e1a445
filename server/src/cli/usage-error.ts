/** The user's own mistake in the arguments, as a sentence. Ends the command with exit code 2 and its usage. */
export class UsageError extends Error {}

/** Whether it is ours, or one that `parseArgs` of node:util threw. */
export function isUsageError(error: unknown): error is Error {
	if (error instanceof UsageError) return true;
	return error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_');
}

/** The value if it is one of `choices`; a usage error if not. */
export function choice<T extends string>(option: string, value: string, choices: readonly T[]): T {
	const found = choices.find(known => known === value);
	if (found === undefined) throw new UsageError(`${option} takes ${choices.join(', ')}, not "${value}"`);
	return found;
}
