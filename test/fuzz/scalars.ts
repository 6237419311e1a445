/** Objects full of random scalars, keys and shapes: what reading and printing make of them, with and without a transformer. */
import type { Random } from '../../scripts/bench/random.mjs';
import type { Tree } from './corpus';
import { closed, NASTY, quoted, randomText, scalarSource, SEPARATORS } from './nasty';

const HEADS: readonly string[] = [
	'apiVersion: v1\nkind: ConfigMap\n',
	'apiVersion: example.com/v1\nkind: Anything\n',
	'apiVersion: apps/v1\nkind: Deployment\n',
];

const KUSTOMIZATIONS: readonly string[] = [
	'',
	'namePrefix: p-\n',
	'commonAnnotations:\n  a: b\n',
	'namespace: n\ncommonLabels:\n  app: x\n',
	'patches:\n- target: {name: "o.*"}\n  patch: |-\n    - op: add\n      path: /new\n      value: 1\n',
	'patches:\n- target: {name: "o.*"}\n  patch: |-\n    kind: any\n    metadata:\n      name: any\n    added: {x: "1", "y": 2}\n',
];

/** One object of its own, so that what one scalar does is seen alone. */
export function scalarTree(random: Random): Tree {
	const fields = Array.from({ length: 1 + random.below(3) }, (_, i) => field(random, i, 2));
	const annotations = random.next() < 0.3 ? `  annotations:\n    k: ${scalarSource(random, 4)}\n` : '';
	const object = `${random.of(HEADS)}metadata:\n  name: o\n${annotations}data:\n${fields.join('')}`;
	const kustomization = `${random.of(KUSTOMIZATIONS)}resources:\n- object.yaml\n${generator(random)}`;
	return {
		id: 'scalars',
		run: '.',
		files: new Map([
			['kustomization.yaml', kustomization],
			['object.yaml', object],
			['settings.env', envFile(random)],
			['file.txt', randomText(random)],
		]),
	};
}

function field(random: Random, index: number, indent: number): string {
	const pad = ' '.repeat(indent);
	const key = random.next() < 0.75 ? `k${index}` : keySource(random);
	const shape = random.next();
	if (indent < 8 && shape < 0.12)
		return `${pad}${key}:\n${field(random, index, indent + 2)}${field(random, index + 1, indent + 2)}`;
	if (shape < 0.22)
		return `${pad}${key}:\n${pad}- ${scalarSource(random, indent)}\n${pad}- ${scalarSource(random, indent)}\n`;
	if (shape < 0.27) return `${pad}${key}:\n${pad}- a: ${scalarSource(random, indent + 2)}\n${pad}  b: 1\n`;
	return `${pad}${key}: ${scalarSource(random, indent)}${random.next() < 0.1 ? ' # a comment' : ''}\n`;
}

function keySource(random: Random): string {
	const text = random.of(NASTY);
	return random.next() < 0.5 ? quoted(text) : closed(text.replace(SEPARATORS, ''));
}

/** Literals and files take another way through kustomize than what is read from YAML. */
function generator(random: Random): string {
	if (random.next() < 0.5) return '';
	const kind = random.of(['configMapGenerator', 'secretGenerator']);
	const source = random.of([
		`  literals:\n  - ${quoted(`k=${randomText(random)}`)}\n`,
		'  envs:\n  - settings.env\n',
		'  files:\n  - file.txt\n',
	]);
	return `${kind}:\n- name: g\n${source}`;
}

function envFile(random: Random): string {
	return Array.from(
		{ length: random.below(4) },
		(_, i) => `K${i}${random.of(['=', '=', ' = ', ''])}${randomText(random)}`,
	).join('\n');
}
