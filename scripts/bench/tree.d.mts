/** The files of a tree by path, exactly `files` of them. */
export function makeTree(options: { readonly files: number; readonly seed?: number }): Map<string, string>;

/** Writes a tree below a directory. */
export function writeTree(directory: string, tree: ReadonlyMap<string, string>): void;
