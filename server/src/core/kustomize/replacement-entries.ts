/** The replacements that a kustomization or a ReplacementTransformer lists, those in files among them (`builtins.ReplacementTransformer.Config`). */
import type { Problem } from '../base/problem';
import { contentOf } from '../workspace/documents';
import { isNull, type Node } from '../yaml/node';
import { Decoder } from './read/decode';
import { readReplacement } from './read/entries';
import type { Field, Replacement, ReplacementEntry } from './read/model';
import { PLUGIN_MANNER } from './read/structs';
import type { TransformContext } from './tracked';

/** The replacements in order; an entry that cannot be used is left out. */
export function replacementsOf(
	context: TransformContext,
	entries: readonly ReplacementEntry[],
	problems: Problem[],
): readonly Replacement[] {
	return entries.flatMap(entry => {
		if (!entry.path) return [entry];
		if (!entry.source && entry.targets.length === 0) return replacementsInFile(context, entry.path, problems);
		problems.push({
			code: 'kustomize/invalid-replacement',
			severity: 'error',
			fatal: true,
			message: 'this entry has a `path` and a replacement of its own; write them as two entries',
			at: entry.path.at,
			anchor: 'entry',
			details: 'cannot specify both path and inline replacement',
		});
		return [];
	});
}

function replacementsInFile(
	context: TransformContext,
	path: Field<string>,
	problems: Problem[],
): readonly Replacement[] {
	const loaded = context.load(path.value, path.at);
	if (loaded.kind === 'problem') problems.push(loaded.problem);
	if (loaded.kind !== 'text') return [];
	const [document] = contentOf(context.db, loaded.file);
	if (document?.syntaxError !== undefined) {
		const at = { file: loaded.file, document: 0, path: [] };
		const message = `this file of replacements is not YAML: ${document.syntaxError}`;
		problems.push({ code: 'kustomize/bad-yaml', severity: 'error', fatal: true, message, at });
		return [];
	}
	const root = document?.root;
	if (root === undefined || root.kind === 'scalar') {
		problems.push(unsupported(path, root));
		return [];
	}
	const decoder = new Decoder(PLUGIN_MANNER);
	const replacements = (root.kind === 'seq' ? root.items : [root]).flatMap(node => {
		const item: Node = isNull(node) ? { kind: 'map', entries: [], origin: node.origin } : node;
		const fields = decoder.open(item, 'ReplacementField');
		return fields ? [readReplacement(fields)] : [];
	});
	problems.push(...decoder.problems);
	return replacements;
}

/** `reflect.Kind` of what `sigs.k8s.io/yaml` makes of the file. */
function unsupported(path: Field<string>, root: Node | undefined): Problem {
	const kinds = { '!!int': 'float64', '!!float': 'float64', '!!bool': 'bool', '!!null': 'invalid' } as const;
	const tag = root?.kind === 'scalar' ? root.tag : '!!null';
	const kind = (kinds as Readonly<Record<string, string>>)[tag] ?? 'string';
	return {
		code: 'kustomize/invalid-replacement',
		severity: 'error',
		fatal: true,
		message: `\`${path.value}\` has neither a replacement nor a list of them`,
		at: path.at,
		details: `unsupported replacement type encountered within replacement path: ${kind}`,
	};
}
