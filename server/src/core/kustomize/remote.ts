/** Which entries of a kustomization name something in the web or a git repository (`api/internal/git.NewRepoSpecFromURL`, `loader.IsRemoteFile`). */

/** Whether `path` is a file that kustomize fetches by HTTP. */
export function isRemoteFile(path: string): boolean {
	return /^https?:/i.test(path);
}

/** Whether `path`, named as a directory, is a git repository or OCI artifact that kustomize fetches. */
export function isRemoteDirectory(path: string): boolean {
	if (path.startsWith('/')) return false;
	if (/^(oci|ssh|https?|git|file):\/\//i.test(path) || /^git::/i.test(path)) return true;
	if (/^(gh:|github\.com[:/])/i.test(path)) return path.replace(/^(gh:|github\.com[:/])/i, '').includes('/');
	return /^[\w.-]+@[\w.-]+[:/].+/.test(path) || /^[\w.-]+\.[a-z]+\/.*_git\//i.test(path);
}
