/** Between URIs and the core's file paths. */
import { URI } from 'vscode-uri';
import { type FilePath, normalize } from '../core/base/paths';

/** The file that a URI names; nothing for one that names something else, or nothing at all. */
export function fileOf(uri: string): FilePath | undefined {
	try {
		const { scheme, authority, path } = URI.parse(uri, true);
		if (scheme !== 'file' || authority !== '') return undefined;
		return normalize(path.replace(/^\/[A-Z]:/, drive => drive.toLowerCase()));
	} catch {
		return undefined;
	}
}

export function uriOfFile(file: FilePath): string {
	return URI.from({ scheme: 'file', path: file }).toString();
}
