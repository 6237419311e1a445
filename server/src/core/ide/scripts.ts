/** The scripts of the tree that people run: `scripts/cluster/*.sh` and `scripts/gitops/*.sh`, as their leading comments describe them. */
import { type FilePath, relative } from '../base/paths';
import type { Database } from '../base/query';
import { discovery } from '../model/discovery';
import { roots, textOf } from '../workspace/inputs';

export interface Script {
	readonly file: FilePath;
	/** The open folder, from which it is run. */
	readonly root: FilePath;
	/** Below the root. */
	readonly path: string;
	readonly group: 'cluster' | 'gitops';
	/** The first paragraph of the leading comment; empty where there is none. */
	readonly summary: string;
	/** All of the leading comment. */
	readonly description: string;
	/** Whether it reads arguments. */
	readonly takes: 'arguments' | 'nothing';
}

/** Sorted by path. */
export function scripts(db: Database): readonly Script[] {
	return db.read(roots, '').flatMap(root =>
		db.get(discovery, root).scripts.flatMap((file): Script[] => {
			const path = relative(root, file);
			const group = /^scripts\/(cluster|gitops)\/[^/]+$/.exec(path)?.[1];
			if (group !== 'cluster' && group !== 'gitops') return [];
			const text = textOf(db, file) ?? '';
			const description = leadingComment(text);
			const summary = description.split('\n\n', 1)[0]!.replaceAll('\n', ' ');
			const takes = /\$(\{?[1-9@*#])/.test(text) ? 'arguments' : 'nothing';
			return [{ file, root, path, group, summary, description, takes }];
		}),
	);
}

/** The comment at the top, below the line that names the interpreter. */
function leadingComment(text: string): string {
	const lines = text.split(/\r?\n/);
	const first = lines[0]?.startsWith('#!') ? 1 : 0;
	const rest = lines.slice(first);
	const start = rest.findIndex(line => line.trim() !== '');
	if (start < 0 || !rest[start]!.startsWith('#')) return '';
	const end = rest.findIndex((line, index) => index > start && !line.startsWith('#'));
	const comment = rest.slice(start, end < 0 ? undefined : end).map(line => line.replace(/^#+ ?/, '').trimEnd());
	return comment
		.filter(line => !/^(shellcheck|vim|strata-ignore)\b/.test(line.trim()))
		.join('\n')
		.trim();
}
