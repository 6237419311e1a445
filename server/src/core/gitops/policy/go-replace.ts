/** Replaces what a regular expression finds, with Go's templates (`$1`, `$name`, `${name}`, `$$`); Go `regexp.ReplaceAll` and `Expand`. */
import type { RE2JS } from 're2js';

type Matcher = ReturnType<RE2JS['matcher']>;

const REFERENCE = /\$(?:\$|(\w+)|\{(\w+)\})/g;
/** Results longer than this are refused. */
const MAX_TEXT = 1_000_000;

/** The text that is searched with each match replaced; a reference to a group that is not there is empty. */
export function replaceByTemplate(matcher: Matcher, source: string, template: string): string {
	const groups = matcher.pattern().namedGroups();
	let out = '';
	let last = 0;
	while (matcher.find()) {
		const group = (name: string): string => {
			const index = /^\d+$/.test(name) ? Number(name) : Object.hasOwn(groups, name) ? groups[name]! : Infinity;
			return index <= matcher.groupCount() ? (matcher.group(index) ?? '') : '';
		};
		const by = template.replace(REFERENCE, (_, bare?: string, braced?: string) => {
			const name = bare ?? braced;
			return name === undefined ? '$' : group(name);
		});
		out += source.slice(last, matcher.start()) + by;
		last = matcher.end();
		if (out.length > MAX_TEXT) throw new Error('the text grows too long');
	}
	return out + source.slice(last);
}
