extension Array {
    /// The first place from which on all elements fulfil a condition that none before it does, found by halving; the end
    /// where none does.
    package func partitionPoint(where isBehind: (Element) -> Bool) -> Int {
        var low = startIndex, high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
