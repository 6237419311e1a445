/**
 * Artifacts that source-watcher puts together out of other sources (`ArtifactGenerator`): which directory of this repository a path in
 * such an artifact stands for, where it was copied as a whole.
 */
import { type FilePath, join } from '../../base/paths';
import type { ResourceIndex } from '../../kube/resource-index';
import { child, itemsOf, nodeAt, textAt } from '../../yaml/node';
import type { SourceKey } from './kustomization';

const GROUP = 'source.extensions.fluxcd.io';

/** Where the contents of one directory of an artifact come from. */
interface Copy {
	readonly to: string;
	readonly from: string;
	readonly source: SourceKey;
}

/**
 * The directory for `path` of the artifact that a Kustomization names; nothing where no generator in the tree makes it, or where it
 * is not a copy of a directory of a source that `isHere`.
 */
export function directoryInArtifact(
	index: ResourceIndex,
	artifact: SourceKey,
	path: string,
	root: FilePath,
	isHere: (source: SourceKey) => boolean,
): FilePath | undefined {
	if (artifact.kind !== 'ExternalArtifact') return undefined;
	const wanted = normal(path);
	const fitting = copiesOf(index, artifact)
		.filter(({ to, source }) => (to === '' || wanted === to || wanted.startsWith(`${to}/`)) && isHere(source))
		.sort((a, b) => b.to.length - a.to.length);
	const [copy] = fitting;
	return copy && join(root, `${copy.from}/${wanted.slice(copy.to.length)}`);
}

function copiesOf(index: ResourceIndex, { namespace, name }: SourceKey): readonly Copy[] {
	const generators = index.all(GROUP, 'ArtifactGenerator').filter(({ id }) => id.namespace === namespace);
	return generators.flatMap(({ node }) => {
		const sources = new Map(
			itemsOf(nodeAt(node, ['spec', 'sources'])).map(source => [
				textAt(source, 'alias') ?? '',
				{
					kind: textAt(source, 'kind') ?? '',
					name: textAt(source, 'name') ?? '',
					namespace: textAt(source, 'namespace') ?? namespace,
				},
			]),
		);
		const artifact = itemsOf(nodeAt(node, ['spec', 'artifacts'])).find(each => textAt(each, 'name') === name);
		return itemsOf(child(artifact, 'copy')).flatMap((copy): Copy[] => {
			const [, alias = '', from] = /^@([^/]+)\/(.*?)\/?\*\*$/.exec(textAt(copy, 'from') ?? '') ?? [];
			const [, to] = /^@artifact\/(.*)$/.exec(textAt(copy, 'to') ?? '') ?? [];
			const source = sources.get(alias);
			return source && from !== undefined && to !== undefined ? [{ from, to: normal(to), source }] : [];
		});
	});
}

function normal(path: string): string {
	return join('/', path).slice(1);
}
