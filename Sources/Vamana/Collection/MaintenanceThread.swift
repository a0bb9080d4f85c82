internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A thread for long work in the background: not one of a pool that others wait for.
enum MaintenanceThread {
  /// How much a background thread yields to others: a search gets about nine tenths of a core that
  /// both want.
  private static let niceness: Int32 = 10

  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `body` once on a thread of its own, of low priority where the system has it.
  static func start(_ body: @escaping @Sendable () -> Void) {
    if !startThread(Body(run: body)) { DispatchQueue.global(qos: .utility).async(execute: body) }
  }

  private static func startThread(_ body: Body) -> Bool {
    // SAFETY: the retained body goes to the thread, which releases it; if no thread starts it is
    // released here.
    let context = Unmanaged.passRetained(body)
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        { context in
          Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, context.toOpaque())
      guard status == 0, let thread else {
        context.release()
        return false
      }
      pthread_detach(thread)
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          // On Linux this is the priority of the calling thread alone.
          #if canImport(Glibc)
            let process = __priority_which_t(PRIO_PROCESS.rawValue)
          #else
            let process = PRIO_PROCESS
          #endif
          _ = setpriority(process, 0, MaintenanceThread.niceness)
          Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, context.toOpaque())
      guard status == 0 else {
        context.release()
        return false
      }
      pthread_detach(thread)
    #endif
    return true
  }
}
