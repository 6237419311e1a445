/**
 * Go to definition: from a kustomization's entry to the file or directory it names, from a field of a patch (or whatever changed it) to
 * the field in the base, from a name to the object of that name, from an actual secret to its template.
 */
import type { Address } from '../base/address';
import { addressKey } from '../base/address';
import { basename, dirname, type FilePath, isKustomizationFile, isWithin, join } from '../base/paths';
import type { Database } from '../base/query';
import { isHelmRelease, type Release } from '../gitops/helm/release';
import { objectReferenceAt } from '../kube/object-references';
import type { Resource } from '../kube/resource';
import type { Application } from '../kustomize/build';
import { chartOf } from '../model/charts';
import { clusterTree, type Entry } from '../model/cluster-tree';
import { buildOf, entriesOf } from '../model/entries';
import { linksOf } from '../model/links';
import { objectsNamed } from '../model/named-objects';
import { writtenBelow } from '../model/occurrences';
import { releasesOf } from '../model/releases';
import { templateOf } from '../model/secret-templates';
import { sourceNode } from '../model/source-nodes';
import { occurrencesInTree, subjectsWrittenIn } from '../model/subjects';
import { contentOf } from '../workspace/documents';
import { fileExists } from '../workspace/inputs';
import { type Spot, spotAt } from '../workspace/places';
import { addressOf, type Node, nodeAt } from '../yaml/node';
import { counterparts } from './counterparts';
import { scriptLinks } from './document-links';
import { placeOf, shortPath } from './labels';
import { pathTargets } from './flux-paths';
import type { Link } from './results';
import { variableDefinition } from './variables';

interface Target {
	readonly at: Address;
	readonly label: string;
}

/** Where the thing under the offset is defined, without repetition; nothing where it is not known. */
export function definition(db: Database, file: FilePath, offset: number): readonly Link[] {
	// A script may go into a ConfigMap, whose variables Flux fills in.
	const variables = variableDefinition(db, file, offset);
	if (variables.length > 0) return variables;
	if (file.endsWith('.sh'))
		return scriptLinks(db, file).filter(({ from }) => from.start <= offset && offset <= from.end);
	const spot = spotAt(db, file, offset);
	if (!spot) return [];
	const found = isKustomizationFile(file)
		? [...namedFiles(db, spot), ...(isSelector(spot) ? selected(db, spot) : changedFields(db, spot))]
		: [
				...fluxPath(db, spot),
				...namedObjects(db, spot),
				...ofRelease(db, spot),
				...replacedFields(db, spot),
				...operation(db, spot),
				...template(db, spot),
			];
	const all = found.length > 0 ? found : counterpart(db, spot);
	const unique = new Map(all.map(target => [addressKey(target.at), target]));
	return [...unique.values()].map(({ at, label }) => ({ from: spot.range, to: placeOf(db, at, 'entry'), label }));
}

/** What a kustomization's entry names, which the directory alone tells. */
export function definitionAlone(db: Database, file: FilePath, offset: number): readonly Link[] {
	const spot = isKustomizationFile(file) ? spotAt(db, file, offset) : undefined;
	return spot
		? namedFiles(db, spot).map(({ at, label }) => ({ from: spot.range, to: placeOf(db, at, 'entry'), label }))
		: [];
}

/** The file, or the kustomization of the directory, that an entry names. */
function namedFiles(db: Database, { address }: Spot): Target[] {
	const { links } = linksOf(db, dirname(address.file));
	const link = links.find(each => addressKey(each.at) === addressKey(address));
	if (!link) return [];
	if (link.kind === 'file') return [{ at: { file: link.target, document: 0, path: [] }, label: link.field }];
	const file = link.kind === 'directory' ? linksOf(db, link.target).file : undefined;
	return file ? [{ at: { file, document: 0, path: [] }, label: link.field }] : [];
}

/** What Flux builds for a `spec.path`. */
function fluxPath(db: Database, { address, onKey }: Spot): Target[] {
	return onKey ? [] : pathTargets(db, address).map(at => ({ at, label: 'path' }));
}

/** What the entry under the offset (an image, a replica count, an operation of a JSON patch) wrote over. */
function changedFields(db: Database, { address }: Spot): Target[] {
	const entry = entryOf(address);
	if (!entry) return [];
	const exact = replacedBelow(db, address);
	return exact.length > 0 ? exact : replacedBelow(db, entry);
}

function replacedBelow(db: Database, entry: Address): Target[] {
	return entriesOf(db, entry.file).flatMap(each =>
		writtenBelow(subjectsWrittenIn(db, each, entry.file), entry).flatMap(({ chain, index }) => {
			const replaced = chain[index + 1];
			return replaced ? [{ at: addressOf(replaced), label: baseLabel(db, replaced.file) }] : [];
		}),
	);
}

/** What the operation under the offset wrote over, in a file that is a JSON patch. */
function operation(db: Database, { address }: Spot): Target[] {
	const [index] = address.path;
	return typeof index === 'number' && !address.within ? replacedBelow(db, { ...address, path: [index] }) : [];
}

/** The same field of the object that the document patches, where the patch changes nothing of it: its name, a repeated value. */
function counterpart(db: Database, { address }: Spot): Target[] {
	const { file, document, path, within } = address;
	const root = within ? embeddedRoot(db, address) : contentOf(db, file)[document]?.root;
	if (!root) return [];
	return counterparts(db, file, { root, path: within?.path ?? path })
		.filter(({ environment }) => environment === '')
		.map(({ node }) => ({ at: addressOf(node.origin), label: baseLabel(db, node.origin.file) }));
}

/** The YAML that the scalar at the address holds, as values. */
function embeddedRoot(db: Database, { file, document, path, within }: Address): Node | undefined {
	const host = contentOf(db, file)[document]?.root;
	const origin = host && nodeAt(host, path)?.origin;
	return origin && sourceNode(db, { ...origin, within: { document: within!.document, link: undefined } });
}

/** The part of a kustomization that acts as one: a list's item, an operation of an inline patch, or the field itself. */
function entryOf(address: Address): Address | undefined {
	const { path, within } = address;
	if (within) {
		if (typeof within.path[0] === 'number') return { ...address, within: { ...within, path: within.path.slice(0, 1) } };
		return address;
	}
	return path.length === 0 ? undefined : { ...address, path: path.slice(0, typeof path[1] === 'number' ? 2 : 1) };
}

/** Whether the place says which objects are meant, and not what becomes of them. */
function isSelector({ address: { path, within } }: Spot): boolean {
	return !within && path.some(key => key === 'target' || key === 'select' || key === 'source');
}

/** The objects that a patch's target, a replacement's source or select matched. */
function selected(db: Database, { address }: Spot): Target[] {
	const entry = entryOf(address);
	if (!entry) return [];
	return entriesOf(db, address.file).flatMap(each => {
		const build = buildOf(db, each);
		const matched = build.applications
			.filter(({ at }) => isBelow(at, entry))
			.flatMap(({ matched: ids }: Application) => ids);
		return build.resources
			.filter(({ originalId }) => matched.some(id => id.kind === originalId.kind && id.name === originalId.name))
			.map(({ from }) => ({ at: from, label: baseLabel(db, from.file) }));
	});
}

function isBelow(at: Address, above: Address): boolean {
	return at.file === above.file && above.path.every((key, i) => at.path[i] === key);
}

/** What the field of a patch or values file under the offset replaced. */
function replacedFields(db: Database, { address }: Spot): Target[] {
	return occurrencesInTree(db, address).flatMap(({ chain, index }) => {
		const below = index < 0 ? chain.at(-1) : chain[index + 1];
		return below ? [{ at: addressOf(below), label: baseLabel(db, below.file) }] : [];
	});
}

/** The object whose name stands under the offset. */
function namedObjects(db: Database, { address }: Spot): Target[] {
	const here = address.path.at(-1) === 'kind' ? { ...address, path: [...address.path.slice(0, -1), 'name'] } : address;
	return occurrencesInTree(db, here).flatMap(occurrence => {
		const { kind, resource, entry } = occurrence.subject;
		const reference = kind === 'resource' ? objectReferenceAt(resource, occurrence.path) : undefined;
		return (reference ? objectsNamed(db, entry, reference) : []).map(({ resource: { from, id } }) => ({
			at: from,
			label: `${id.kind}/${id.name}`,
		}));
	});
}

/** From a HelmRelease's `valuesKey` to the data of that key, and from its chart to what stands in the tree. */
function ofRelease(db: Database, { address, onKey }: Spot): Target[] {
	const field = address.path.at(-1);
	if (onKey || (field !== 'valuesKey' && field !== 'chart')) return [];
	return occurrencesInTree(db, address).flatMap(({ subject: { kind, entry, resource }, path }): Target[] => {
		const release = kind === 'resource' && isHelmRelease(resource) ? releaseIn(db, entry, resource) : undefined;
		if (!release) return [];
		if (field === 'valuesKey') {
			const entryOfData = path[1] === 'valuesFrom' ? release.references[Number(path[2])]?.entry : undefined;
			return entryOfData ? [{ at: addressOf(entryOfData.origin), label: 'values' }] : [];
		}
		const chart = chartOf(db, entry, release);
		const file = chart && join(chart.directory, 'Chart.yaml');
		return file && fileExists(db, file) ? [{ at: { file, document: 0, path: [] }, label: 'chart' }] : [];
	});
}

function releaseIn(db: Database, entry: Entry, { id }: Resource): Release | undefined {
	return releasesOf(db, entry).find(
		({ resource }) => resource.id.name === id.name && resource.id.namespace === id.namespace,
	);
}

/** The template in the base that an environment's actual secret was made from. */
function template(db: Database, { address }: Spot): Target[] {
	const of = templateOf(db, address.file);
	return of ? [{ at: { file: of, document: 0, path: [] }, label: 'template' }] : [];
}

function baseLabel(db: Database, file: FilePath): string {
	const tree = db.get(clusterTree, '');
	const home = [...tree.kustomized.values()]
		.filter(each => isWithin(each.directory, file))
		.sort((a, b) => b.directory.length - a.directory.length)[0];
	return home?.role === 'base'
		? 'base'
		: home?.environments.length === 1
			? home.environments[0]!
			: shortPath(db, basename(file));
}
