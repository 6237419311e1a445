/**
 * Runs Rego policies that are compiled to WebAssembly, in a thread that is stopped when it takes too long. The caller waits: answers of the core
 * are synchronous, and only trees that list such policies ever come here.
 */
import fs from 'node:fs';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { RegoAnswer, RegoBundle, RegoEngine } from '../../core/workspace/rego-engine';

/** One question to the thread; `flag` becomes 1 when the answer has been posted. */
export interface RegoQuestion {
	readonly bundle: RegoBundle;
	readonly objects: readonly string[];
	readonly flag: SharedArrayBuffer;
}

const LIMIT_MS = 5_000;
const MAX_HEAP_MB = 256;

/** An engine whose thread runs `script`, which `worker.ts` is built into. */
export function createRegoEngine(script: string, limit = LIMIT_MS): RegoEngine {
	let worker: Worker | undefined;
	return {
		evaluate(bundle, objects): RegoAnswer {
			if (!fs.existsSync(script)) return { kind: 'not-evaluated', why: 'this build cannot run compiled policies' };
			worker ??= start(script);
			const { port1, port2 } = new MessageChannel();
			const flag = new SharedArrayBuffer(4);
			const question: RegoQuestion = { bundle, objects, flag };
			worker.postMessage({ ...question, port: port2 }, [port2]);
			const ended = Atomics.wait(new Int32Array(flag), 0, 0, limit);
			const received = receiveMessageOnPort(port1) as { readonly message: RegoAnswer } | undefined;
			port1.close();
			if (received) return received.message;
			void worker.terminate();
			worker = undefined;
			const why = ended === 'timed-out' ? `it ran longer than ${limit / 1000} s` : 'the thread that ran it broke down';
			return { kind: 'not-evaluated', why };
		},
	};
}

/** What a policy prints goes nowhere: it may be anything of an object. */
function start(script: string): Worker {
	const worker = new Worker(script, {
		stdout: true,
		stderr: true,
		env: {},
		resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
	});
	worker.on('error', () => undefined);
	worker.unref();
	return worker;
}
