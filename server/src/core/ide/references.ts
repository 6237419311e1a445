/**
 * References: from a field of a base (or any other) to everything that changes it, by environment; from an object to those that name
 * it; from a file or directory to the kustomizations that list it. Lenses over base fields are read off the same.
 */
import { type Address, addressKey } from '../base/address';
import { dirname, type FilePath, isKustomizationFile } from '../base/paths';
import type { Database } from '../base/query';
import { describeId } from '../kube/resource-id';
import { clusterTree, type Entry } from '../model/cluster-tree';
import { entriesOf } from '../model/entries';
import { namesOf, objectsMeantBy, writtenNameAt } from '../model/named-objects';
import { occurrencesInTree, subjectsOf } from '../model/subjects';
import { actualsOf } from '../model/secret-templates';
import { type Spot, spotAt } from '../workspace/places';
import { addressOf, type Step, walk } from '../yaml/node';
import { placeOf } from './labels';
import type { Lens, Reference } from './results';
import { variableReferences } from './variables';

interface Found {
	readonly at: Address;
	readonly environment: string;
	readonly label: string;
}

/** All references of the thing under the offset, grouped by environment, each place once an environment. */
export function references(db: Database, file: FilePath, offset: number): readonly Reference[] {
	const variable = variableReferences(db, file, offset);
	if (variable.length > 0) return variable;
	const spot = spotAt(db, file, offset);
	const found = [
		...(spot ? changes(db, spot.address) : []),
		...(spot ? users(db, spot) : []),
		...(spot && !isHead(spot.address) ? [] : listings(db, file)),
		...actualsOf(db, file).map(actual => ({
			at: { file: actual, document: 0, path: [] },
			environment: '',
			label: 'actual secret',
		})),
	];
	const unique = new Map(found.map(each => [each.environment + addressKey(each.at), each]));
	const order = (a: Found, b: Found) =>
		compare(a.environment, b.environment) || compare(addressKey(a.at), addressKey(b.at));
	return [...unique.values()]
		.sort(order)
		.map(({ at, environment, label }) => ({ ...placeOf(db, at, 'entry'), environment, label }));
}

/** Whether the place stands for its whole document: `apiVersion`, `kind`, or nothing at all. */
function isHead({ path }: Address): boolean {
	return path.length === 0 || (path.length === 1 && (path[0] === 'apiVersion' || path[0] === 'kind'));
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Who wrote over the field: patches, images, replacements, values of overlays. */
function changes(db: Database, address: Address): Found[] {
	return occurrencesInTree(db, address).flatMap(({ chain, index, subject }) =>
		chain.slice(0, Math.max(index, 0)).map(origin => ({
			at: addressOf(origin),
			environment: subject.entry.environment,
			label: origin.step,
		})),
	);
}

/** Who names the object, asked at its name or at another one who names it; then also where it is. */
function users(db: Database, { address, onKey }: Spot): Found[] {
	const name = onKey && address.path.at(-1) !== 'name' ? undefined : writtenNameAt(db, address);
	if (!name) return [];
	const isOwn = address.path.join('.') === 'metadata.name';
	return namesOf(db, objectsMeantBy(db, name))
		.filter(({ role }) => role === 'reference' || (role === 'definition' && !isOwn))
		.map(({ at, environment, role, holder }) => ({
			at,
			environment,
			label: role === 'definition' || !holder ? role : describeId(holder.id),
		}));
}

/** The kustomizations that list the file, or the directory whose kustomization it is. */
function listings(db: Database, file: FilePath): Found[] {
	const target = isKustomizationFile(file) ? dirname(file) : file;
	return [...db.get(clusterTree, '').kustomized.values()].flatMap(({ links, environments }) =>
		links.links
			.filter(link => link.target === target)
			.map(link => ({
				at: link.at,
				environment: environments.length === 1 ? environments[0]! : '',
				label: link.field,
			})),
	);
}

const MOST_LENSES = 100;

/** The steps by which an overlay changes one field on purpose; names that follow hashes and labels put on everything are none. */
const BY_PEOPLE: ReadonlySet<Step> = new Set<Step>([
	'patch',
	'images',
	'replicas',
	'replacement',
	'valuesFrom',
	'values',
	'substitute',
]);

/** One lens over each field of a base that overlays change: who, and in which environments. */
export function lenses(db: Database, file: FilePath): readonly Lens[] {
	const entries = entriesOf(db, file);
	if (entries.length === 0 || isKustomizationFile(file)) return [];
	const byField = new Map<string, { readonly at: Address; readonly changes: Found[] }>();
	for (const entry of entries) collect(db, file, entry, byField);
	return [...byField.values()].slice(0, MOST_LENSES).map(({ at, changes: list }) => {
		const environments = [...new Set(list.map(each => each.environment).filter(Boolean))].sort();
		const title =
			environments.length > 0 ? `changed in ${environments.join(', ')}` : `changed in ${list.length} places`;
		const unique = new Map(list.map(each => [addressKey(each.at), each]));
		return {
			range: placeOf(db, at, 'key').range,
			title,
			references: [...unique.values()].map(each => placeOf(db, each.at, 'entry')),
		};
	});
}

function collect(
	db: Database,
	file: FilePath,
	entry: Entry,
	into: Map<string, { readonly at: Address; readonly changes: Found[] }>,
): void {
	for (const { tree } of subjectsOf(db, entry)) {
		walk(tree, node => {
			// A map that replaced another one was merged with it: what changed stands below.
			if (node.kind === 'map') return;
			for (let origin = node.origin; origin.replaced; origin = origin.replaced) {
				if (origin.replaced.file !== file || origin.file === file || !BY_PEOPLE.has(origin.step)) continue;
				const at = addressOf(origin.replaced);
				if (at.path.length === 0 && !at.within) continue;
				const known = into.get(addressKey(at)) ?? { at, changes: [] };
				known.changes.push({ at: addressOf(origin), environment: entry.environment, label: origin.step });
				into.set(addressKey(at), known);
			}
		});
	}
}
