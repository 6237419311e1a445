/**
 * ConfigMaps and Secrets that carry a values file and that nobody reads: then editing the file changes nothing in the cluster,
 * and no tool says so. The release's valuesFrom was forgotten, or names another one.
 */
import { ofObject } from '../../base/memo';
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import type { Resource } from '../../kube/resource';
import type { ResourceIndex } from '../../kube/resource-index';
import { addressOf, entriesOf, child, walk } from '../../yaml/node';
import type { Release } from './release';

/** The problems of one environment; nothing in a tree that is only a part, where somebody else may be the reader. */
export function unreadValues(db: Database, index: ResourceIndex, releases: readonly Release[]): readonly Problem[] {
	if (index.coverage === 'part' || releases.length === 0) return [];
	const carriers = ['ConfigMap', 'Secret'].flatMap(kind => index.all('', kind)).filter(each => carriesValues(db, each));
	const namespaces = new Set(releases.map(({ resource }) => resource.id.namespace));
	const candidates = carriers.filter(({ id }) => namespaces.has(id.namespace));
	// Who names it as it was called before the build is told that it has another name now.
	const asked = new Set(releases.flatMap(({ references }) => references.map(({ name }) => name)));
	const left = candidates.filter(({ id, originalId }) => !asked.has(id.name) && !asked.has(originalId.name));
	if (left.length === 0) return [];
	const mentioned = mentionedTexts(index);
	return left.filter(({ id }) => !mentioned.has(id.name)).map(carrier => unread(carrier, releases));
}

/** Whether a key is called after values, and the object is generated for them: `values.yaml`, `values-prod.yaml`, `podinfo-values.yaml`. */
const carriesValues = ofObject<Resource, boolean>(({ node, from, id }) => {
	const generated = from.path.some(key => key === 'configMapGenerator' || key === 'secretGenerator');
	const keys = ['data', 'stringData'].flatMap(field => entriesOf(child(node, field)).map(({ key }) => key));
	return generated && id.name !== '' && keys.some(key => /(^|[-_.])values([-_.].*)?\.ya?ml$/i.test(key));
});

/** Every scalar of every object; names of objects themselves do not count. */
function mentionedTexts({ resources }: ResourceIndex): ReadonlySet<string> {
	const texts = new Set<string>();
	for (const { node } of resources)
		walk(node, (at, link) => {
			if (at.kind !== 'scalar') return;
			const own = link?.key === 'name' && link.parent?.key === 'metadata' && link.parent.parent === undefined;
			if (!own) texts.add(at.text);
		});
	return texts;
}

function unread({ id, originalId, from }: Resource, releases: readonly Release[]): Problem {
	const here = releases.filter(({ resource }) => resource.id.namespace === id.namespace);
	const names = here.flatMap(({ references }) => references.map(({ name }) => name));
	const similar = nearest(originalId.name, names) ?? names.find(name => name.includes(originalId.name));
	const release = here.find(each => each.references.some(({ name }) => name === similar)) ?? here[0]!;
	const hint =
		similar === undefined
			? `; add it to "spec.valuesFrom" of HelmRelease "${release.resource.id.name}", or remove it.`
			: `; HelmRelease "${release.resource.id.name}" reads "${similar}".`;
	const place = child(release.resource.node, 'spec');
	return {
		code: 'helm/values-not-read',
		severity: 'warning',
		message: `no HelmRelease reads the values in ${id.kind} "${id.name}", so changes of them have no effect${hint}`,
		at: from,
		related: [
			{
				message: `HelmRelease "${release.resource.id.name}"`,
				at: place ? addressOf(place.origin) : release.resource.from,
			},
		],
	};
}
