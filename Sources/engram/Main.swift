import EngramCommand

@main
enum Main {
  static func main() async {
    await EngramCommand.runAndExit()
  }
}
