/** The thread that runs compiled Rego policies (`dist/rego.js`): one question after another, each with a port for its answer. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { RegoQuestion } from './engine';
import { evaluateBundle } from './evaluate-bundle';

/** No answer of a policy, and no data of one, is as long as this in letters. */
const MAX_JSON = 4_000_000;

/**
 * The library parses whatever a policy answers. Tens of megabytes of small objects take a minute and more memory than the thread may have, and neither its
 * limit nor `terminate` stops the parser.
 */
const parse = JSON.parse;
JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]): unknown => {
	if (text.length > MAX_JSON) throw new Error('it answers, or has data of, more than 4 MB');
	return parse(text, reviver);
};

type Asked = RegoQuestion & { readonly port: MessagePort };

async function answer({ bundle, objects, flag, port }: Asked): Promise<void> {
	port.postMessage(await evaluateBundle(bundle, objects));
	const done = new Int32Array(flag);
	Atomics.store(done, 0, 1);
	Atomics.notify(done, 0);
}

parentPort?.on('message', (asked: Asked) => void answer(asked));
