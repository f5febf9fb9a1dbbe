/// Does the same with every element, so many at a time; the first error stops the others.
///
/// - Returns: the results, in the order of the elements.
func inParallel<Element: Sendable, Value: Sendable>(
    _ elements: [Element], lanes: Int,
    _ body: @escaping @Sendable (Element) async throws(LoadTestError) -> Value
) async throws(LoadTestError) -> [Value] {
    typealias Share = Result<[(index: Int, value: Value)], LoadTestError>
    let width = min(lanes, elements.count)
    var values: [Value?] = Array(repeating: nil, count: elements.count)
    var failure: LoadTestError?
    await withTaskGroup(of: Share.self) { group in
        for lane in 0..<width {
            group.addTask {
                var share: [(index: Int, value: Value)] = []
                do throws(LoadTestError) {
                    for index in stride(from: lane, to: elements.count, by: width) {
                        if Task.isCancelled { throw .cancelled }
                        share.append((index, try await body(elements[index])))
                    }
                    return .success(share)
                } catch {
                    return .failure(error)
                }
            }
        }
        for await share in group {
            switch share {
            case .success(let share): for (index, value) in share { values[index] = value }
            case .failure(let error):
                if failure == nil { failure = error }
                group.cancelAll()
            }
        }
    }
    if let failure { throw failure }
    return values.compactMap { $0 }
}
