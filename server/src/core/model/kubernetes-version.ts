/**
 * The release of Kubernetes that an environment is for: as set, else as the objects say that make or upgrade its cluster (Cluster API, the system upgrade
 * controller, Talos), or the configuration of a local cluster that lies in the tree (kind, k3d, talhelper).
 */
import { basename, type FilePath, relative } from '../base/paths';
import { type Database, query } from '../base/query';
import type { Resource } from '../kube/resource';
import { contentOf } from '../workspace/documents';
import { roots } from '../workspace/inputs';
import { setting } from '../workspace/settings';
import { itemsOf, type Node, nodeAt, textAt } from '../yaml/node';
import { clusterTree } from './cluster-tree';
import { discovery } from './discovery';
import { indexesOf } from './releases';

/** `1.31`; nothing where neither a setting nor the tree says it, or the tree contradicts itself. */
export function kubernetesVersionOf(db: Database, environment: string): string | undefined {
	return minorOf(db.get(versionQuery, environment));
}

/** The same with its patch, `1.31.4`, where that is said. */
export function exactKubernetesVersionOf(db: Database, environment: string): string | undefined {
	return db.get(versionQuery, environment);
}

function minorOf(version: string | undefined): string | undefined {
	return version?.split('.', 2).join('.');
}

const versionQuery = query<string | undefined>('kubernetesVersion', (db, environment) => {
	const set = setting(db, 'kubernetesVersion');
	if (set) return releaseIn(set);
	const said = new Set([
		...indexesOf(db, environment).flatMap(({ resources }) => resources.flatMap(releasesSaidBy)),
		...db.get(configuredReleases, environment),
	]);
	if (said.size === 1) return [...said][0];
	const minors = new Set([...said].map(minorOf));
	return minors.size === 1 ? [...minors][0] : undefined;
});

/** Which field of which kind says a release. */
const SAID_BY: readonly (readonly [group: string, kind: string, ...path: string[]])[] = [
	['cluster.x-k8s.io', 'Cluster', 'spec', 'topology', 'version'],
	['controlplane.cluster.x-k8s.io', 'KubeadmControlPlane', 'spec', 'version'],
	['controlplane.cluster.x-k8s.io', 'TalosControlPlane', 'spec', 'version'],
	['controlplane.cluster.x-k8s.io', 'RKE2ControlPlane', 'spec', 'version'],
	['controlplane.cluster.x-k8s.io', 'KThreesControlPlane', 'spec', 'version'],
	['tuppr.home-operations.com', 'KubernetesUpgrade', 'spec', 'kubernetes', 'version'],
];
/** The images that a Plan of the system upgrade controller upgrades Kubernetes with; others upgrade the system. */
const UPGRADE_IMAGE = /(^|\/)(k3s|rke2)-upgrade$/;

function releasesSaidBy({ id, node }: Resource): readonly string[] {
	if (id.group === 'upgrade.cattle.io' && id.kind === 'Plan')
		return UPGRADE_IMAGE.test(textAt(node, 'spec', 'upgrade', 'image') ?? '')
			? release(textAt(node, 'spec', 'version'))
			: [];
	return SAID_BY.filter(([group, kind]) => group === id.group && kind === id.kind).flatMap(([, , ...path]) =>
		release(textAt(node, ...path)),
	);
}

function release(text: string | undefined): readonly string[] {
	const found = text === undefined ? undefined : releaseIn(text);
	return found === undefined ? [] : [found];
}

/** The version in a text, without what a distribution adds: `v1.31.4+k3s1`, `rancher/k3s:v1.31.4-k3s1`, `1.31`. */
function releaseIn(text: string): string | undefined {
	return /(?:^|[:@])v?(1\.\d{1,3}(?:\.\d{1,3})?)(?:[.+-]|$)/.exec(text)?.[1];
}

/** By the environment that the path of the configuration names; in a tree of one environment, that one. */
const configuredReleases = query<readonly string[]>(
	'configuredReleases',
	(db, environment) =>
		db.read(roots, '').flatMap(root =>
			db
				.get(discovery, root)
				.yamlFiles.filter(file => CONFIGURATION.test(basename(file)) && isOf(db, relative(root, file), environment))
				.flatMap(file => contentOf(db, file).flatMap(({ root: node }) => releasesConfiguredIn(node))),
		),
	(a, b) => a.length === b.length && a.every((each, i) => each === b[i]),
);

/** What configurations of clusters are called; other files are not read for it. */
const CONFIGURATION = /^(kind|k3d|talconfig|talenv)([-_.].*)?\.ya?ml$|[-_.](kind|k3d)\.ya?ml$/i;

function isOf(db: Database, path: FilePath, environment: string): boolean {
	const { environments } = db.get(clusterTree, '');
	if (environments.length === 0) return environment === '';
	const words = path.split(/[/_.-]/).concat(path.split('/'));
	const named = environments.filter(each => words.includes(each));
	return named.length === 1 && named[0] === environment;
}

function releasesConfiguredIn(node: Node | undefined): readonly string[] {
	if (textAt(node, 'kind') === 'Cluster' && textAt(node, 'apiVersion')?.startsWith('kind.x-k8s.io/'))
		return [...new Set(itemsOf(nodeAt(node, ['nodes'])).flatMap(each => release(textAt(each, 'image'))))];
	if (textAt(node, 'kind') === 'Simple' && textAt(node, 'apiVersion')?.startsWith('k3d.io/'))
		return release(textAt(node, 'image'));
	return release(textAt(node, 'kubernetesVersion'));
}
