import ArgumentParser
import QRCode

/// Where a QR code goes: to the terminal, and into files.
struct QROptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the QR code here too, as PNG.", valueName: "file"))
    var png: String?

    @Option(help: ArgumentHelp("Write the QR code here too, as SVG.", valueName: "file"))
    var svg: String?

    @Flag(help: "Show no QR code on the terminal.")
    var noQR = false

    /// Shows a text as a QR code. Files are this user's alone: what they show is a secret for as long as it can be used.
    func show(_ text: String) throws(CommandFailure) {
        let symbol: QRSymbol
        let picture: [UInt8]
        do throws(QRSymbolError) {
            symbol = try QRSymbol(text)
            picture = try symbol.png(scale: 6)
        } catch {
            throw CommandFailure(.internalError, "no QR code can be made (\(error.code))")
        }
        if let png { try PrivateFile.write(picture, to: png) }
        if let svg { try PrivateFile.write(Array(symbol.svg().utf8), to: svg) }
        if !noQR { Terminal.say(symbol.terminalText(.coloured)) }
    }
}
