/** The pages that explain what is reported, where they lie beside the program. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The URIs of the pages below `directory`, by code; each is looked for once. Nothing where there is none. */
export function rulePages(directory: string): (code: string) => string | undefined {
	const known = new Map<string, string | undefined>();
	return code => {
		if (!known.has(code)) {
			const page = path.join(directory, `${code}.md`);
			known.set(code, fs.existsSync(page) ? pathToFileURL(page).href : undefined);
		}
		return known.get(code);
	};
}
