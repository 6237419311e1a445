/** YAML inside of a text of a resource, as functions of policies read it. */
import { readContent } from '../../yaml/content';
import { type Plain, toPlain } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';

/** The first document. Throws where the text is no YAML. */
export function parseYamlText(text: string): Plain {
	const syntax = parseSyntax(text);
	const [document] = readContent(syntax, { file: '', step: 'resource' });
	if (!document?.root || syntax.documents.some(({ errors }) => errors.length > 0) || document.problems.length > 0)
		throw new Error('the text is no YAML');
	return toPlain(document.root);
}
