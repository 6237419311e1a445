/** `textDocument/codeAction` and `codeAction/resolve`: the edit is made when the user has chosen. */
import {
	type CodeAction,
	CodeActionKind,
	type CodeActionParams,
	type Diagnostic,
	LSPErrorCodes,
	ResponseError,
} from 'vscode-languageserver/node';
import type { CodeFix } from '../../core/ide/results';
import { lineIndexOf } from '../../core/workspace/documents';
import { SOURCE, toWorkspaceEdit } from '../convert';
import { OVERRIDE_COMMAND, type OverrideArguments } from '../refactoring-protocol';
import type { Session } from '../session';
import { fileOf } from '../uris';
import { sealActions } from './seal-action';

type Fix = CodeFix & { readonly code: string };

/** What finds a fix again (invariant I8). */
interface Resolvable {
	readonly request: Pick<CodeActionParams, 'textDocument' | 'range'>;
	readonly code: string;
	readonly title: string;
}

export function codeAction(session: Session, params: CodeActionParams): CodeAction[] | null {
	const { only } = params.context;
	const wanted = (kind: string) => !only || only.some(asked => isWithin(kind, asked));
	return [
		...(wanted(CodeActionKind.QuickFix) ? [...quickFixes(session, params), ...sealActions(session, params)] : []),
		...(wanted(CodeActionKind.RefactorRewrite) ? overrides(session, params) : []),
	];
}

/** The client asks for environments and values, so it is a command and no edit yet. */
function overrides({ analysis, abilities }: Session, { textDocument, range }: CodeActionParams): CodeAction[] {
	const file = fileOf(textDocument.uri);
	if (!abilities.strataClient || file === undefined) return [];
	if (!analysis.mayOverride(file, lineIndexOf(analysis.db, file).offset(range.start))) return [];
	const title = 'Override in Environment...';
	const args: OverrideArguments = [textDocument.uri, range.start];
	const command = { title, command: OVERRIDE_COMMAND, arguments: [...args] };
	return [{ title, kind: CodeActionKind.RefactorRewrite, command }];
}

function quickFixes(session: Session, params: CodeActionParams): CodeAction[] {
	const { textDocument, range, context } = params;
	return fixesFor(session, params).map(fix => {
		const data: Resolvable = { request: { textDocument, range }, code: fix.code, title: fix.title };
		return {
			title: fix.title,
			kind: CodeActionKind.QuickFix,
			diagnostics: diagnosticsOf(context.diagnostics, fix.code),
			...(session.abilities.resolvesCodeActionEdits ? { data } : { edit: toWorkspaceEdit(session, fix.change) }),
		};
	});
}

export function resolveCodeAction(session: Session, action: CodeAction): CodeAction {
	const data = action.data as Resolvable | undefined;
	if (!data || action.edit) return action;
	const fix = fixesFor(session, data.request).find(fix => fix.code === data.code && fix.title === data.title);
	if (!fix) throw new ResponseError(LSPErrorCodes.ContentModified, 'What this would mend is no longer there.');
	return { ...action, edit: toWorkspaceEdit(session, fix.change) };
}

function fixesFor({ analysis }: Session, { textDocument, range }: Resolvable['request']): readonly Fix[] {
	const file = fileOf(textDocument.uri);
	if (file === undefined) return [];
	const index = lineIndexOf(analysis.db, file);
	return analysis.fixes(file, index.offset(range.start), index.offset(range.end));
}

/** Kinds are a hierarchy: who asks for `quickfix` takes `quickfix.x`, who asks for `` takes everything. */
function isWithin(kind: string, asked: string): boolean {
	return asked === '' || kind === asked || kind.startsWith(asked + '.');
}

function diagnosticsOf(all: readonly Diagnostic[], code: string): Diagnostic[] {
	return all.filter(d => d.source === SOURCE && d.code === code);
}
