/**
 * The files that ship beside the program: schemas, and descriptions made at build time. They lie beside the bundles (`dist/schemas/`);
 * in a checkout that was not built, below its root.
 */
import fs from 'node:fs';
import path from 'node:path';

/** The text of a shipped file (`schemas/index.json`), nearest to the program first; nothing where this build has none. */
export function shippedFile(name: string): string | undefined {
	for (let directory = __dirname; ; directory = path.dirname(directory)) {
		try {
			return fs.readFileSync(path.join(directory, name), 'utf8');
		} catch {
			// Further up, but not out of the product.
			if (fs.existsSync(path.join(directory, 'package.json')) || directory === path.dirname(directory))
				return undefined;
		}
	}
}
