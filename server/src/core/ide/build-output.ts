/** What `kustomize build` prints for a directory, document by document (`kustomize/commands/build.Command`, `krusty.Kustomizer`). */
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import type { ResourceId } from '../kube/resource-id';
import { build, type BuildOptions } from '../kustomize/build';
import { effectiveNamespace, isClusterScoped } from '../kustomize/identity';
import { kustomizationOf } from '../kustomize/read/kustomization';
import { legacyOrder } from '../kustomize/transformers/sort-order';
import { emitText } from '../yaml/emit';
import { placeOf } from './labels';
import type { BuildFinding, BuildOutput } from './results';

export interface BuildOutputOptions extends BuildOptions {
	/** `legacy` sorts by kind, as the commands do; `none` keeps the build order, as Flux does. `sortOptions` of the root win. */
	readonly order: 'legacy' | 'none';
}

/** Builds a directory and prints the result. The documents are there as far as possible even where the build failed. */
export function buildOutput(db: Database, directory: FilePath, { order, ...options }: BuildOutputOptions): BuildOutput {
	const { resources, problems, failed } = build(db, directory, options);
	const ownOrder = kustomizationOf(db, directory).kustomization?.sortOptions !== undefined;
	const ordered = order === 'legacy' && !ownOrder ? legacyOrder(resources) : resources;
	const namespaces = new Set(
		resources
			.map(({ id }) => id)
			.filter(id => !isClusterScoped(id))
			.map(effectiveNamespace),
	);
	const documents = ordered.map(({ node, id }) => ({
		name: fileNameOf(id, namespaces.size > 1),
		text: emitText(node),
	}));
	return { documents, findings: problems.map(problem => findingOf(db, problem)), failed };
}

/** A problem with its place looked up. */
export function findingOf(db: Database, { at, anchor, severity, code, message, details }: Problem): BuildFinding {
	return { ...placeOf(db, at, anchor), severity, code, message, details };
}

/** `shop_apps_v1_deployment_web.yaml`; the namespace only where there are several (`build.Writer.WriteIndividualFiles`). */
function fileNameOf(id: ResourceId, withNamespace: boolean): string {
	const namespace = withNamespace && !isClusterScoped(id) ? [effectiveNamespace(id)] : [];
	return [...namespace, id.group, id.version, id.kind, id.name].filter(Boolean).join('_').toLowerCase() + '.yaml';
}
