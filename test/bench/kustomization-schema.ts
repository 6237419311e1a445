/** The shipped facts of kustomization.yaml (`schemas/kustomization.json`) as a JSON Schema, for language servers that take one. */
interface Field {
	readonly type: string;
	readonly text?: string;
	readonly values?: readonly string[];
}

type Types = Readonly<Record<string, Readonly<Record<string, Field>>>>;

export function kustomizationSchema({ types }: { readonly types: Types }): object {
	const definitions = Object.fromEntries(
		Object.entries(types).map(([name, fields]) => [
			name,
			{
				type: 'object',
				additionalProperties: false,
				properties: Object.fromEntries(
					Object.entries(fields).map(([key, { type, text, values }]) => [
						key,
						{ ...ofType(type), ...(text ? { description: text } : {}), ...(values ? { enum: values } : {}) },
					]),
				),
			},
		]),
	);
	return { $schema: 'http://json-schema.org/draft-07/schema#', $ref: '#/definitions/Kustomization', definitions };
}

function ofType(type: string): object {
	const [, list] = /^list of (.+)$/.exec(type) ?? [];
	if (list !== undefined) return { type: 'array', items: ofType(list) };
	const [, map] = /^map of (.+)$/.exec(type) ?? [];
	if (map !== undefined) return { type: 'object', additionalProperties: ofType(map) };
	if (type === 'any') return {};
	return ['string', 'boolean', 'integer'].includes(type) ? { type } : { $ref: `#/definitions/${type}` };
}
