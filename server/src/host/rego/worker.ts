/** The thread that runs compiled Rego policies (`dist/rego.js`): one question after another, each with a port for its answer. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { RegoQuestion } from './engine';
import { evaluateBundle } from './evaluate-bundle';

type Asked = RegoQuestion & { readonly port: MessagePort };

async function answer({ bundle, objects, flag, port }: Asked): Promise<void> {
	port.postMessage(await evaluateBundle(bundle, objects));
	const done = new Int32Array(flag);
	Atomics.store(done, 0, 1);
	Atomics.notify(done, 0);
}

parentPort?.on('message', (asked: Asked) => void answer(asked));
