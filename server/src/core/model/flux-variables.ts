/**
 * The variables of Flux's substitution across the tree: where `${NAME}` stands in a file, and what each entry point that builds the file
 * puts there. A name may be defined once for all environments or in each of them anew.
 */
import { type Address, addressKey } from '../base/address';
import type { FilePath } from '../base/paths';
import { type Database, query } from '../base/query';
import type { Range } from '../base/text';
import { expansionsOf, parseSubstitutions } from '../gitops/flux/envsubst-parse';
import { fluxCluster } from '../gitops/flux/graph';
import { isOptedOut } from '../gitops/flux/substitute';
import { definitionOf, type Variable, type Variables } from '../gitops/flux/variables';
import { contentOf, syntaxOf } from '../workspace/documents';
import { textOf } from '../workspace/inputs';
import { addressOf } from '../yaml/node';
import { documentAt } from '../yaml/syntax';
import { clusterTree, type Entry } from './cluster-tree';
import { buildOf, entriesOf } from './entries';

/** One `${NAME}` of a file; the range is the name's. */
export interface VariableUse {
	readonly name: string;
	readonly range: Range;
}

/** The uses in a file, in order; those in objects that opt out of substitution are texts like any other. */
export function variableUses(db: Database, file: FilePath): readonly VariableUse[] {
	return db.get(usesQuery, file);
}

const usesQuery = query<readonly VariableUse[]>('variableUses', (db, file) => {
	const text = textOf(db, file) ?? '';
	if (!text.includes('${')) return [];
	const optedOut = contentOf(db, file).map(({ root }) => root !== undefined && isOptedOut(root));
	return [...text.matchAll(/^.*\$\{.*$/gm)].flatMap(({ 0: line, index }): VariableUse[] => {
		const parsed = parseSubstitutions(line);
		if (parsed.kind === 'error' || optedOut[documentAt(syntaxOf(db, file), index)]) return [];
		return expansionsOf(parsed.parts).map(({ name, range }) => ({
			name,
			range: { start: index + range.start, end: index + range.end },
		}));
	});
});

/** The use at an offset, from its `${` on. */
export function variableUseAt(db: Database, file: FilePath, offset: number): VariableUse | undefined {
	return variableUses(db, file).findLast(({ range }) => range.start - 2 <= offset && offset <= range.end);
}

/** What the entry point substitutes; nothing where no Flux Kustomization applies it, or that one has no variables at all. */
export function variablesOf(db: Database, { flux, directory }: Entry): Variables | undefined {
	if (!flux) return undefined;
	const node = fluxCluster(db, flux.cluster)?.nodes.find(each => each.key === flux.key && each.directory === directory);
	const variables = node?.built?.variables;
	return variables && (variables.byName.size > 0 || variables.knowledge === 'partial') ? variables : undefined;
}

/** The variable of an entry point. */
export interface EntryVariable {
	readonly entry: Entry;
	/** Nothing where the entry point does not define it. */
	readonly variable: Variable | undefined;
	/** Whether all that it could be defined by is in the tree. */
	readonly knowledge: Variables['knowledge'];
}

/** What a name stands for in each entry point that builds the file and substitutes. */
export function variableIn(db: Database, file: FilePath, name: string): readonly EntryVariable[] {
	return entriesOf(db, file).flatMap(entry => {
		const variables = variablesOf(db, entry);
		return variables ? [{ entry, variable: variables.byName.get(name), knowledge: variables.knowledge }] : [];
	});
}

/** The name that is defined at an address: a key of `substitute`, or of the data that a Kustomization takes its variables from. */
export function variableDefinedAt(db: Database, address: Address): string | undefined {
	return db.get(definitions, '').get(addressKey(address));
}

const definitions = query<ReadonlyMap<string, string>>('variableDefinitions', db => {
	const byPlace = new Map<string, string>();
	for (const entry of db.get(clusterTree, '').entries) {
		for (const variable of variablesOf(db, entry)?.byName.values() ?? [])
			byPlace.set(addressKey(addressOf(definitionOf(variable))), variable.name);
	}
	return byPlace;
});

/** Everything that speaks of one variable. */
export interface VariablePlaces {
	/** Each place once. */
	readonly definitions: readonly { readonly at: Address; readonly environments: readonly string[] }[];
	readonly uses: readonly {
		readonly file: FilePath;
		readonly range: Range;
		readonly environments: readonly string[];
	}[];
}

/**
 * All definitions and uses that hang together: the entry points that build a file with a use share the name, and so do those that take it
 * from the same definition. It begins with those that build `file`, or that take the variable from there.
 */
export function variablePlaces(db: Database, name: string, file: FilePath): VariablePlaces {
	const all = db.get(clusterTree, '').entries.filter(entry => variablesOf(db, entry) !== undefined);
	const places = new Map(
		all.map(entry => {
			const variable = variablesOf(db, entry)?.byName.get(name);
			return [entry, variable && addressOf(definitionOf(variable))] as const;
		}),
	);
	const filesWithUse = (entry: Entry) =>
		[...buildOf(db, entry).files].filter(read => variableUses(db, read).some(use => use.name === name));
	const readers = new Set(entriesOf(db, file));
	const entries = new Set(
		[...places].flatMap(([entry, at]) => (readers.has(entry) || at?.file === file ? [entry] : [])),
	);
	const files = new Set<FilePath>();
	const defined = new Set<string>();
	// A set that grows while it is walked: what is added is visited, too.
	for (const entry of entries) {
		const at = places.get(entry);
		if (at && !defined.has(addressKey(at))) {
			defined.add(addressKey(at));
			for (const [other, place] of places) if (place && addressKey(place) === addressKey(at)) entries.add(other);
		}
		for (const user of filesWithUse(entry)) {
			if (files.has(user)) continue;
			files.add(user);
			for (const other of entriesOf(db, user)) if (places.has(other)) entries.add(other);
		}
	}
	const environmentsOf = (list: Iterable<Entry>) => [...new Set([...list].map(each => each.environment))].sort();
	const found = [...entries].flatMap(entry => places.get(entry) ?? []);
	return {
		definitions: [...new Map(found.map(at => [addressKey(at), at])).values()].map(at => ({
			at,
			environments: environmentsOf(
				[...entries].filter(entry => {
					const place = places.get(entry);
					return place !== undefined && addressKey(place) === addressKey(at);
				}),
			),
		})),
		uses: [...files].sort().flatMap(user => {
			const environments = environmentsOf(entriesOf(db, user).filter(entry => entries.has(entry)));
			return variableUses(db, user)
				.filter(use => use.name === name)
				.map(({ range }) => ({ file: user, range, environments }));
		}),
	};
}
