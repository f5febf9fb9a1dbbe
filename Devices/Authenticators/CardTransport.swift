/// A card in a reader, to exchange APDUs with (ISO 7816-3 and 7816-4).
///
/// The driver calls it from one thread at a time and may block there. Several programs can use a card at once; what
/// must not be interrupted goes between ``beginTransaction()`` and ``endTransaction()``.
public protocol CardTransport: Sendable {
    /// The answer to reset: 2 to 33 bytes that name the card's make.
    var answerToReset: [UInt8] { get }

    /// Keeps other programs from the card, once those that have it are done.
    ///
    /// - Throws: ``AuthenticatorFailure/wasReset`` where another program reset the card since it was last used, and so
    ///   nothing that was selected or verified holds any more.
    func beginTransaction() throws(AuthenticatorFailure)

    /// Lets other programs at the card.
    func endTransaction()

    /// Sends a command APDU and waits for the response APDU, neither of which is looked into.
    ///
    /// - Throws: ``AuthenticatorFailure/unplugged`` once the card is gone, ``AuthenticatorFailure/wasReset`` where
    ///   another program reset it.
    func transmit(_ command: [UInt8]) throws(AuthenticatorFailure) -> [UInt8]

    /// Makes a card that was reset usable again. Nothing is selected or verified in it.
    func reconnect() throws(AuthenticatorFailure)

    /// Ends the connection. Nothing is called after it.
    func close()
}
