extension Language {
    static let sql = Language(
        names: ["sql", "mysql", "postgresql", "postgres", "sqlite", "plsql", "tsql", "psql"], ignoresCase: true,
        words: words(
            keywords: """
                add all alter and any as asc analyze begin between by cascade case check collate column commit conflict \
                constraint create cross current database default delete desc distinct do drop each else end escape except \
                exists explain filter for foreign from full function grant group having if ilike in index inner insert \
                intersect into is join key lateral left like limit materialized natural not nothing nulls of offset on or \
                order outer over partition primary procedure recursive references rename replace returning returns revoke \
                right rollback row rows schema select set table temporary then to transaction trigger truncate union unique \
                update using vacuum values view when where window with
                """,
            types: """
                bigint binary blob bool boolean bytea char character clob date datetime decimal double float int integer \
                interval json jsonb money numeric real serial bigserial smallint text time timestamp timestamptz tinyint \
                uuid varchar
                """,
            constants: "true false null current_date current_time current_timestamp",
            functions: "avg coalesce count max min nullif sum"),
        bracketsMeanCalls: true, lineComments: ["--"],
        regions: [
            .comment("/*", "*/"), .string("'", escape: nil, spansLines: true), .string("\"", escape: nil),
            .string("`", escape: nil), .string("$$", escape: nil, spansLines: true),
        ],
        sigils: [Sigil("@", .syntaxVariable), Sigil("$", .syntaxVariable)])
}
