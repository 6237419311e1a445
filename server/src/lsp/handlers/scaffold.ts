/** `strata/scaffoldChoices` and `strata/scaffold` */
import type { ScaffoldRequest } from '../../core/ide/scaffold/scaffold';
import type { RefactoringResult, ScaffoldChoicesResult, ScaffoldParams } from '../refactoring-protocol';
import { toRefactoring } from '../refactoring';
import type { Session } from '../session';
import { fileOf } from '../uris';

export function scaffoldChoices({ analysis, open }: Session): ScaffoldChoicesResult {
	const { environments, groups, components } = analysis.scaffoldChoices();
	return {
		environments,
		groups: groups.map(({ directory, path }) => ({ uri: open.uriOf(directory), path })),
		components: components.map(({ directory, ...rest }) => ({ uri: open.uriOf(directory), ...rest })),
	};
}

export function scaffold(session: Session, params: ScaffoldParams): RefactoringResult {
	const found = session.analysis.scaffold(requestOf(params));
	const result = toRefactoring(session, found, titleOf(params));
	return 'edit' in result && found.notes ? { ...result, notes: found.notes } : result;
}

/** A URI that names no file names no directory of the tree either. */
function requestOf(params: ScaffoldParams): ScaffoldRequest {
	switch (params.what) {
		case 'component':
			return { ...params, group: fileOf(params.group) ?? '' };
		case 'environment':
			return params;
		case 'overlay':
			return { ...params, component: fileOf(params.component) ?? '' };
	}
}

function titleOf(params: ScaffoldParams): string {
	switch (params.what) {
		case 'component':
			return `New component ${params.name}`;
		case 'environment':
			return `New environment ${params.name}`;
		case 'overlay':
			return `New overlay in ${params.environment}`;
	}
}
