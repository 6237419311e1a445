import { expect, test } from 'vitest';
import { plainText } from '../../server/src/lsp/snippets';

test.each([
	['name: $1', 'name: '],
	['name: ${1:web}$0', 'name: web'],
	['${1}x${12:y}', 'xy'],
	['price: \\$5', 'price: $5'],
	['a: ${1:\\}b\\$}', 'a: }b$'],
	['nothing to do', 'nothing to do'],
])('%j without placeholders is %j', (snippet, text) => {
	expect(plainText(snippet)).toBe(text);
});
