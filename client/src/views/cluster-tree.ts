/**
 * The view `Cluster tree` in the side bar: which environment has which component, and what is built on its own. Nothing is asked for while
 * nobody sees it, nor before the tree has been checked: then the answer is there already.
 */
import * as vscode from 'vscode';
import type {
	OutlineComponentItem,
	OutlineCounts,
	OutlineEntryItem,
	OutlineResult,
} from '../../../server/src/lsp/protocol';
import type { Server } from '../server';

/** Commands of the view's menu take such a node. */
export interface ClusterTreeNode {
	readonly item: vscode.TreeItem;
	readonly children: readonly ClusterTreeNode[];
	/** The kustomization that it stands for, and the environment in which. */
	readonly uri?: vscode.Uri;
	readonly environment?: string;
}

export function clusterTreeView(starting: Promise<Server>): vscode.Disposable {
	const provider = new ClusterTree(starting);
	const view = vscode.window.createTreeView('strata.clusterTree', {
		treeDataProvider: provider,
		showCollapseAll: true,
	});
	provider.shown = view;
	return vscode.Disposable.from(
		view,
		provider,
		view.onDidChangeVisibility(() => provider.seen()),
	);
}

class ClusterTree implements vscode.Disposable, vscode.TreeDataProvider<ClusterTreeNode> {
	shown: vscode.TreeView<ClusterTreeNode> | undefined;
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onDidChangeTreeData = this.#changed.event;
	#server: Server | undefined;
	#stale = false;
	#listening: vscode.Disposable | undefined;

	constructor(starting: Promise<Server>) {
		starting.then(
			server => {
				this.#server = server;
				this.#listening = server.onDidCheck(() => {
					this.#stale = true;
					this.seen();
				});
				this.#stale = true;
				this.seen();
			},
			// Who started it says so.
			() => undefined,
		);
	}

	/** Asks again if the view is seen and something has changed since it was. */
	seen(): void {
		if (!this.#stale || !this.shown?.visible) return;
		this.#stale = false;
		this.#changed.fire();
	}

	getTreeItem({ item }: ClusterTreeNode): vscode.TreeItem {
		return item;
	}

	async getChildren(node?: ClusterTreeNode): Promise<ClusterTreeNode[]> {
		if (node) return [...node.children];
		const ready = this.#server?.wasChecked === true;
		if (this.shown) this.shown.message = ready ? undefined : 'Strata is looking at the tree …';
		if (!ready) return [];
		const nodes = nodesOf(await this.#server!.outline());
		if (this.shown && nodes.length === 0) this.shown.message = 'No kustomization.yaml in the open folders.';
		return nodes;
	}

	dispose(): void {
		this.#listening?.dispose();
		this.#changed.dispose();
	}
}

function nodesOf({ groups, entryPoints }: OutlineResult): ClusterTreeNode[] {
	const entries = entriesNode(entryPoints);
	return [
		...groups.map(({ path, components }): ClusterTreeNode => {
			const item = newItem(`group ${path}`, path, 'expanded');
			item.iconPath = new vscode.ThemeIcon('folder-library');
			return { item, children: components.map(component => componentNode(path, component)) };
		}),
		...(entries ? [entries] : []),
	];
}

function componentNode(group: string, component: OutlineComponentItem): ClusterTreeNode {
	const { name, environments, counts, documented, uri } = component;
	const item = newItem(`component ${group}/${name}`, name, 'collapsed');
	const missing = environments.filter(({ state }) => state === 'missing').map(({ environment }) => environment);
	const notes = [countsText(counts), missing.length > 0 ? `not in ${missing.join(', ')}` : ''].filter(Boolean);
	item.description = notes.join(' · ');
	item.tooltip = [name, ...notes, documented ? '' : 'without README'].filter(Boolean).join('\n');
	item.iconPath = iconOf(counts, new vscode.ThemeIcon('package'));
	item.contextValue = 'component';
	const children = environments.flatMap(({ environment, state, overlays }): ClusterTreeNode[] => {
		const id = `${item.id} ${environment}`;
		if (state === 'overlay') return overlays.map(overlay => overlayNode(`${id} ${overlay.path}`, environment, overlay));
		const child = newItem(id, environment, 'none');
		child.description = state === 'missing' ? 'missing' : 'as in the base';
		child.iconPath =
			state === 'missing'
				? new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('disabledForeground'))
				: new vscode.ThemeIcon('circle-outline');
		child.tooltip =
			state === 'missing'
				? `${environment} has no ${name}`
				: `${environment} builds ${name} without an overlay of its own`;
		child.contextValue = state;
		const node: ClusterTreeNode = { item: child, children: [], environment };
		if (state === 'as-is') return [openable(node, uri)];
		return [uri === '' ? node : { ...node, uri: vscode.Uri.parse(uri) }];
	});
	return openable({ item, children }, uri);
}

function overlayNode(
	id: string,
	environment: string,
	{ path, uri, counts }: OutlineComponentItem['environments'][number]['overlays'][number],
): ClusterTreeNode {
	const item = newItem(id, environment, 'none');
	item.description = countsText(counts);
	item.tooltip = [path, countsText(counts)].filter(Boolean).join('\n');
	item.iconPath = iconOf(counts, new vscode.ThemeIcon('circle-filled'));
	item.contextValue = 'overlay';
	return openable({ item, children: [], environment }, uri);
}

function entriesNode(entries: readonly OutlineEntryItem[]): ClusterTreeNode | undefined {
	if (entries.length === 0) return undefined;
	const failed = entries.filter(entry => entry.failed).length;
	const item = newItem('entry points', 'Entry points', failed > 0 ? 'expanded' : 'collapsed');
	item.description = failed > 0 ? `${failed} of ${entries.length} fail` : String(entries.length);
	item.iconPath = new vscode.ThemeIcon('rocket');
	const children = [...new Set(entries.map(({ environment }) => environment))].map((environment): ClusterTreeNode => {
		const own = entries.filter(entry => entry.environment === environment);
		const node = newItem(`entry points ${environment}`, environment || 'of no environment', 'collapsed');
		const fails = own.filter(entry => entry.failed).length;
		if (fails > 0) {
			node.description = `${fails} of ${own.length} fail`;
			node.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
		}
		node.iconPath = new vscode.ThemeIcon('server-environment');
		const above = commonDirectory(own.map(({ path }) => path));
		return { item: node, children: own.map(entry => entryNode(entry, entry.path.slice(above.length))) };
	});
	return { item, children };
}

/** What the paths begin with, up to a slash: said once, by the environment's node. */
function commonDirectory([first = '', ...others]: readonly string[]): string {
	const directory = first.slice(0, first.lastIndexOf('/') + 1);
	const same = (path: string) => others.every(other => other.startsWith(path));
	let at = directory.length;
	while (at > 0 && !same(directory.slice(0, at))) at = directory.lastIndexOf('/', at - 2) + 1;
	return directory.slice(0, at);
}

function entryNode(
	{ path, uri, environment, flux, failed, resources, setAside, counts }: OutlineEntryItem,
	label: string,
): ClusterTreeNode {
	const item = newItem(`entry point ${environment} ${path} ${flux}`, label || '.', 'none');
	const state = failed ? 'build fails' : `${resources} ${resources === 1 ? 'resource' : 'resources'}`;
	const words = [state, countsText(counts), setAside ? 'set aside' : ''].filter(Boolean);
	item.description = words.join(' · ');
	item.tooltip = [path, flux ? `applied by the Flux Kustomization ${flux}` : '', ...words].filter(Boolean).join('\n');
	item.iconPath = failed
		? new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'))
		: iconOf(counts, new vscode.ThemeIcon('pass'));
	item.contextValue = 'entry';
	return openable({ item, children: [], environment }, uri);
}

function newItem(id: string, label: string, state: 'expanded' | 'collapsed' | 'none'): vscode.TreeItem {
	const { Expanded, Collapsed, None } = vscode.TreeItemCollapsibleState;
	const item = new vscode.TreeItem(label, { expanded: Expanded, collapsed: Collapsed, none: None }[state]);
	item.id = id;
	return item;
}

/** A click opens the kustomization file. */
function openable(node: ClusterTreeNode, uri: string): ClusterTreeNode {
	if (uri === '') return node;
	const file = vscode.Uri.parse(uri);
	node.item.command = { title: 'Open', command: 'vscode.open', arguments: [file] };
	return { ...node, uri: file };
}

function iconOf({ errors, warnings }: OutlineCounts, otherwise: vscode.ThemeIcon): vscode.ThemeIcon {
	if (errors > 0) return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
	if (warnings > 0) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
	return otherwise;
}

/** `2 errors, 1 warning`; empty where nothing is found. */
function countsText({ errors, warnings, notes }: OutlineCounts): string {
	const parts: readonly (readonly [number, string])[] = [
		[errors, 'error'],
		[warnings, 'warning'],
		[notes, 'note'],
	];
	return parts
		.filter(([n]) => n > 0)
		.map(([n, noun]) => `${n} ${noun}${n === 1 ? '' : 's'}`)
		.join(', ');
}
