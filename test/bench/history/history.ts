/** The history of a tree, commit by commit: ordinary changes, and faults that are found and taken back some commits later. */
import type { Random } from '../../../scripts/bench/random.mjs';
import { EVERYDAY } from './everyday';
import { FAULTS, type Inject } from './faults';
import { changed, type Changes, type Tree } from './tree';

export interface Commit {
	readonly message: string;
	readonly tree: Tree;
	/** The kinds of the faults that are in it by now, the newest last. */
	readonly faults: readonly string[];
}

interface Active {
	readonly kind: string;
	readonly repair: Changes;
	readonly until: number;
}

/** Goes through the kinds of faults in turn, each way to make them once per round, as often as `commits` lets it. */
export function history(first: Tree, commits: number, random: Random, kinds: RegExp): readonly Commit[] {
	const out: Commit[] = [{ message: 'First commit', tree: first, faults: [] }];
	const ways = Object.entries(FAULTS)
		.filter(([kind]) => kinds.test(kind))
		.flatMap(([kind, injects]) => injects.map(inject => ({ kind, inject })));
	const todo: { readonly kind: string; readonly inject: Inject }[] = [];
	let tree = first;
	let active: readonly Active[] = [];
	while (out.length < commits) {
		const due = active.find(({ until }) => until <= out.length);
		let message: string;
		if (due) {
			tree = changed(tree, due.repair);
			active = active.filter(each => each !== due);
			message = `Fix: ${due.kind}`;
		} else if (active.length < 2 && random.below(5) < 3) {
			if (todo.length === 0) todo.push(...ways);
			const { kind, inject } = todo.splice(random.below(todo.length), 1)[0]!;
			const change = inject(tree, random);
			if (!change || touches(change, active)) continue;
			active = [...active, { kind, repair: inverse(tree, change), until: out.length + 1 + random.below(3) }];
			tree = changed(tree, change);
			message = `Fault: ${kind} (${inject.name})`;
		} else {
			const inject = random.of(EVERYDAY);
			const change = inject(tree, random);
			if (!change || touches(change, active)) continue;
			tree = changed(tree, change);
			message = `Change: ${inject.name}`;
		}
		out.push({ message, tree, faults: active.map(({ kind }) => kind) });
	}
	return out;
}

/** A change to a file that a repair will set back would be lost. */
function touches(change: Changes, active: readonly Active[]): boolean {
	return active.some(({ repair }) => [...change.keys()].some(file => repair.has(file)));
}

function inverse(tree: Tree, change: Changes): Changes {
	return new Map([...change.keys()].map(file => [file, tree.get(file)]));
}
