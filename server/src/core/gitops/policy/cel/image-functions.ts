/** Kyverno's `image` library for CEL: the parts of an image reference, without asking a registry; kyverno `pkg/cel/libs/image`. */
import type { Environment } from '@marcbachmann/cel-js';
import { type ImageReference, parseImageReference } from '../image-reference';

class Image {
	constructor(readonly reference: ImageReference) {}
}

/** Adds them to an environment. */
export function addImageFunctions(environment: Environment): Environment {
	const of = (text: string) => {
		const reference = parseImageReference(text);
		if (!reference) throw new Error('could not parse reference');
		return new Image(reference);
	};
	environment
		.registerType('kyverno.Image', { ctor: Image, fields: {} })
		.registerFunction('image(string): kyverno.Image', of)
		.registerFunction('parseImageReference(string): kyverno.Image', of)
		.registerFunction('isImage(string): bool', (text: string) => parseImageReference(text) !== undefined)
		.registerFunction('kyverno.Image.containsDigest(): bool', ({ reference }: Image) => reference.digest !== '')
		.registerFunction('kyverno.Image.identifier(): string', ({ reference }: Image) => reference.digest || reference.tag)
		.registerFunction(
			'kyverno.Image.identifierWithSeparator(): string',
			({ reference: { tag, digest } }: Image) => (tag && `:${tag}`) + (digest && `@${digest}`),
		)
		.registerFunction('kyverno.Image.registry(): string', ({ reference }: Image) => reference.registry)
		.registerFunction('kyverno.Image.repository(): string', ({ reference }: Image) => reference.path)
		.registerFunction('kyverno.Image.tag(): string', ({ reference }: Image) => reference.tag)
		.registerFunction('kyverno.Image.digest(): string', ({ reference }: Image) => reference.digest);
	return environment;
}
