/** JSON in texts that policies read. The host's own error would quote the text, which may be secret. */
import { parseShallowJson } from '../../yaml/json-text';
import type { Plain } from '../../yaml/node';

/** The value. Throws where the text is no JSON, without a word of it. */
export function parseJsonText(text: string): Plain {
	try {
		return parseShallowJson(text);
	} catch {
		throw new Error('the text is no JSON');
	}
}
