/** Takes out of a made-up tree what makes its build fail, so that what is left says more than that both tools refuse it. */
import type { Random } from '../../scripts/bench/random.mjs';
import type { Tree } from './corpus';
import type { Engine } from './engine';

/** After so many fields the rest is not worth it. */
const PATIENCE = 12;

export async function repaired(engine: Engine, tree: Tree, random: Random): Promise<Tree> {
	let current = tree;
	for (let i = 0; i < PATIENCE; i++) {
		const answer = await engine.build(current);
		if (answer.kind !== 'built' || answer.failures.length === 0) return current;
		const { file, line } = answer.places[0]!;
		current = { ...tree, files: withoutField(current.files, file, line, random) };
	}
	return current;
}

/** Without the field at a place of a kustomization, or the one that leads to the file, or else any. */
function withoutField(files: Tree['files'], file: string, line: number, random: Random): ReadonlyMap<string, string> {
	const directory = file.slice(0, file.lastIndexOf('/'));
	const name = file.slice(directory.length + 1);
	const own = `${directory}/kustomization.yaml`;
	const kustomizations = [...files.keys()].filter(each => each.endsWith('/kustomization.yaml'));
	const target = files.has(own) ? own : random.of(kustomizations);
	const lines = files.get(target)!.split('\n');
	const place = file === own ? line : lines.findIndex(text => text.includes(name));
	const starts = lines.flatMap((text, i) => (/^[a-zA-Z]/.test(text) ? [i] : []));
	const found = starts.findLast(start => start <= place);
	const start = found === undefined || lines[found] === 'resources:' ? random.of(starts) : found;
	if (lines[start] === 'resources:') return files;
	const end = starts.find(next => next > start) ?? lines.length;
	return new Map([...files, [target, [...lines.slice(0, start), ...lines.slice(end)].join('\n')]]);
}
