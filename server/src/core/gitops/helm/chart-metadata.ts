/** Chart.yaml as helm validates it before it does anything with a chart (`Metadata.Validate`), in helm's words. */
import type { Problem } from '../../base/problem';
import { addressOf, child, itemsOf, type Node, textAt } from '../../yaml/node';
import { parseVersion } from './semver';

/** What is wrong with it; the first counts, as for helm. */
export function metadataProblem(metadata: Node, file: string): Problem | undefined {
	const name = textAt(metadata, 'name') ?? '';
	const version = textAt(metadata, 'version') ?? '';
	const type = textAt(metadata, 'type') ?? '';
	if (name === '') return problem(metadata, file, 'name', 'chart.metadata.name is required', 'the chart has no "name"');
	if (name.includes('/'))
		return problem(
			metadata,
			file,
			'name',
			`chart.metadata.name "${name}" is invalid`,
			`"${name}" cannot be the name of a chart`,
		);
	if (version === '')
		return problem(metadata, file, 'version', 'chart.metadata.version is required', `chart "${name}" has no "version"`);
	if (!parseVersion(version))
		return problem(
			metadata,
			file,
			'version',
			`chart.metadata.version "${version}" is invalid`,
			`the version "${version}" of chart "${name}" is none; write one such as 1.2.3`,
		);
	if (!['', 'application', 'library'].includes(type))
		return problem(
			metadata,
			file,
			'type',
			'chart.metadata.type must be application or library',
			`the type of chart "${name}" must be "application" or "library"`,
		);
	return dependencyProblem(metadata, file);
}

function dependencyProblem(metadata: Node, file: string): Problem | undefined {
	const seen = new Set<string>();
	for (const dependency of itemsOf(child(metadata, 'dependencies'))) {
		const name = textAt(dependency, 'name') ?? '';
		const alias = textAt(dependency, 'alias') ?? '';
		if (!/^[\w-]*$/.test(alias))
			return problem(
				dependency,
				file,
				'alias',
				`dependency "${name}" has disallowed characters in the alias`,
				`the alias "${alias}" may have letters, digits, "_" and "-" only`,
			);
		const key = alias || name;
		if (seen.has(key))
			return problem(
				dependency,
				file,
				alias ? 'alias' : 'name',
				`more than one dependency with name or alias "${key}"`,
				`two dependencies are called "${key}"; give one of them an "alias"`,
			);
		seen.add(key);
	}
	return undefined;
}

function problem(holder: Node, file: string, field: string, words: string, message: string): Problem {
	const at = child(holder, field);
	return {
		code: 'helm/chart-unreadable',
		severity: 'error',
		message: `${message}, so the chart cannot be installed.`,
		at: at ? addressOf(at.origin) : { file, document: 0, path: [] },
		details: `validation: ${words}`,
		fatal: true,
	};
}
