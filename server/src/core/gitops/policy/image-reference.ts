/** Image references split as Docker's and Kyverno's libraries split them; distribution/reference `ParseNormalizedNamed`. */

export interface ImageReference {
	/** `docker.io` where none is written. */
	readonly registry: string;
	/** Without the registry; `library/` is not added. */
	readonly path: string;
	/** The last part of the path. */
	readonly name: string;
	/** `latest` where neither a tag nor a digest is written, empty where only a digest is. */
	readonly tag: string;
	/** With its algorithm; empty where none is written. */
	readonly digest: string;
}

/** The parts, or nothing where the text is no reference. */
export function parseImageReference(text: string): ImageReference | undefined {
	const at = text.indexOf('@');
	const digest = at < 0 ? '' : text.slice(at + 1);
	const named = at < 0 ? text : text.slice(0, at);
	if (digest !== '' && !/^[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,}$/.test(digest)) return undefined;
	const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
	const tag = colon < 0 ? '' : named.slice(colon + 1);
	const whole = colon < 0 ? named : named.slice(0, colon);
	if (tag !== '' && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
	const slash = whole.indexOf('/');
	const first = whole.slice(0, slash);
	const hasRegistry = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
	const path = hasRegistry ? whole.slice(slash + 1) : whole;
	if (path.length > 255 || !path.split('/').every(part => /^[a-z0-9]+([._-]+[a-z0-9]+)*$/.test(part))) return undefined;
	return {
		registry: hasRegistry ? first : 'docker.io',
		path,
		name: path.slice(path.lastIndexOf('/') + 1),
		tag: tag || (digest === '' ? 'latest' : ''),
		digest,
	};
}
