/** The Rego bundles that `strata.yaml` lists under `policies.rego`, ready to be asked. */
import { dirname, type FilePath, isWithin, join } from '../base/paths';
import { type Database, query } from '../base/query';
import type { RegoPolicy } from '../gitops/policy/rego-policies';
import { fileBytes, textOf } from '../workspace/inputs';
import { type RegoAnswer, type RegoBundle, regoEngine, type RegoFinding } from '../workspace/rego-engine';
import { treeConfigs } from '../workspace/tree-config';
import { addressOf, type Node } from '../yaml/node';

/** What a bundle has said, and why it is not asked again. */
interface Memory {
	readonly known: WeakMap<Node, readonly RegoFinding[]>;
	failure: string | undefined;
}

/** The policies, in the order in which they are listed. */
export function regoPolicies(db: Database): readonly RegoPolicy[] {
	return treeConfigs(db).flatMap(({ file, rego }) =>
		rego.map(({ text, node }): RegoPolicy => {
			const root = dirname(file);
			const path = join(root, text);
			const memory = db.get(memoryOf, path);
			return {
				name: text,
				at: addressOf(node.origin),
				known: memory.known,
				evaluate: objects =>
					isWithin(root, path) ? evaluate(db, path, memory, objects) : refused('it leads out of the tree'),
			};
		}),
	);
}

/** Begun anew when the bundle is another one, or somebody is there to run it. */
const memoryOf = query<Memory>('regoMemory', (db, path) => {
	bundleOf(db, path);
	db.read(regoEngine, '');
	return { known: new WeakMap(), failure: undefined };
});

function evaluate(db: Database, path: FilePath, memory: Memory, objects: readonly string[]): RegoAnswer {
	if (memory.failure !== undefined) return refused(memory.failure);
	const bundle = bundleOf(db, path);
	if (!bundle) return refused('there is no such file, or it cannot be read');
	const engine = db.read(regoEngine, '');
	if (!engine) return refused('compiled policies are run only where the folder is trusted');
	const answer = engine.evaluate(bundle, objects);
	// What did not come to an end once is not tried again until it changes.
	if (answer.kind === 'not-evaluated') memory.failure = answer.why;
	return answer;
}

function refused(why: string): RegoAnswer {
	return { kind: 'not-evaluated', why };
}

function bundleOf(db: Database, path: FilePath): RegoBundle | undefined {
	const bytes = db.read(fileBytes, path);
	if (!bytes) return undefined;
	return { bytes, data: path.endsWith('.wasm') ? textOf(db, join(dirname(path), 'data.json')) : undefined };
}
