extension Array {
    /// Binary search: the first index from which the condition holds for all elements; it must not hold for any element
    /// before. The end index if it holds for none.
    package func partitionPoint(where isInSecondPartition: (Element) -> Bool) -> Int {
        var low = startIndex, high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if isInSecondPartition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
