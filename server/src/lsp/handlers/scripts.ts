/** `strata/scripts` */
import type { ScriptItem } from '../scripts-protocol';
import type { Session } from '../session';

export function scripts({ analysis, open }: Session): ScriptItem[] {
	return analysis
		.scripts()
		.map(({ file, root, ...rest }) => ({ ...rest, uri: open.uriOf(file), folder: open.uriOf(root) }));
}
