"""The tables. Nodes of the store's own base stand without it (`entity/华为`), all others in full."""

VERSION = "3"  # of the tables and of what is in them: where another made them, they are made again

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- graphs that were about to change when this was written, and which of their nodes; all nodes where that is not known
CREATE TABLE pending (graph TEXT PRIMARY KEY, nodes TEXT) WITHOUT ROWID;
-- which nodes a graph spoke of when it was last read
CREATE TABLE spoken (graph TEXT PRIMARY KEY, nodes TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE counted (what TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (what, key)) WITHOUT ROWID;

-- `place` and the name are the order of documents: the days before, counted down, and 0 where there is no date
CREATE TABLE document (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, place INTEGER NOT NULL, first INTEGER, last INTEGER
) WITHOUT ROWID;
CREATE INDEX document_order ON document (place, name, id, first, last);

CREATE TABLE typed (node TEXT PRIMARY KEY) WITHOUT ROWID;  -- documents and propositions, as they are counted

CREATE TABLE entity (
    n INTEGER PRIMARY KEY, node TEXT NOT NULL UNIQUE, name TEXT NOT NULL, statements INTEGER NOT NULL DEFAULT 0, kinds TEXT
);
CREATE INDEX entity_leading ON entity (statements DESC, name);
-- the names of an entity, which goes by `entity`, as they are compared, and the pinyin of those that are Chinese: whole and by initials
CREATE TABLE name (
    entity TEXT NOT NULL, text TEXT NOT NULL, compared TEXT NOT NULL, whole TEXT, initials TEXT, PRIMARY KEY (entity, text)
) WITHOUT ROWID;
CREATE INDEX name_compared ON name (compared);
CREATE INDEX name_whole ON name (whole) WHERE whole IS NOT NULL;
CREATE INDEX name_initials ON name (initials) WHERE initials IS NOT NULL;

-- where the quote begins and ends is its place in its document; the first and the last day that it is due are counted as in `document`
CREATE TABLE statement (
    n INTEGER PRIMARY KEY, node TEXT NOT NULL UNIQUE, typed INTEGER NOT NULL, document TEXT, begins INTEGER, ends INTEGER, stance TEXT,
    predicate TEXT, said TEXT NOT NULL, start TEXT, due_first INTEGER, due_last INTEGER, quote TEXT
);
CREATE INDEX statement_document ON statement (document, begins, ends, stance, predicate, due_last, due_first);
CREATE INDEX statement_claim ON statement (stance, predicate);
CREATE INDEX statement_due ON statement (due_last, due_first, document) WHERE due_last IS NOT NULL;
CREATE TABLE mention (
    entity INTEGER NOT NULL, said TEXT NOT NULL, statement INTEGER NOT NULL, PRIMARY KEY (entity, said, statement)
) WITHOUT ROWID;
CREATE INDEX mention_statement ON mention (statement);
-- three characters are a word, so that any part of a quote is found; the last two stand with blanks behind them
CREATE VIRTUAL TABLE words USING fts5 (quote, content = 'statement', content_rowid = 'n', tokenize = 'trigram');
CREATE VIRTUAL TABLE trigram USING fts5vocab ('words', 'row');

-- what was found by comparing; `row` holds all of it, the other columns what it is put in order and chosen by
CREATE TABLE link (
    id TEXT PRIMARY KEY, place TEXT NOT NULL, type TEXT NOT NULL, later TEXT NOT NULL, earlier TEXT NOT NULL, said TEXT NOT NULL,
    row TEXT NOT NULL
);
CREATE INDEX link_order ON link (place, id);
CREATE INDEX link_type ON link (type, place, id);
CREATE INDEX link_later ON link (later);
CREATE INDEX link_earlier ON link (earlier);
CREATE TABLE promise (
    id TEXT PRIMARY KEY, due TEXT NOT NULL, promised TEXT NOT NULL, asked INTEGER NOT NULL, outcome TEXT, decided TEXT,
    statement TEXT NOT NULL, row TEXT NOT NULL
);
CREATE INDEX promise_order ON promise (due, id, promised, asked, outcome, decided);
CREATE INDEX promise_statement ON promise (statement);
CREATE TABLE exchange (
    id TEXT PRIMARY KEY, document TEXT NOT NULL, start INTEGER NOT NULL, outcome TEXT NOT NULL, answerer TEXT, row TEXT NOT NULL
);
CREATE INDEX exchange_order ON exchange (document, start, outcome, answerer);
CREATE TABLE about (entity TEXT NOT NULL, kind TEXT NOT NULL, finding TEXT NOT NULL, PRIMARY KEY (entity, kind, finding)) WITHOUT ROWID;
CREATE INDEX about_finding ON about (finding);
"""
