extension Engine {
    /// The model's logits after the last token, or after each token: [1 or tokens][vocabulary].
    ///
    /// Starts with an empty cache, so that earlier calls do not affect the result.
    public func logits(tokens: [Int32], all: Bool) throws(EngineError) -> [[Float]] {
        cached = []
        guard all else {
            try prefill(tokens)
            return [Array(try lastLogits())]
        }
        var rows: [[Float]] = []
        try forEachLogits(tokens) { _, logits in rows.append(Array(logits)) }
        return rows
    }

    /// Calls `body` with each position, from 0, and the logits after it.
    func forEachLogits(
        _ tokens: [Int32], _ body: (Int, UnsafeBufferPointer<Float>) -> Void
    ) throws(EngineError) {
        try check(tokens)
        cached = []
        let vocabulary = model.summary.vocabularyCount
        while cached.count < tokens.count {
            let first = cached.count
            let count = min(runner.prefillBatch, tokens.count - first)
            try advance(tokens[first..<first + count])
            for start in stride(from: 0, to: count, by: runner.logitBatch) {
                let rows = start..<min(start + runner.logitBatch, count)
                let block = try logits(rows: rows)
                for row in rows {
                    let begin = (row - start) * vocabulary
                    body(first + row, UnsafeBufferPointer(rebasing: block[begin..<begin + vocabulary]))
                }
            }
        }
    }
}
