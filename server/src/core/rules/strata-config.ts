/** `strata/config-*`: mistakes in `strata.yaml`: keys, values and codes that nobody knows, and globs that name nothing. */
import { didYouMean } from '../base/nearest';
import { dirname, type FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { clusterTree } from '../model/cluster-tree';
import { discovery } from '../model/discovery';
import { names, namesCode, covers, type PathSet, type TreeConfig, treeConfigs } from '../workspace/tree-config';
import { addressOf } from '../yaml/node';
import type { Finding } from './rule';

/** What is wrong in the `strata.yaml` of each open folder. `codes` are all that can be reported. */
export function configFindings(db: Database, codes: readonly string[]): readonly Finding[] {
	return treeConfigs(db).flatMap(config => [
		...config.problems,
		...unknownCodes(config, codes),
		...globsOfNothing(db, config),
	]);
}

/** The `strata.yaml`s in which something may be found. */
export function configFiles(db: Database): readonly FilePath[] {
	return treeConfigs(db).map(({ file }) => file);
}

function unknownCodes({ severities, ignore }: TreeConfig, codes: readonly string[]): Finding[] {
	return [...severities, ...ignore].flatMap(({ text, node }): Finding[] => {
		if (codes.some(code => namesCode(text, code))) return [];
		const areas = [...new Set(codes.map(code => `${code.split('/', 1)[0]}/*`))];
		return [
			{
				code: 'strata/config-unknown-code',
				severity: 'warning',
				message: `nothing is reported as \`${text}\`${didYouMean(text, [...codes, ...areas])}`,
				at: addressOf(node.origin),
				anchor: 'key',
			},
		];
	});
}

/** Environments, bases and the like name directories that are built; what is ignored may be any file. */
function globsOfNothing(db: Database, config: TreeConfig): Finding[] {
	const { kustomized, entries } = db.get(clusterTree, '');
	const directories = [
		...new Set([...kustomized.keys(), ...entries.flatMap(({ flux }) => (flux ? [flux.cluster] : []))]),
	];
	const { yamlFiles, kustomizations, charts, scripts } = db.get(discovery, dirname(config.file));
	const files = [...yamlFiles, ...scripts, ...kustomizations, ...charts];
	const of = (
		paths: PathSet | undefined,
		test: (paths: PathSet, path: FilePath) => boolean,
		among: readonly FilePath[],
	) =>
		(paths?.globs ?? [])
			.filter(glob => !among.some(path => test({ root: paths!.root, globs: [glob] }, path)))
			.map(({ text, node }): Finding => ({
				code: 'strata/config-no-match',
				severity: 'information',
				message: `\`${text}\` names nothing in this tree; paths are told from the directory of strata.yaml`,
				at: addressOf(node.origin),
			}));
	return [
		...config.environments.flatMap(({ paths }) => of(paths, covers, directories)),
		...of(config.bases, covers, directories),
		...of(config.entryPoints, names, directories),
		...of(config.components, names, directories),
		...config.ignore.flatMap(({ paths }) => of(paths, covers, files)),
	];
}
