/** A value that is made when it is first asked for, and then kept: for constants that take long to make and that few runs need. `make` is pure. */
export function once<T>(make: () => T): () => T {
	let made: { readonly value: T } | undefined;
	return () => (made ??= { value: make() }).value;
}
