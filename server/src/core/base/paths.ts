/**
 * File paths as the core sees them: absolute, normalised, with forward slashes, whatever the machine
 * (`/c:/repo/x.yaml` on Windows, as in a file URI). Nothing here touches a disk.
 */
export type FilePath = string;

/** What most paths do not have, and `normalize` changes. */
const UNUSUAL = /\\|\/\/|\/\.|\/$/;

/** Resolves `.`, `..` and doubled slashes. `..` at the root stays at the root. A trailing slash is dropped. */
export function normalize(path: string): FilePath {
	if (path.startsWith('/') && path.length > 1 && !UNUSUAL.test(path)) return path;
	const out: string[] = [];
	for (const part of path.replaceAll('\\', '/').split('/')) {
		if (part === '' || part === '.') continue;
		if (part === '..') out.pop();
		else out.push(part);
	}
	return '/' + out.join('/');
}

/** `relative` as seen from the directory `base`; an absolute `relative` stands for itself. */
export function join(base: FilePath, relative: string): FilePath {
	return relative.startsWith('/') ? normalize(relative) : normalize(`${base}/${relative}`);
}

/** The path of what a listing of `directory` calls `name`. */
export function entryPath(directory: FilePath, name: string): FilePath {
	return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** The directory that holds `path`; the root is its own. */
export function dirname(path: FilePath): FilePath {
	const at = path.lastIndexOf('/');
	return at <= 0 ? '/' : path.slice(0, at);
}

/** The last part of `path`. */
export function basename(path: FilePath): string {
	return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether `path` is `directory` or lies below it. */
export function isWithin(directory: FilePath, path: FilePath): boolean {
	return directory === '/' || path === directory || path.startsWith(directory + '/');
}

/** The way from the directory `from` to `to`, e.g. `../base/x.yaml`; `.` where they are the same. */
export function relative(from: FilePath, to: FilePath): string {
	const a = from.split('/').filter(Boolean);
	const b = to.split('/').filter(Boolean);
	let same = 0;
	while (same < a.length && same < b.length && a[same] === b[same]) same++;
	return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.';
}

/** Whether the file's name says that it holds YAML (or JSON, which is YAML). */
export function isYamlFile(path: FilePath): boolean {
	return /\.(ya?ml|json)$/i.test(path) || basename(path) === 'Kustomization';
}

/** The names under which kustomize looks for its file, in its order. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** Whether the file's name is one under which kustomize looks for its file. */
export function isKustomizationFile(path: FilePath): boolean {
	return (KUSTOMIZATION_NAMES as readonly string[]).includes(basename(path));
}
