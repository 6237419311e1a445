/** Between the core's file paths (`/c:/repo/x.yaml`) and those of this machine (`C:\repo\x.yaml`). The same thing outside of Windows. */
import path from 'node:path';
import { type FilePath, normalize } from '../core/base/paths';

/** The machine's own spelling of a path of the core. */
export function toNative(file: FilePath): string {
	if (path.sep === '/') return file;
	return file.replace(/^\/([a-z]:)/i, '$1').replaceAll('/', path.sep);
}

/** The core's spelling of a path of this machine; a relative one starts at the working directory. */
export function fromNative(native: string): FilePath {
	const absolute = path.resolve(native);
	if (path.sep === '/') return normalize(absolute);
	return normalize('/' + absolute.replace(/^[A-Z]:/, drive => drive.toLowerCase()));
}
