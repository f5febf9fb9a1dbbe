import CPCSC
import Glibc

/// A program's connection to the PC/SC service.
///
/// Sendable: the handle is a number, and the library lets any thread use it; the calls of one context wait for each
/// other, ``cancel()`` excepted.
@safe struct PCSCContext: ~Copyable, Sendable {
    private let handle: SCARDCONTEXT

    /// Connects to the service.
    init() throws(PCSCStatus) {
        var handle: SCARDCONTEXT = 0
        try check(
            unsafe SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle))
        self.handle = handle
    }

    deinit {
        _ = SCardReleaseContext(handle)
    }

    /// The names of the readers; none where there are none.
    func readerNames() throws(PCSCStatus) -> [String] {
        var names: [CChar] = []
        // The list may grow between the call that tells its length and the one that fetches it.
        for _ in 0..<4 {
            var length: DWORD = 0
            var status = unsafe PCSCStatus(SCardListReaders(handle, nil, nil, &length))
            if status == .noReadersAvailable { return [] }
            try check(status)
            names = Array(repeating: 0, count: Int(clamping: length))
            status = unsafe PCSCStatus(SCardListReaders(handle, nil, &names, &length))
            if status == .insufficientBuffer { continue }
            if status == .noReadersAvailable { return [] }
            try check(status)
            return names.split(separator: 0).map { name in
                String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
        }
        throw .insufficientBuffer
    }

    /// Waits until a reader is in another state than `readers` say, or a reader comes or goes where the list has
    /// ``ReaderState/arrivals``. States that are not known yet are told at once.
    ///
    /// - Parameter timeout: in milliseconds; `nil` waits until ``cancel()``.
    func waitForChange(
        of readers: inout [ReaderState], timeout: UInt32? = nil
    ) throws(PCSCStatus) {
        let names = unsafe readers.map { unsafe strdup($0.name) }
        defer { unsafe names.forEach { unsafe free($0) } }
        var states = unsafe zip(readers, names).map { reader, name in
            var state = unsafe SCARD_READERSTATE()
            unsafe state.szReader = UnsafePointer(name)
            unsafe state.dwCurrentState = reader.flags
            return unsafe state
        }
        try check(
            unsafe SCardGetStatusChange(
                handle, DWORD(timeout ?? UInt32(INFINITE)), &states, DWORD(states.count)))
        for index in readers.indices {
            let state = unsafe states[index]
            unsafe readers[index].flags = state.dwEventState & ~DWORD(SCARD_STATE_CHANGED)
            unsafe readers[index].answerToReset = withUnsafeBytes(of: state.rgbAtr) {
                unsafe Array($0.prefix(Int(clamping: state.cbAtr)))
            }
        }
    }

    /// Ends a wait for a change that is under way in another thread. One that has not begun yet is not ended.
    func cancel() {
        _ = SCardCancel(handle)
    }

    /// Connects to the card in a reader, which other programs may use too.
    func connect(reader: String) throws(PCSCStatus) -> PCSCCard {
        var card: SCARDHANDLE = 0
        var activeProtocol: DWORD = 0
        try check(
            unsafe SCardConnect(
                handle, reader, DWORD(SCARD_SHARE_SHARED), PCSCCard.protocols, &card,
                &activeProtocol))
        return PCSCCard(owning: card, activeProtocol: activeProtocol)
    }
}

/// What is known of a reader's state.
package struct ReaderState: Hashable, Sendable {
    /// The reader's name.
    package let name: String
    /// The last known `SCARD_STATE_…` bits, and above them how often cards came and went; 0 where nothing is known.
    package var flags: UInt = 0
    /// The answer to reset of the card in the reader; empty where there is none.
    package var answerToReset: [UInt8] = []

    package init(name: String) {
        self.name = name
    }

    /// Stands for readers that come and go.
    static let arrivals = ReaderState(name: #"\\?PnP?\Notification"#)
}

extension PCSCStatus: Error {
    /// What a function of the library returned. The constants fill 32 bits, which C's `long` may extend with signs.
    init(_ result: LONG) {
        self.init(rawValue: UInt32(truncatingIfNeeded: result))
    }
}

/// Throws the result of a function of the library unless it is success.
func check(_ result: LONG) throws(PCSCStatus) {
    try check(PCSCStatus(result))
}

/// Throws every status but success.
func check(_ status: PCSCStatus) throws(PCSCStatus) {
    guard status == .success else { throw status }
}
