/** Builds a directory of a fixture or of the disk, and prints it as the commands do. */
import { Database } from '../../server/src/core/base/query';
import { build, type Build, type BuildOptions } from '../../server/src/core/kustomize/build';
import { legacyOrder } from '../../server/src/core/kustomize/transformers/sort-order';
import type { Source } from '../../server/src/core/workspace/inputs';
import { emitText } from '../../server/src/core/yaml/emit';
import { fixture, memorySource, ROOT } from './fixture';

/** Builds a directory with a database of its own. */
export function buildOf(source: Source, directory: string, options?: Partial<BuildOptions>): Build {
	return build(new Database(source), directory, { loadRestrictor: 'LoadRestrictionsRootOnly', ...options });
}

/** Builds a directory of a fixture, the root where none is named. */
export function buildFixture(text: string, directory = '', options?: Partial<BuildOptions>): Build {
	return buildOf(memorySource(fixture(text).files), directory ? `${ROOT}/${directory}` : ROOT, options);
}

/** The built resources as text: as accumulated (`none`), or sorted as the commands do unless the root says otherwise. */
export function printed({ resources, order }: Build, reorder: 'none' | 'legacy'): string {
	const sorted = reorder === 'legacy' && order === 'build' ? legacyOrder(resources) : resources;
	return sorted.map(resource => emitText(resource.node)).join('---\n');
}

/** The fatal problems as `code place: message` lines. */
export function failures({ problems }: Build): string[] {
	return problems
		.filter(problem => problem.fatal)
		.map(({ code, at, message }) => `${code} ${at.file}#${at.path.join('.')}: ${message}`);
}
