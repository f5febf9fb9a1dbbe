import LineProtocol
package import NIOCore
import Synchronization

/// Carries replies from other threads to the connections of one event loop.
///
/// However many arrive while the loop is busy, they cost it one hop and each connection one flush.
package final class CompletionMailbox: Sendable {
    private struct Completion {
        let connection: ConnectionHandler
        let ticket: RequestFlow.Ticket
        let reply: Reply
    }

    private let eventLoop: any EventLoop
    private let waiting = Mutex<[Completion]>([])

    package init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func post(_ reply: Reply, for ticket: RequestFlow.Ticket, to connection: ConnectionHandler) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(Completion(connection: connection, ticket: ticket, reply: reply))
            return waiting.count == 1
        }
        if isFirst { eventLoop.execute { self.deliver() } }
    }

    private func deliver() {
        let completions = waiting.withLock { waiting in
            let taken = waiting
            waiting = []
            return taken
        }
        var touched: [ConnectionHandler] = []
        for completion in completions
        where completion.connection.complete(completion.ticket, with: completion.reply) {
            touched.append(completion.connection)
        }
        for connection in touched { connection.run() }
    }
}
