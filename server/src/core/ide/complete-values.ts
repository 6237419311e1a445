/**
 * Completion where values of a HelmRelease are written: a values file behind a generator, a `values.yaml: |` block, `spec.values`. Keys and
 * values come from everything else that goes into the same release, with what it says, and from its chart where that is there.
 */
import type { FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { readValuesFile, valuesHost } from '../gitops/helm/merge-values';
import type { Release } from '../gitops/helm/release';
import type { Resource } from '../kube/resource';
import type { Entry } from '../model/cluster-tree';
import { buildOf, entriesOf } from '../model/entries';
import { releasesOf } from '../model/releases';
import { type ValueInfo, valueAt, valuesBelow } from '../gitops/helm/values-schema';
import { chartOf, chartOfDefaults } from '../model/charts';
import type { Chart } from '../gitops/helm/chart';
import { pathOf } from '../base/address';
import { entriesOf as mapEntries, type Node, nodeAt, textAt } from '../yaml/node';
import type { Candidate } from './candidates';
import type { Caret } from './caret';
import { oneOf, presetOf } from './field-description';
import { shortPath, valueLabel } from './labels';
import { SECRET } from '../kube/taken-secrets';
import type { CaretDocument } from './caret-document';

/** A place in the values of a release. */
interface ValuesPlace {
	readonly entry: Entry;
	readonly release: Release;
	readonly path: FieldPath;
}

/** Keys of the map at the caret; nothing where no values are written there. */
export function valuesFields(
	db: Database,
	file: FilePath,
	caret: Caret,
	document: CaretDocument | undefined,
): Candidate[] {
	const chart = caret.within ? undefined : chartOfDefaults(db, file);
	if (chart) return chartFields(chart, caret.path);
	return placesAt(db, file, caret, document).flatMap(place => [
		...presentFields(db, file, place),
		...chartFields(chartOf(db, place.entry, place.release), place.path),
	]);
}

/** Values for the key at the caret. */
export function valuesValues(
	db: Database,
	file: FilePath,
	caret: Caret,
	document: CaretDocument | undefined,
): Candidate[] {
	const chart = caret.within ? undefined : chartOfDefaults(db, file);
	if (chart) return chartValues(chart, caret.path);
	return placesAt(db, file, caret, document).flatMap(place => {
		const present = partsBeside(file, place.release).flatMap(({ root, isSecret }): Candidate[] => {
			const node = nodeAt(root, place.path);
			if (isSecret || node?.kind !== 'scalar' || node.text === '' || node.origin.file === file) return [];
			const detail = shortPath(db, node.origin.file);
			return [{ label: node.text, kind: 'value', insert: node.text, detail, rank: 1 }];
		});
		return [...present, ...chartValues(chartOf(db, place.entry, place.release), place.path)];
	});
}

interface Part {
	readonly root: Node;
	/** Its values are not shown. */
	readonly isSecret: boolean;
}

/** What goes into the release from elsewhere than the file that is being typed in, the last word first. */
function partsBeside(file: FilePath, { references, resource }: Release): Part[] {
	const inline = nodeAt(resource.node, ['spec', 'values']);
	const parts = references.flatMap(({ entry, target, object }): Part[] => {
		if (!entry || target !== undefined || entry.value.kind !== 'known' || entry.origin.file === file) return [];
		const values = readValuesFile(entry.value.text, valuesHost(entry, 'valuesFrom'));
		return values.kind === 'values' && values.root ? [{ root: values.root, isSecret: object?.kind === 'Secret' }] : [];
	});
	return [...parts, ...(inline ? [{ root: inline, isSecret: false }] : [])].reverse();
}

function placesAt(db: Database, file: FilePath, caret: Caret, document: CaretDocument | undefined): ValuesPlace[] {
	return entriesOf(db, file).flatMap(entry =>
		releasesOf(db, entry).flatMap(release => {
			const path = pathInValues(db, entry, release, file, caret, document);
			return path ? [{ entry, release, path }] : [];
		}),
	);
}

function pathInValues(
	db: Database,
	entry: Entry,
	{ references, resource }: Release,
	file: FilePath,
	caret: Caret,
	document: CaretDocument | undefined,
): FieldPath | undefined {
	for (const { entry: data, target } of references) {
		if (data?.origin.file !== file || target !== undefined) continue;
		const { link, document: at } = data.origin;
		if (link === undefined) return caret.within ? undefined : caret.path;
		const host = pathOf(link);
		const sameScalar =
			caret.document === at && host.length === caret.path.length && host.every((key, i) => key === caret.path[i]);
		if (sameScalar && caret.within) return caret.within.path;
	}
	if (!document || textAt(document.root, 'kind') !== 'HelmRelease') return undefined;
	const isNamed = textAt(document.root, 'metadata', 'name') === resource.originalId.name;
	if (!isNamed && !isPatchOf(db, entry, file, caret, resource)) return undefined;
	const [spec, values, ...rest] = document.path;
	return spec === 'spec' && values === 'values' ? rest : undefined;
}

/** Whether the document patches the release, whatever its own name says: the target of its entry does not ask for that. */
function isPatchOf(db: Database, entry: Entry, file: FilePath, { document }: Caret, { originalId }: Resource): boolean {
	return buildOf(db, entry).applications.some(
		({ step, at, matched }) =>
			step === 'patch' &&
			at.file === file &&
			at.document === document &&
			matched.some(({ kind, name }) => kind === originalId.kind && name === originalId.name),
	);
}

/** What the release is given at the path by others than this file. */
function presentFields(db: Database, file: FilePath, { release, path }: ValuesPlace): Candidate[] {
	return partsBeside(file, release).flatMap(({ root, isSecret }) =>
		mapEntries(nodeAt(root, path)).flatMap(({ key, value }): Candidate[] =>
			value.origin.file === file
				? []
				: [
						{
							label: key,
							kind: 'field',
							insert: key,
							detail: isSecret ? SECRET : valueLabel(value),
							documentation: `Set in ${shortPath(db, value.origin.file)}.`,
							shape: value.kind === 'map' ? 'map' : value.kind === 'seq' ? 'list' : 'scalar',
							rank: 1,
						},
					],
		),
	);
}

/** What the chart knows at the path: from its schema, its defaults and their comments. */
function chartFields(chart: Chart | undefined, path: FieldPath): Candidate[] {
	if (!chart) return [];
	return valuesBelow(chart, path).map((info): Candidate => {
		const preset = presetOf(info);
		return {
			label: info.key,
			kind: 'field',
			insert: info.key,
			detail: [info.types.join(' or '), preset && `default ${preset}`].filter(Boolean).join(', '),
			documentation:
				[info.description, oneOf(info.allowed)?.replaceAll('`', '')].filter(Boolean).join('\n\n') || undefined,
			shape: shapeOf(info),
			...snippetOf(info),
			deprecated: info.deprecated,
			// Every chart takes `global`, and few read it.
			rank: info.required ? 2 : info.key === 'global' && preset === undefined && info.types.length === 0 ? 6 : 3,
		};
	});
}

/** An object with the keys that it cannot be without. */
function snippetOf({ requiredKeys }: ValueInfo): Pick<Candidate, 'snippet'> {
	const lines = requiredKeys.map(({ key, preset }, i) => {
		const place = preset === undefined ? `$${i + 1}` : `\${${i + 1}:${preset.replaceAll(/[$}\\]/g, '\\$&')}}`;
		return `\n  ${key.replaceAll(/[$}\\]/g, '\\$&')}: ${place}`;
	});
	return lines.length > 0 ? { snippet: `:${lines.join('')}` } : {};
}

function shapeOf({ defaultNode, types }: ValueInfo): Candidate['shape'] {
	if (defaultNode?.kind === 'map' || types[0] === 'object') return 'map';
	return defaultNode?.kind === 'seq' || types[0] === 'array' ? 'list' : 'scalar';
}

/** The values that the chart allows, and its default. */
function chartValues(chart: Chart | undefined, path: FieldPath): Candidate[] {
	const info = chart && valueAt(chart, path);
	if (!info) return [];
	const texts = [...info.allowed, ...(info.types.includes('boolean') ? [true, false] : [])].map(String);
	const allowed = texts.map((label): Candidate => ({ label, kind: 'enum', insert: label, rank: 2 }));
	const preset = info.defaultNode;
	if (preset?.kind !== 'scalar' || preset.text === '') return allowed;
	return [
		...allowed,
		{ label: preset.text, kind: 'value', insert: preset.text, detail: `default of ${info.chart}`, rank: 3 },
	];
}
