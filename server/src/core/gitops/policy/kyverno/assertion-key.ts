/** How a key or a leaf of an assertion tree is written: `~index.(expression)->name`; kyverno-json `pkg/core/expression`. */

export interface AssertionKey {
	/** Whether what it gives is gone through, and under which name the index is then known. */
	readonly isForeach: boolean;
	readonly index: string | undefined;
	/** The name under which what it gives is known below. */
	readonly binding: string | undefined;
	/** The language of the expression; nothing where the statement is the name of a field. */
	readonly engine: string | undefined;
	readonly statement: string;
}

export function parseAssertionKey(written: string): AssertionKey {
	const foreach = /^~(\w+)?\.(.*)/.exec(written);
	const looped = foreach ? foreach[2]! : written;
	const bound = /(.*)\s*->\s*(\w+)$/.exec(looped);
	const inner = bound ? bound[1]! : looped;
	const escaped = /^\\(.+)\\$/.exec(inner);
	const expression = escaped ? null : /^\((?:(\w+);)?(.+)\)$/.exec(inner);
	return {
		isForeach: foreach !== null,
		index: foreach?.[1],
		binding: bound?.[2],
		engine: expression ? (expression[1] ?? 'default') : undefined,
		statement: escaped?.[1] ?? expression?.[2] ?? inner,
	};
}
