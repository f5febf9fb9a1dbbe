import Synchronization

/// Counts what is on its way to each endpoint and each push service, so that one that never answers holds up its own
/// messages and few others.
package final class DestinationGate: Sendable {
    private struct Counts {
        var endpoints: [String: Int] = [:]
        var origins: [String: Int] = [:]
    }

    private let perEndpoint: Int
    private let perOrigin: Int
    private let counts = Mutex(Counts())

    /// A gate with these limits.
    package init(perEndpoint: Int, perOrigin: Int) {
        self.perEndpoint = perEndpoint
        self.perOrigin = perOrigin
    }

    /// Lets a message through, to be counted out by ``leave(_:)``; false where as many are on their way already.
    package func enter(_ endpoint: PushEndpoint) -> Bool {
        counts.withLock { counts in
            let (own, all) = (
                counts.endpoints[endpoint.text, default: 0],
                counts.origins[endpoint.origin, default: 0]
            )
            guard own < perEndpoint, all < perOrigin else { return false }
            counts.endpoints[endpoint.text] = own + 1
            counts.origins[endpoint.origin] = all + 1
            return true
        }
    }

    /// Counts a message out.
    package func leave(_ endpoint: PushEndpoint) {
        counts.withLock { counts in
            Self.lower(&counts.endpoints, endpoint.text)
            Self.lower(&counts.origins, endpoint.origin)
        }
    }

    private static func lower(_ counts: inout [String: Int], _ key: String) {
        let count = counts[key, default: 0] - 1
        counts[key] = count > 0 ? count : nil
    }
}
