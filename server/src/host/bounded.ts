/**
 * Stops a synchronous function that does not end. JavaScript itself cannot: only the engine can be told to, from another thread, which Node
 * does for scripts that it runs with a timeout. Nothing of the function runs any more then, not even its `finally`.
 */
import vm from 'node:vm';

const RUN = '__strataRunsThis';

/** Calls what stands under the name: a script is all that can be given a timeout. */
const script = new vm.Script(`globalThis.${RUN}()`);

/** Calls `run`; gives false where it was stopped after so many milliseconds. What it throws is thrown. Not to be called by what it runs. */
export function bounded(ms: number, run: () => void): boolean {
	const place = globalThis as { [RUN]?: () => void };
	place[RUN] = run;
	try {
		script.runInThisContext({ timeout: ms, displayErrors: false });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
		return false;
	} finally {
		delete place[RUN];
	}
}

/** So long (in milliseconds) steps are taken in one go. */
const SLICE_MS = 100;

/** Takes the steps of `work` to its end; gives false where one was stopped after so many milliseconds. It cannot be gone on with then. */
export function boundedSteps(ms: number, work: Iterator<void>): boolean {
	let done = false;
	while (!done) {
		const end = performance.now() + SLICE_MS;
		const ended = bounded(ms, () => {
			do done = work.next().done === true;
			while (!done && performance.now() < end);
		});
		if (!ended) return false;
	}
	return true;
}
