/** `strata/outline` */
import type { FilePath } from '../../core/base/paths';
import type { OutlineResult } from '../protocol';
import type { Session } from '../session';

export function outline({ analysis, open }: Session): OutlineResult {
	const { environments, groups, entryPoints } = analysis.overview();
	const withUri = <T extends { readonly file: FilePath | undefined }>({ file, ...rest }: T) => ({
		...rest,
		uri: file === undefined ? '' : open.uriOf(file),
	});
	return {
		environments,
		groups: groups.map(({ path, components }) => ({
			path,
			components: components.map(component => ({
				...withUri(component),
				environments: component.environments.map(each => ({ ...each, overlays: each.overlays.map(withUri) })),
			})),
		})),
		entryPoints: entryPoints.map(withUri),
	};
}
