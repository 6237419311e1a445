/** What goes wrong where kustomizations make objects, or move them. */
import type { Random } from '../../../scripts/bench/random.mjs';
import type { Inject } from './faults';
import { changes, inKustomization } from './places';
import { addTo, edited, resolvePath, type Tree } from './tree';

/** By kind, as `FAULTS` has them. */
export const GENERATOR_FAULTS: Readonly<Record<string, readonly Inject[]>> = {
	'generator behavior': [mergeIntoNothing, generatedTwice, sourceTwice],
	'namespace conflict': [namespaceConflict],
};

function mergeIntoNothing(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const entry = { name: 'overrides', behavior: random.of(['merge', 'replace']), literals: ['A=1'] };
		return changes([of.file, edited(text, document => addTo(document, 'configMapGenerator', entry))]);
	});
}

function generatedTwice(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const [first] = (of.data.configMapGenerator ?? []) as { name: string; namespace?: string }[];
		if (!first) return undefined;
		const entry = { ...first, behavior: 'create', files: undefined, envs: undefined, literals: ['A=1'] };
		return changes([
			of.file,
			edited(text, document =>
				addTo(document, 'configMapGenerator', JSON.parse(JSON.stringify(entry)) as Record<string, unknown>),
			),
		]);
	});
}

function sourceTwice(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const list = (of.data.configMapGenerator ?? []) as { files?: string[]; literals?: string[] }[];
		const at = list.findIndex(({ files, literals }) => files?.[0] !== undefined || literals?.[0] !== undefined);
		if (at < 0) return undefined;
		const field = list[at]!.files?.[0] === undefined ? 'literals' : 'files';
		return changes([
			of.file,
			edited(text, document => document.addIn(['configMapGenerator', at, field], list[at]![field]![0])),
		]);
	});
}

/** Two objects of one name in two namespaces, under a kustomization that moves them into one. */
function namespaceConflict(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		if (typeof of.data.namespace !== 'string' || of.data.kind === 'Component') return undefined;
		const both = ['left', 'right']
			.map(namespace => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shared\n  namespace: ${namespace}\n`)
			.join('---\n');
		return changes(
			[resolvePath(of.directory, 'shared.yaml'), both],
			[of.file, edited(text, document => addTo(document, 'resources', 'shared.yaml'))],
		);
	});
}
