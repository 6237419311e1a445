/**
 * `.helmignore`: what of a chart's directory helm does not load (helm `pkg/ignore`). The patterns are Go's `filepath.Match`, so a star ends
 * at a slash, and two of them are refused.
 */
export interface HelmIgnore {
	/** Whether a path below the chart is left out; a directory with all that it holds. */
	ignores(path: string, kind: 'file' | 'directory'): boolean;
}

interface Pattern {
	readonly negated: boolean;
	readonly directoriesOnly: boolean;
	matches(path: string): boolean;
}

/** The rules of a file, with helm's own on top; helm's words where it refuses the file. */
export function parseHelmIgnore(text: string): HelmIgnore | { readonly words: string } {
	const patterns: Pattern[] = [];
	for (const line of [...text.replace(/^\uFEFF/, '').split('\n'), DEFAULT_RULE]) {
		const rule = line.trim();
		if (rule === '' || rule.startsWith('#')) continue;
		if (rule.includes('**')) return { words: 'double-star (**) syntax is not supported' };
		const pattern = readPattern(rule);
		if (!pattern) return { words: 'syntax error in pattern' };
		patterns.push(pattern);
	}
	return {
		ignores(path, kind) {
			for (const { negated, directoriesOnly, matches } of patterns) {
				const isOther = directoriesOnly && kind === 'file';
				// What does not match a negated rule is left out by it.
				if (negated ? isOther || !matches(path) : !isOther && matches(path)) return true;
			}
			return false;
		},
	};
}

/** Dotfiles below templates. */
const DEFAULT_RULE = 'templates/.?*';

function readPattern(rule: string): Pattern | undefined {
	if (!goPattern(rule)) return undefined;
	const negated = rule.startsWith('!');
	const directoriesOnly = rule.endsWith('/');
	const bare = rule.slice(negated ? 1 : 0, directoriesOnly ? -1 : undefined);
	const pattern = goPattern(bare.replace(/^\//, ''));
	if (!pattern) return undefined;
	const wholePath = bare.includes('/');
	return {
		negated,
		directoriesOnly,
		matches: path => pattern.test(wholePath ? path : path.slice(path.lastIndexOf('/') + 1)),
	};
}

/** `filepath.Match` as a regular expression; nothing where Go calls the pattern bad. */
function goPattern(pattern: string): RegExp | undefined {
	let source = '';
	for (let i = 0; i < pattern.length; i++) {
		const character = pattern[i]!;
		if (character === '*') source += '[^/]*';
		else if (character === '?') source += '[^/]';
		else if (character === '[') {
			const end = classEnd(pattern, i);
			if (end === undefined) return undefined;
			source += pattern.slice(i, end + 1).replace(/\\([^\]\\^-])/g, '$1');
			i = end;
		} else {
			if (character === '\\') i++;
			const literal = pattern[i];
			if (literal === undefined) return undefined;
			source += literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
		}
	}
	try {
		return new RegExp(`^${source}$`, 'su');
	} catch {
		return undefined;
	}
}

/** Where a class ends that begins at `start`: not empty, and not in the middle of an escape. */
function classEnd(pattern: string, start: number): number | undefined {
	let at = start + (pattern[start + 1] === '^' ? 2 : 1);
	for (const first = at; at < pattern.length; at++) {
		if (pattern[at] === '\\') at++;
		else if (pattern[at] === ']') return at > first ? at : undefined;
	}
	return undefined;
}
