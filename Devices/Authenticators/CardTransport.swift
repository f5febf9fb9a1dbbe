/// A card in a reader, to exchange APDUs with (ISO 7816-3 and 7816-4).
///
/// The driver calls it from one thread at a time and may block there. Several programs can use a card at once; what
/// must not be interrupted goes between ``beginTransaction()`` and ``endTransaction(_:)``.
public protocol CardTransport: Sendable {
    /// The answer to reset: 2 to 33 bytes that name the card's make.
    var answerToReset: [UInt8] { get }

    /// Keeps other programs from the card, once those that have it are done.
    ///
    /// - Throws: ``AuthenticatorFailure/wasReset`` where the card was reset since it was last used here, and so nothing
    ///   that was selected or verified holds any more.
    func beginTransaction() throws(AuthenticatorFailure)

    /// Lets other programs at the card, which becomes what `disposition` says before any of them can have it.
    ///
    /// A reset is told to all who are connected, this transport among them.
    func endTransaction(_ disposition: CardDisposition)

    /// Sends a command APDU and waits for the response APDU, neither of which is looked into.
    ///
    /// - Throws: ``AuthenticatorFailure/unplugged`` once the card is gone, ``AuthenticatorFailure/wasReset`` where
    ///   it was reset.
    func transmit(_ command: [UInt8]) throws(AuthenticatorFailure) -> [UInt8]

    /// Makes a card that was reset usable again. Nothing is selected or verified in it.
    func reconnect() throws(AuthenticatorFailure)

    /// Ends the connection, and with it a transaction that is open. Nothing is called after it.
    func close()
}

/// What becomes of a card that other programs can use next.
public enum CardDisposition: Sendable, Hashable {
    /// It stays as it is: what is selected and verified in it holds for whoever comes next.
    case asItIs
    /// It is reset: nothing is selected or verified in it any more.
    case reset
}
