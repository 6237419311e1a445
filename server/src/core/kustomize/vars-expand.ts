/** `$(NAME)` in texts, as kustomize and Kubernetes write it (`api/filters/refvar.DoReplacements`): `$$` is one `$`, all else stays as it is. */

/** A piece of a text: what stands there, or the name of a variable. */
export type Piece = { readonly text: string } | { readonly name: string };

/** The text taken apart. A single piece with a name is a text that is nothing but the variable. */
export function splitVariables(text: string): readonly Piece[] {
	const pieces: Piece[] = [];
	let plain = '';
	const push = (piece: Piece): void => {
		if (plain !== '') pieces.push({ text: plain });
		plain = '';
		pieces.push(piece);
	};
	for (let at = 0; at < text.length; at++) {
		const next = text[at + 1];
		if (text[at] !== '$' || next === undefined) plain += text[at];
		else if (next === '$') {
			plain += '$';
			at++;
		} else if (next === '(') {
			const close = text.indexOf(')', at);
			if (close < 0) {
				plain += '$(';
				at++;
			} else {
				push({ name: text.slice(at + 2, close) });
				at = close;
			}
		} else {
			plain += `$${next}`;
			at++;
		}
	}
	if (plain !== '') pieces.push({ text: plain });
	return pieces;
}
