// Prints the nodes and edges of a GEXF file, given on standard input, as graphology-gexf reads them.
import { readFileSync } from 'node:fs';
import { DOMParser } from '@xmldom/xmldom';
import Graph from 'graphology';
import { parse } from 'graphology-gexf';

globalThis.DOMParser = DOMParser;
const graph = parse(Graph, readFileSync(0, 'utf8'), { allowUndeclaredAttributes: false });
const nodes = graph.mapNodes((id, attributes) => [id, attributes]);
const edges = graph.mapEdges((id, attributes, source, target) => [id, source, target, attributes]);
process.stdout.write(JSON.stringify({ nodes, edges }));
