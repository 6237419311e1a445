/** Every code of a problem that the kustomize engine reports. It drives the settings' list of codes and the pages that explain them. */
import type { Severity } from '../base/problem';

export interface ProblemCode {
	readonly code: string;
	readonly severity: Severity;
	/** One line for a table of contents. */
	readonly summary: string;
}

const error = (name: string, summary: string): ProblemCode => ({
	code: `kustomize/${name}`,
	severity: 'error',
	summary,
});
const warning = (name: string, summary: string): ProblemCode => ({
	code: `kustomize/${name}`,
	severity: 'warning',
	summary,
});
const information = (name: string, summary: string): ProblemCode => ({
	code: `kustomize/${name}`,
	severity: 'information',
	summary,
});

export const KUSTOMIZE_PROBLEM_CODES: readonly ProblemCode[] = [
	error('no-kustomization-file', 'a directory that is built has no kustomization file'),
	error('several-kustomization-files', 'a directory has more than one kustomization file'),
	error('empty-kustomization', 'a kustomization file without any field that does something'),
	error('unreadable-file', 'a file exists but has no text that can be read'),
	error('bad-yaml', 'a file that kustomize has to read is not YAML'),
	error('unknown-field', 'a kustomization has a field that kustomize does not know'),
	error('wrong-type', 'a field of a kustomization has a value of another type than it must have'),
	error('wrong-kind', 'the kind or apiVersion of a kustomization file is not one that kustomize accepts'),
	warning('deprecated-field', 'a field of a kustomization has a newer spelling'),
	error('missing-resource', 'an entry names a file or directory that does not exist'),
	error('missing-file', 'a field names a file that does not exist'),
	error('not-a-file', 'a field that needs a file names a directory'),
	error('not-a-directory', 'a field that needs a directory names a file'),
	error('absolute-path', 'a directory is named by an absolute path'),
	error('outside-root', 'a file stands outside of the directory of the kustomization that names it'),
	error('cycle', 'a kustomization is built on one that contains it, or on itself by a detour'),
	error('component-as-resource', 'a Component is listed in `resources`'),
	error('resource-as-component', 'a Kustomization is listed in `components`'),
	information('remote-resource', 'a resource comes from a URL and is left out'),
	information('not-supported', 'a step needs helm, a container or a program and is left out'),
	error('invalid-resource', 'a document is no Kubernetes object: without kind, name or metadata'),
	error('duplicate-key', 'a map of a resource has the same key twice'),
	error('duplicate-id', 'two resources of one build have the same kind, name and namespace'),
	error('namespace-conflict', 'setting the namespace makes two resources the same'),
	error('generator-exists', 'a generated object exists already, and its behavior is not merge or replace'),
	error('generator-missing', 'a generated object is to be merged into one that does not exist'),
	error('generator-ambiguous', 'a generated object could be merged into several'),
	error('invalid-generator', 'an entry of a generator cannot be used: no name, a literal without `=`, ...'),
	error('duplicate-data-key', 'two sources of one generator give the same key'),
	error('replicas-without-target', 'an entry of `replicas` names a resource that does not exist'),
	error('invalid-image-name', 'the name of an entry of `images` is no regular expression'),
	error('field-of-other-kind', 'a transformer finds a field of another kind than it can change'),
	error('invalid-configuration', 'a transformer configuration cannot be used or contradicts another'),
	error('invalid-plugin', 'the configuration of a generator or transformer cannot be used'),
	error('invalid-sort-options', '`sortOptions` has a value that kustomize refuses'),
	error('invalid-openapi', '`openapi` names a schema or version that cannot be used'),
	error('ambiguous-reference', 'a name reference fits several resources'),
	error('invalid-reference', 'a field that should hold the name of another resource holds something else'),
	error('invalid-patch', 'a patch that can be read neither as a merge patch nor as a JSON patch'),
	error('patch-without-match', 'a patch names a resource that does not exist'),
	error('patch-ambiguous', 'a patch names a resource that exists several times'),
	error('patch-failed', 'a patch cannot be applied to the resource that it selects'),
	warning('target-without-match', 'the target of a patch or of a replacement selects nothing'),
	warning('replace-of-missing-field', 'a JSON patch replaces a field that is not there, which adds it'),
	error('invalid-selector', 'a selector holds something that is no regular expression or label selector'),
	error('invalid-replacement', 'a replacement cannot be used as it is written'),
	error('replacement-source', 'the source of a replacement does not exist or is not unique'),
	error('replacement-target', 'a field that a replacement should set cannot be found or set'),
	warning('replacement-without-effect', 'a replacement sets a field in a text that kustomize cannot write back'),
	error('invalid-var', 'a var cannot be resolved'),
	warning('unused-var', 'a var whose value is never used'),
	error('duplicate-var', 'two kustomizations of one build declare a var of the same name'),
	error(
		'not-printable',
		'a built resource has a value that kustomize cannot print: an infinity, a key that is no text',
	),
];
