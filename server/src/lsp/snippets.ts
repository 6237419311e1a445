/** Snippets for clients that have none: the text that remains when every placeholder keeps its default. */

/** `${1:x}` becomes `x`, `$1` nothing, `\$` a dollar sign. */
export function plainText(snippet: string): string {
	return snippet.replace(/\\([\\$}])|\$\{\d+:((?:\\.|[^}\\])*)\}|\$\{\d+\}|\$\d+/g, (_, escaped, text) =>
		escaped !== undefined ? escaped : (text ?? '').replace(/\\(.)/g, '$1'),
	);
}
