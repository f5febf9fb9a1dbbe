package import CTAP

/// The device side of CTAPHID as a state machine without I/O (CTAP 2.1 §11.2.5).
///
/// It takes reports and the time, and says what to send and what to do. One transaction is under way at most: from
/// the first packet of a request until its reply is given. Time is measured from any fixed moment.
package struct HIDEndpoint: Sendable {
    /// What the owner of the endpoint is to do, in this order.
    package enum Action: Hashable, Sendable {
        /// Send this report.
        case send([UInt8])
        /// Carry out a CTAPHID_CBOR or CTAPHID_MSG request and then call ``reply(_:)``.
        case handle(HIDMessage)
        /// Give up the request under way; nobody waits for a reply any more.
        case abandon
        /// End the request under way with a reply that says so.
        case cancel
        /// Show which authenticator this is.
        case wink
    }

    private enum State: Sendable {
        case idle
        case receiving(HIDReassembler, deadline: Duration)
        case busy(HIDMessage, status: KeepaliveStatus, nextKeepalive: Duration)
    }

    /// How long the next packet of a request may take.
    package static let packetTimeout: Duration = .milliseconds(500)
    /// How often a busy authenticator says that it is still there.
    package static let keepaliveInterval: Duration = .milliseconds(100)
    /// How many channels are remembered; the oldest is forgotten for a new one.
    package static let maximumChannels = 64
    private static let capabilities: HIDCapabilities = [.wink, .cbor]

    private let deviceVersion: [UInt8]
    private var lastChannel: UInt32
    private var state = State.idle
    private var lock: (channel: ChannelID, until: Duration)?

    /// The channels that were given out and not forgotten, the oldest first.
    package private(set) var channels: [ChannelID] = []

    /// An endpoint that numbers its channels from `firstChannel` on.
    package init(deviceVersion: [UInt8], firstChannel: UInt32) {
        self.deviceVersion = deviceVersion
        lastChannel = firstChannel &- 1
    }

    /// When ``advance(to:)`` next has something to do.
    package var nextDeadline: Duration? {
        switch state {
        case .idle: nil
        case .receiving(_, let deadline): deadline
        case .busy(_, _, let nextKeepalive): nextKeepalive
        }
    }

    /// Takes a report. One that is not 64 bytes long is ignored, for no such report reaches a device.
    package mutating func receive(_ report: [UInt8], at now: Duration) -> [Action] {
        let packet: HIDPacket
        do {
            packet = try HIDPacket(decoding: report)
        } catch {
            return []
        }
        // A request that ran out of time must not hold the channel against this packet.
        let overdue = expire(at: now)
        return overdue + take(packet, at: now)
    }

    /// Lets time pass: ends requests whose packets do not come and sends keepalives.
    package mutating func advance(to now: Duration) -> [Action] {
        let overdue = expire(at: now)
        guard case .busy(let request, let status, let nextKeepalive) = state, now >= nextKeepalive
        else { return overdue }
        state = .busy(request, status: status, nextKeepalive: now + Self.keepaliveInterval)
        return overdue + Self.send(.keepalive(status, on: request.channel))
    }

    /// Says what the request under way waits for. A change is told at once, as the specification asks.
    package mutating func setStatus(_ status: KeepaliveStatus, at now: Duration) -> [Action] {
        guard case .busy(let request, let current, _) = state, request.command == .cbor,
            status != current
        else { return [] }
        state = .busy(request, status: status, nextKeepalive: now + Self.keepaliveInterval)
        return Self.send(.keepalive(status, on: request.channel))
    }

    /// Ends the request under way with `payload`, which ``HIDMessage/maximumLength`` bounds.
    package mutating func reply(_ payload: [UInt8]) -> [Action] {
        guard case .busy(let request, _, _) = state else { return [] }
        state = .idle
        do {
            return Self.send(
                try HIDMessage(
                    channel: request.channel, command: request.command, payload: payload))
        } catch {
            return Self.send(.error(.other, on: request.channel))
        }
    }

    /// Ends the request under way without a word.
    package mutating func fallSilent() {
        state = .idle
    }

    private mutating func expire(at now: Duration) -> [Action] {
        if let held = lock, now >= held.until { lock = nil }
        guard case .receiving(let reassembler, let deadline) = state, now >= deadline else {
            return []
        }
        state = .idle
        return Self.send(.error(.messageTimeout, on: reassembler.channel))
    }

    private mutating func take(_ packet: HIDPacket, at now: Duration) -> [Action] {
        switch packet {
        case .initialization(let channel, .initialize, let length, let data):
            return initialize(channel, length: length, data: data)
        case .initialization(let channel, let command, _, _):
            guard channels.contains(channel) else {
                return Self.send(.error(.invalidChannel, on: channel))
            }
            return begin(packet, channel: channel, command: command, at: now)
        case .continuation(let channel, _, _):
            guard case .receiving(var reassembler, _) = state, reassembler.channel == channel
            else { return [] }
            do {
                return progress(try reassembler.append(packet), of: reassembler, at: now)
            } catch {
                state = .idle
                return Self.send(.error(.invalidSequence, on: channel))
            }
        }
    }

    /// CTAPHID_INIT works on the broadcast channel at any time, and on a channel of one's own it brings that back into
    /// step (CTAP 2.1 §11.2.9.1.3).
    private mutating func initialize(
        _ channel: ChannelID, length: UInt16, data: [UInt8]
    ) -> [Action] {
        guard channel == .broadcast || channels.contains(channel) else {
            return Self.send(.error(.invalidChannel, on: channel))
        }
        guard Int(length) == HIDInitialization.nonceLength else {
            return Self.send(.error(.invalidLength, on: channel))
        }
        var actions: [Action] = []
        switch state {
        case .receiving(let reassembler, _) where reassembler.channel == channel:
            state = .idle
        case .busy(let request, _, _) where request.channel == channel:
            state = .idle
            actions.append(.abandon)
        case .idle, .receiving, .busy: break
        }
        if lock?.channel == channel { lock = nil }
        let own = channel == .broadcast ? allocateChannel() : channel
        do {
            let reply = try HIDInitialization(
                nonce: Array(data.prefix(HIDInitialization.nonceLength)), channel: own,
                deviceVersion: deviceVersion, capabilities: Self.capabilities)
            let message = try HIDMessage(
                channel: channel, command: .initialize, payload: reply.payload)
            return actions + Self.send(message)
        } catch {
            return actions + Self.send(.error(.other, on: channel))
        }
    }

    private mutating func allocateChannel() -> ChannelID {
        var channel: ChannelID
        repeat {
            lastChannel &+= 1
            channel = ChannelID(rawValue: lastChannel)
        } while channel == .reserved || channel == .broadcast || channels.contains(channel)
        if channels.count >= Self.maximumChannels {
            let active = activeChannel
            if let oldest = channels.firstIndex(where: { $0 != active }) {
                channels.remove(at: oldest)
            }
        }
        channels.append(channel)
        return channel
    }

    private var activeChannel: ChannelID? {
        switch state {
        case .idle: lock?.channel
        case .receiving(let reassembler, _): reassembler.channel
        case .busy(let request, _, _): request.channel
        }
    }

    private mutating func begin(
        _ packet: HIDPacket, channel: ChannelID, command: HIDCommand, at now: Duration
    ) -> [Action] {
        switch state {
        case .busy(let request, _, _) where request.channel == channel && command == .cancel:
            return request.command == .cbor ? [.cancel] : []
        case .receiving(let reassembler, _) where reassembler.channel == channel:
            // A new message in the middle of the last one (CTAP 2.1 §11.2.5.1).
            state = .idle
            return Self.send(.error(.invalidSequence, on: channel))
        case .busy, .receiving:
            return Self.send(.error(.channelBusy, on: channel))
        case .idle: break
        }
        // CANCEL with nothing to cancel has no reply (CTAP 2.1 §11.2.9.1.5).
        guard command != .cancel else { return [] }
        if let lock, lock.channel != channel {
            return Self.send(.error(.channelBusy, on: channel))
        }
        do {
            guard let reassembler = try HIDReassembler(first: packet) else { return [] }
            return progress(try reassembler.progress, of: reassembler, at: now)
        } catch {
            return Self.send(.error(.invalidLength, on: channel))
        }
    }

    private mutating func progress(
        _ progress: HIDReassembler.Progress, of reassembler: HIDReassembler, at now: Duration
    ) -> [Action] {
        switch progress {
        case .incomplete:
            state = .receiving(reassembler, deadline: now + Self.packetTimeout)
            return []
        case .complete(let message):
            state = .idle
            return carryOut(message, at: now)
        }
    }

    private mutating func carryOut(_ message: HIDMessage, at now: Duration) -> [Action] {
        switch message.command {
        case .ping:
            return Self.send(message)
        case .wink:
            guard message.payload.isEmpty else {
                return Self.send(.error(.invalidLength, on: message.channel))
            }
            return [.wink] + Self.send(message)
        case .lock:
            return carryOutLock(message, at: now)
        case .cbor, .message:
            guard !message.payload.isEmpty else {
                return Self.send(.error(.invalidLength, on: message.channel))
            }
            state = .busy(
                message, status: .processing, nextKeepalive: now + Self.keepaliveInterval)
            return [.handle(message)]
        default:
            return Self.send(.error(.invalidCommand, on: message.channel))
        }
    }

    /// CTAPHID_LOCK: 0 to 10 seconds (CTAP 2.1 §11.2.9.2.2).
    private mutating func carryOutLock(_ message: HIDMessage, at now: Duration) -> [Action] {
        guard message.payload.count == 1 else {
            return Self.send(.error(.invalidLength, on: message.channel))
        }
        let seconds = message.payload[0]
        guard seconds <= 10 else {
            return Self.send(.error(.invalidParameter, on: message.channel))
        }
        lock =
            seconds == 0
            ? nil : (channel: message.channel, until: now + .seconds(Int(seconds)))
        do {
            return Self.send(
                try HIDMessage(channel: message.channel, command: .lock, payload: []))
        } catch {
            return []
        }
    }

    private static func send(_ message: HIDMessage) -> [Action] {
        message.reports.map(Action.send)
    }
}
