/**
 * Replacements in the place of `vars`, as `kustomize edit fix --vars` makes them: one for each variable, with every place that uses it as
 * a target, and a placeholder in the text there. None where a place cannot be a target: a variable must be a whole part between delimiters.
 */
import { type Address, addressKey, type FieldPath, pathOf } from '../../base/address';
import { dirname } from '../../base/paths';
import type { Fix, SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import type { Resource } from '../../kube/resource';
import { parseApiVersion } from '../../kube/resource-id';
import { kustomizationOf } from '../../kustomize/read/kustomization';
import type { VarEntry } from '../../kustomize/read/model';
import { splitVariables } from '../../kustomize/vars-expand';
import { clusterTree } from '../../model/cluster-tree';
import { buildOf } from '../../model/entries';
import { chainOf } from '../../model/occurrences';
import { sourceNode } from '../../model/source-nodes';
import { addressOf, child, type Node, nodeAt, type ScalarNode, textAt, walk } from '../../yaml/node';
import type { Finding } from '../rule';

/** A variable in a text of a built object. */
interface Use {
	readonly name: string;
	readonly select: { readonly kind: string; readonly name: string };
	readonly fieldPath: string;
	readonly options: { readonly delimiter: string; readonly index: number } | undefined;
}

/** A text of the sources in which variables stand. */
interface Place {
	readonly node: ScalarNode;
	readonly at: Address;
}

export function varsToReplacements(db: Database, { at }: Finding): readonly Fix[] {
	if (at.path[0] !== 'vars') return [];
	const directory = dirname(at.file);
	const { kustomization } = kustomizationOf(db, directory);
	const vars = kustomization?.vars ?? [];
	const uses = new Map<string, Use>();
	const places = new Map<string, Place>();
	for (const entry of db.get(clusterTree, '').entries) {
		const { directories, resources } = buildOf(db, entry);
		if (!directories.has(directory)) continue;
		for (const resource of resources) if (!gather(db, resource, vars, uses, places)) return [];
	}
	const edits = [...places.values()].map(place => withPlaceholders(place, vars));
	const entries = vars.flatMap(entry => replacement(entry, [...uses.values()]) ?? []);
	if (!kustomization || vars.length === 0 || entries.length < vars.length || edits.includes(undefined)) return [];
	const insert = (yaml: string): SourceEdit => ({
		kind: 'insert',
		at: { ...kustomization.at, path: ['replacements'] },
		yaml,
	});
	const list = entries.map(yaml => `- ${yaml.replaceAll('\n', '\n  ')}`).join('\n');
	const made: readonly SourceEdit[] =
		kustomization.replacements.length > 0
			? [{ kind: 'remove', at }, ...entries.map(insert)]
			: [
					{ kind: 'rename-key', at, key: 'replacements' },
					{ kind: 'set', at, text: list },
				];
	const title = 'Turn vars into replacements';
	return [{ title, edits: [...made, ...edits.filter(edit => edit !== undefined)] }];
}

/** Adds what a resource uses; false where some use cannot be turned into a target. */
function gather(
	db: Database,
	resource: Resource,
	vars: readonly VarEntry[],
	uses: Map<string, Use>,
	places: Map<string, Place>,
): boolean {
	let possible = true;
	walk(resource.node, (node, link) => {
		const chain = chainOf(node.origin);
		const step = chain.findIndex(origin => origin.step === 'vars');
		const written = chain[step + 1];
		if (step < 0 || !written) return;
		const source = sourceNode(db, written);
		const names = source?.kind === 'scalar' ? ownNames(source.text, vars) : [];
		if (source?.kind !== 'scalar' || names.length === 0) return;
		const at = addressOf(written);
		places.set(addressKey(at), { node: source, at });
		const fieldPath = pathText(resource.node, pathOf(link));
		for (const name of names) {
			const options = optionsFor(source.text, name);
			if (options === undefined) possible = false;
			else {
				const { kind } = resource.originalId;
				const select = { kind, name: resource.originalId.name };
				const use = { name, select, fieldPath, options: options === 'whole' ? undefined : options };
				uses.set(JSON.stringify(use), use);
			}
		}
	});
	return possible;
}

function ownNames(text: string, vars: readonly VarEntry[]): string[] {
	const own = new Set(vars.map(({ name }) => name));
	return splitVariables(text).flatMap(piece => ('name' in piece && own.has(piece.name) ? [piece.name] : []));
}

const DELIMITERS = [':', '/', '.', '-', ',', '=', '@', ' ', '_', ';', '?', '&', '|', '"', "'"];

/** Where the variable stands among the parts of the text; nothing where no delimiter parts it from the rest. */
function optionsFor(text: string, name: string): 'whole' | Exclude<Use['options'], undefined> | undefined {
	const variable = `$(${name})`;
	if (text === variable) return 'whole';
	for (const delimiter of DELIMITERS) {
		const index = text.split(delimiter).indexOf(variable);
		if (index >= 0) return { delimiter, index };
	}
	return undefined;
}

/** A path as replacements write it; an element of a list by its name, where it has one of its own. */
function pathText(root: Node, path: FieldPath): string {
	return path
		.map((key, depth) => {
			if (typeof key === 'string') return key.replaceAll('.', '\\.');
			const list = nodeAt(root, path.slice(0, depth));
			const names = list?.kind === 'seq' ? list.items.map(item => textAt(item, 'name')) : [];
			const name = names[key];
			const isOwn = name !== undefined && names.indexOf(name) === names.lastIndexOf(name);
			return isOwn && child(nodeAt(list, [key]), 'name') ? `[name=${name}]` : String(key);
		})
		.join('.');
}

/** The entry of a variable; nothing where nobody uses it, or where its own field cannot be told. */
function replacement({ name, objref, fieldPath }: VarEntry, uses: readonly Use[]): string | undefined {
	const own = uses.filter(use => use.name === name);
	if (own.length === 0 || /["'*]/.test(fieldPath)) return undefined;
	const { group, version } = objref.apiVersion === '' ? objref : parseApiVersion(objref.apiVersion);
	const source = [
		['group', group],
		['version', version],
		['kind', objref.kind],
		['name', objref.name],
		['namespace', objref.namespace],
		['fieldPath', fieldPath.replace(/\[(\d+)\]/g, '.$1').replace(/\.?\[([^\]]+)\]/g, '.[$1]')],
	];
	const targets = own.map(({ select, fieldPath: path, options }) => [
		`- select:`,
		`    kind: ${select.kind}`,
		`    name: ${quoted(select.name)}`,
		`  fieldPaths:`,
		`    - ${quoted(path)}`,
		...(options
			? [`  options:`, `    delimiter: ${JSON.stringify(options.delimiter)}`, `    index: ${options.index}`]
			: []),
	]);
	return [
		'source:',
		...source.flatMap(([key, value]) => (value ? [`  ${key}: ${quoted(value)}`] : [])),
		'targets:',
		...targets.flat().map(line => `  ${line}`),
	].join('\n');
}

function quoted(text: string): string {
	return /^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text);
}

function withPlaceholders({ node, at }: Place, vars: readonly VarEntry[]): SourceEdit | undefined {
	if (node.style === 'literal' || node.style === 'folded') return undefined;
	let { text } = node;
	for (const { name } of vars) text = text.replaceAll(`$(${name})`, `${name}_PLACEHOLDER`);
	const written =
		node.style === 'plain' ? text : node.style === 'single' ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text);
	return { kind: 'set', at, text: written };
}
