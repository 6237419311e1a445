/** What go-yaml, which every real tool reads with, says where the parser here says something of its own: the words to search for. */

/** By how the parser's message begins. */
const WORDS: readonly (readonly [RegExp, string])[] = [
	[
		/^Nested mappings are not allowed|^Implicit keys need to be on a single line/,
		'mapping values are not allowed in this context',
	],
	[/^Implicit map keys need to be followed by map values/, "could not find expected ':'"],
	[/^All mapping items must start at the same column/, 'did not find expected key'],
	[/^A block sequence may not be used as an implicit map key/, 'did not find expected key'],
	[/^All sequence items must start at the same column/, "did not find expected '-' indicator"],
	[
		/^Tabs are not allowed as indentation|^Plain value cannot start with|^a tab stands at the beginning/,
		'found character that cannot start any token',
	],
	[/^Missing closing ["']quote/, 'found unexpected end of stream'],
	[/^Flow map|^Expected flow map|^Missing , (or : )?between flow map/, "did not find expected ',' or '}'"],
	[
		/^Flow sequence|^Expected flow sequence|^Missing , (or : )?between flow sequence/,
		"did not find expected ',' or ']'",
	],
	[/^Block collection cannot start on same line/, 'invalid document separator: ...'],
	[/^control characters are not allowed/, 'control characters are not allowed'],
];

/** Go-yaml's words for an error of the parser; the line that it names, which is often the one before, is left open. */
export function goYamlWords(message: string): string {
	const found = WORDS.find(([pattern]) => pattern.test(message))?.[1];
	if (found === undefined || found.startsWith('invalid')) return found ?? message;
	return found.startsWith('control') ? `yaml: ${found}` : `yaml: line ...: ${found}`;
}
