/** Completion of what a HelmRelease says of its chart and of where values are: the chart's path, `valuesKey` and `targetPath`. */
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { Release } from '../gitops/helm/release';
import { valuesBelow } from '../gitops/helm/values-schema';
import { chartOf } from '../model/charts';
import type { Entry } from '../model/cluster-tree';
import { entriesOf } from '../model/entries';
import { releasesOf } from '../model/releases';
import { nodeAt, textAt } from '../yaml/node';
import type { Candidate } from './candidates';
import type { CaretDocument } from './caret-document';
import { pathCandidates } from './flux-paths';

/** What may stand at the caret, where that is one of these fields. */
export function releaseValues(db: Database, file: FilePath, { root, path }: CaretDocument, typed: string): Candidate[] {
	const kind = textAt(root, 'kind');
	const field = path.map(key => (typeof key === 'number' ? '*' : key)).join('.');
	if (`${kind} ${field}` === 'HelmRelease spec.chart.spec.chart' || `${kind} ${field}` === 'HelmChart spec.chart') {
		const source = textAt(nodeAt(root, path.slice(0, -1)), 'sourceRef', 'kind');
		return source === 'GitRepository' || source === 'Bucket' ? [...pathCandidates(db, file, typed, 'Chart.yaml')] : [];
	}
	if (kind !== 'HelmRelease') return [];
	const releases = releasesAt(db, file, textAt(root, 'metadata', 'name') ?? '');
	if (field === 'spec.valuesFrom.*.valuesKey') {
		const name = textAt(nodeAt(root, path.slice(0, -1)), 'name');
		return releases.flatMap(({ release }) => keysOf(release, name));
	}
	return field === 'spec.valuesFrom.*.targetPath' ? releases.flatMap(found => targetPaths(db, found, typed)) : [];
}

interface Found {
	readonly entry: Entry;
	readonly release: Release;
}

function releasesAt(db: Database, file: FilePath, name: string): readonly Found[] {
	return entriesOf(db, file).flatMap(entry =>
		releasesOf(db, entry)
			.filter(({ resource: { id, originalId } }) => originalId.name === name || id.name === name)
			.map(release => ({ entry, release })),
	);
}

/** The keys of the ConfigMap or Secret that is named beside. */
function keysOf({ references }: Release, name: string | undefined): readonly Candidate[] {
	const objects = references.flatMap(({ object }) =>
		object && (object.resource.originalId.name === name || object.resource.id.name === name) ? [object] : [],
	);
	return objects.flatMap(({ data, kind }) =>
		[...data.keys()].map((key): Candidate => ({
			label: key,
			kind: 'value',
			insert: key,
			detail: `key of the ${kind}`,
			rank: 1,
		})),
	);
}

/** Where the chart has values, as `helm --set` writes it. */
function targetPaths(db: Database, { entry, release }: Found, typed: string): readonly Candidate[] {
	const chart = chartOf(db, entry, release);
	const parts = typed.split(/(?<!\\)\./).map(part => part.replaceAll('\\', ''));
	const start = typed.slice(0, typed.length - typed.split(/(?<!\\)\./).at(-1)!.length);
	return (chart ? valuesBelow(chart, parts.slice(0, -1)) : []).map((info): Candidate => {
		const label = start + info.key.replaceAll(/[.,[\]={}]/g, '\\$&');
		return { label, kind: 'value', insert: label, detail: info.types.join(' or '), documentation: info.description };
	});
}
