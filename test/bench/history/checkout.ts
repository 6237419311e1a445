/** A directory that holds one tree after the other, as a checkout does. */
import fs from 'node:fs';
import path from 'node:path';
import type { Tree } from './tree';

export class Checkout {
	readonly directory: string;
	#tree: Tree = new Map();

	/** The directory must be there, and empty. */
	constructor(directory: string) {
		this.directory = fs.realpathSync(directory);
	}

	/** Brings the directory to a tree, file by file. */
	bring(tree: Tree): void {
		for (const file of this.#tree.keys()) if (!tree.has(file)) this.#remove(file);
		for (const [file, text] of tree) {
			if (this.#tree.get(file) === text) continue;
			const target = path.join(this.directory, file);
			fs.mkdirSync(path.dirname(target), { recursive: true });
			fs.writeFileSync(target, text);
		}
		this.#tree = tree;
	}

	/** With the directories that it leaves empty: git keeps none. */
	#remove(file: string): void {
		fs.rmSync(path.join(this.directory, file));
		for (let at = path.dirname(file); at !== '.'; at = path.dirname(at)) {
			const directory = path.join(this.directory, at);
			if (fs.readdirSync(directory).length > 0) return;
			fs.rmdirSync(directory);
		}
	}
}
