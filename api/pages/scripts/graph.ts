// What stands around an entity, to explore: a network as the server exports it for Gephi, drawn by sigma.
// The form above it says which edges are shown; a click on a node fetches what stands around that one, too.

import { MultiDirectedGraph } from "graphology";
import * as gexf from "graphology-gexf/browser";
import Sigma from "sigma";

interface EdgeData {
  predicate?: string;
  stance?: string;
  date?: string;
  quote?: string;
  speaker?: string;
}

const form = document.querySelector<HTMLFormElement>("form.graph")!;
const place = document.querySelector<HTMLElement>(".canvas")!;
const told = document.querySelector<HTMLElement>(".told")!;
const predicates = form.elements.namedItem("predicate") as HTMLSelectElement;
const graph = new MultiDirectedGraph();
const expanded = new Set<string>();
let chosen: string | null = null;

const ink = getComputedStyle(document.body).color;

async function fetched(about: string, depth: string): Promise<MultiDirectedGraph> {
  const address = `/export.gexf?${new URLSearchParams({ ego: about, depth })}`;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return gexf.parse(MultiDirectedGraph, await answer.text()) as MultiDirectedGraph;
}

/** Add what is new; `around` is where a node was expanded, so that its neighbours come to lie beside it. */
function merge(found: MultiDirectedGraph, around: string | null): void {
  const from = around === null ? null : found.getNodeAttributes(around);
  const to = around === null ? null : graph.getNodeAttributes(around);
  found.forEachNode((node, data) => {
    if (graph.hasNode(node)) return;
    const moved = from && to ? { x: to.x + (data.x - from.x) / 2, y: to.y + (data.y - from.y) / 2 } : {};
    graph.addNode(node, { ...data, size: Math.min(3 + Math.sqrt(data.size ?? 4) * 1.5, 16), ...moved });
  });
  found.forEachEdge((edge, data, source, target) => {
    if (graph.hasEdge(edge)) return;
    const denied = data.stance === "denies";
    const label = [denied ? "✗" : "", data.predicate].filter(Boolean).join(" ");
    graph.addDirectedEdgeWithKey(edge, source, target, { ...data, label, size: denied ? 3 : 1.5, type: "arrow" });
  });
}

function listed(): void {
  const known = new Set([...predicates.options].map((option) => option.value));
  const all = new Set<string>();
  graph.forEachEdge((_, data) => data.predicate && all.add(data.predicate));
  for (const predicate of [...all].sort()) {
    if (!known.has(predicate)) predicates.add(new Option(predicate, predicate));
  }
}

function shown(data: EdgeData): boolean {
  const wanted = new FormData(form);
  const since = String(wanted.get("since") ?? "");
  const until = String(wanted.get("until") ?? "");
  const predicate = String(wanted.get("predicate") ?? "");
  return (
    wanted.getAll("stance").includes(data.stance ?? "") &&
    (predicate === "" || predicate === data.predicate) &&
    (since === "" || (data.date ?? "") >= since) &&
    (until === "" || ((data.date ?? "") !== "" && (data.date ?? "").slice(0, until.length) <= until))
  );
}

function tell(lines: string[]): void {
  told.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}

async function begin(): Promise<void> {
  const about = place.dataset.about!;
  merge(await fetched(about, place.dataset.depth!), null);
  expanded.add(about);
  listed();
  let visible = new Set<string>();
  const count = (): void => {
    visible = new Set();
    let edges = 0;
    graph.forEachEdge((_, data, source, target) => {
      if (shown(data)) {
        visible.add(source).add(target);
        edges += 1;
      }
    });
    place.dataset.nodes = String(visible.size);
    place.dataset.edges = String(edges);
  };
  count();
  const sigma = new Sigma(graph, place, {
    allowInvalidContainer: true,
    renderEdgeLabels: graph.size < 400,
    labelColor: { color: ink },
    edgeLabelColor: { color: ink },
    labelFont: "system-ui, sans-serif",
    edgeLabelSize: 10,
    nodeReducer: (node, data) => ({ ...data, hidden: !visible.has(node) && node !== about, highlighted: node === chosen }),
    edgeReducer: (_, data) => ({ ...data, hidden: !shown(data) }),
  });
  sigma.on("clickNode", async ({ node }) => {
    chosen = node;
    tell([graph.getNodeAttribute(node, "label") as string]);
    if (!expanded.has(node)) {
      expanded.add(node);
      merge(await fetched(node, "1"), node);
      listed();
      count();
    }
    sigma.refresh();
  });
  sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
    preventSigmaDefault();
    location.assign(`/entities/${encodeURIComponent(node)}`);
  });
  sigma.on("enterNode", ({ node }) => {
    const lines = graph.edges(node).map((edge) => graph.getEdgeAttributes(edge) as EdgeData).filter(shown);
    tell([
      graph.getNodeAttribute(node, "label") as string,
      ...lines.slice(0, 6).map((one) => [one.stance, one.predicate, one.date, one.speaker, `“${one.quote}”`].filter(Boolean).join(" · ")),
    ]);
  });
  form.addEventListener("input", () => {
    count();
    sigma.refresh();
  });
  place.dataset.drawn = String(Math.round(performance.now()));
}

begin().catch((error: unknown) => tell([String(error)]));
