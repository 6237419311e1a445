/** Ways through what depends on each other, to say a circle in full. */

/** The shortest chain from one key to another, both included; nothing where none leads there. */
export function shortestWay(
	from: string,
	to: string,
	next: (key: string) => readonly string[],
): readonly string[] | undefined {
	const ways = new Map<string, readonly string[]>([[from, [from]]]);
	for (const [key, way] of ways) {
		if (key === to) return way;
		for (const each of next(key)) if (!ways.has(each)) ways.set(each, [...way, each]);
	}
	return undefined;
}
