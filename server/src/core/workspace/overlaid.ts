/** The disk as an editor sees it: with the texts that it holds open. */
import type { FilePath } from '../base/paths';
import type { FileState, Source } from './inputs';

/** Answers as `source` does, but for the paths of `open` with their texts. They may change, and who changes them tells the database. */
export function overlaid(source: Source, open: ReadonlyMap<FilePath, string>): Source {
	return {
		read: (path): FileState => {
			const text = open.get(path);
			return text === undefined ? source.read(path) : { kind: 'text', text };
		},
		list: path => source.list(path),
		realPath: path => source.realPath(path),
		readBytes: path => source.readBytes(path),
		bundled: name => source.bundled(name),
		...(source.failed ? { failed: (what: string, error: unknown) => source.failed?.(what, error) } : undefined),
		...(source.sealingKeys ? { sealingKeys: source.sealingKeys } : undefined),
	};
}
