/**
 * go-yaml 3 does not read a folded block (`>`) as it wrote it: it decides whether a line break needs a second one by looking at the
 * start of the whole text. Kustomize writes and reads every resource once before it prints it, so what is printed is
 * not what was in the file. (`yaml_emitter_write_folded_scalar` and `yaml_parser_scan_block_scalar`.)
 */

/** The text of a folded scalar after go-yaml 3 wrote and read it. */
export function refold(text: string): string {
	// Texts with these are written in double quotes, and come back as they were.
	if (
		text === '' ||
		text.endsWith(' ') ||
		/ \n/.test(text) ||
		/[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(text)
	) {
		return text;
	}
	const chomping = !text.endsWith('\n') ? 'strip' : text.length === 1 || text.endsWith('\n\n') ? 'keep' : 'clip';
	return readFolded(writeFolded(text), chomping);
}

/** The lines of the block, without its indentation. */
function writeFolded(text: string): readonly string[] {
	const first = text.replace(/^\n+/, '')[0];
	const doubles = first !== undefined && !isBlank(first);
	const lines = text.split('\n');
	const out: string[] = [];
	for (const [i, line] of lines.entries()) {
		if (line === '' && i === lines.length - 1) break;
		out.push(line);
		const ends = i < lines.length - 1;
		if (ends && line !== '' && !isBlank(line) && doubles) out.push('');
	}
	return out;
}

function readFolded(lines: readonly string[], chomping: 'strip' | 'clip' | 'keep'): string {
	let text = '';
	let leadingBreak = '';
	let trailingBreaks = '';
	let afterBlank = false;
	for (const line of lines) {
		if (line === '') {
			trailingBreaks += '\n';
			continue;
		}
		const blank = isBlank(line);
		if (leadingBreak !== '' && !afterBlank && !blank) text += trailingBreaks === '' ? ' ' : '';
		else text += leadingBreak;
		text += trailingBreaks + line;
		leadingBreak = '\n';
		trailingBreaks = '';
		afterBlank = blank;
	}
	if (chomping === 'strip') return text;
	return text + leadingBreak + (chomping === 'keep' ? trailingBreaks : '');
}

function isBlank(line: string): boolean {
	return line.startsWith(' ') || line.startsWith('\t');
}
