/** The engine in a thread of its own, so that a build that never ends can be stopped. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Database } from '../../server/src/core/base/query';
import { buildOutput } from '../../server/src/core/ide/build-output';
import { shippedFile } from '../../server/src/host/shipped-files';
import { memorySource, ROOT } from '../support/fixture';
import type { Tree } from './corpus';

export type EngineAnswer =
	| {
			readonly kind: 'built';
			readonly text: string;
			/** Codes and words of what made the build fail; empty where it passed. */
			readonly failures: readonly string[];
			/** Where they are: files of the tree, with the line. */
			readonly places: readonly { readonly file: string; readonly line: number }[];
			/** Something is left out that takes the network, a container or a program, so no other tool can be asked. */
			readonly leftOut: boolean;
			readonly ms: number;
	  }
	| { readonly kind: 'thrown'; readonly stack: string }
	| { readonly kind: 'hang' };

/** Longer than this, in milliseconds, and the thread is ended. */
const PATIENCE_MS = 10_000;

const LEFT_OUT = /^kustomize\/(remote-resource|not-supported)$/;

/** Builds trees one after another; starts again after one that hung. */
export class Engine {
	#worker: Worker | undefined;
	/** Who waits for the build that runs. */
	#answer: (answer: EngineAnswer) => void = () => undefined;

	build(tree: Tree): Promise<EngineAnswer> {
		const worker = (this.#worker ??= this.#start());
		return new Promise(resolve => {
			const timer = setTimeout(() => this.#restart({ kind: 'hang' }), PATIENCE_MS);
			this.#answer = answer => {
				clearTimeout(timer);
				resolve(answer);
			};
			worker.postMessage(tree);
		});
	}

	#start(): Worker {
		const worker = new Worker(__filename);
		worker.on('message', answer => this.#answer(answer as EngineAnswer));
		worker.on('error', error => this.#restart({ kind: 'thrown', stack: String((error as Error).stack) }));
		return worker;
	}

	#restart(answer: EngineAnswer): void {
		this.close();
		this.#answer(answer);
	}

	close(): void {
		void this.#worker?.terminate();
		this.#worker = undefined;
	}
}

/** To be called by the program that the thread runs, which is the same bundle. Says whether this is the thread. */
export function servesAsEngine(): boolean {
	if (isMainThread) return false;
	parentPort!.on('message', (tree: Tree) => parentPort!.postMessage(buildTree(tree)));
	return true;
}

function buildTree({ files, run }: Tree): EngineAnswer {
	const texts = new Map([...files].map(([file, text]) => [`${ROOT}/${file}`, text]));
	const source = { ...memorySource(texts), bundled: shippedFile };
	const start = performance.now();
	try {
		const directory = run === '.' || run === '' ? ROOT : `${ROOT}/${run}`;
		const { documents, findings, failed } = buildOutput(new Database(source), directory, {
			loadRestrictor: 'LoadRestrictionsRootOnly',
			order: 'legacy',
		});
		const errors = failed ? findings.filter(({ severity }) => severity === 'error') : [];
		return {
			kind: 'built',
			text: documents.map(document => document.text).join('---\n'),
			failures: errors.map(({ code, message }) => `${code}: ${message}`),
			places: errors.map(({ file, range }) => ({
				file: file.slice(ROOT.length + 1),
				line: (texts.get(file) ?? '').slice(0, range.start).split('\n').length - 1,
			})),
			leftOut: findings.some(({ code }) => LEFT_OUT.test(code)),
			ms: performance.now() - start,
		};
	} catch (error) {
		return { kind: 'thrown', stack: String((error as Error).stack) };
	}
}
