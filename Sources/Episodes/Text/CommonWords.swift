/// Words that name no single thing.
enum CommonWords {
  /// Words that only bind others.
  static let binding = set(
    """
    a an and are as at be been but by can could did do does for from had has have how i if in into is it its
    may of on once onto or our out over should so some still than that the their them then there
    these they this those to too under until up was we were what when where whether which who will with
    would you your
    """)

  /// Deeds and kinds of things that tasks are about. One of them in the description of a task says what kind of
  /// task it is; any other word there may be the name of what the task is about.
  static let general = set(
    """
    after again all any back before best big both each early every few first five four good half last late many more
    most much nine no none not now one only old other prod same second seven several six soon ten third three twice
    two vs whole without
    access account action add address agent alert allow answer api app application apply archive artifact ask
    audit authentication backend backup balance batch bind block board book boot branch break browser budget
    bug build bump bundle cache call cancel card cause certificate change channel check class clean cleanup
    clear client clock clone close cluster code column command comment commit compare compile config configure
    configuration connect connection console container content contract controller convert copy core correct
    count cpu crash create credential cron daemon dashboard data database date day deadlock debug default
    delay delete deploy deployment dependency device diff directory disable disk dns document domain down
    download drain drive drop dump duplicate edit email empty enable endpoint engine entry environment error
    evaluate event exception execute exist expire export fail failed failure fast fetch field file filter find
    fix flag flaky folder force form format forward freeze frontend full function gateway generate get git
    grant graph group handle header health heap help high hold home hook host hour image import increase index
    input insert inspect install instance invalid issue item job join key kill large last latency leak level
    library limit line link list load local lock log login look loop low machine mail make manifest map mark
    match measure memory merge message method metric migrate migration minute miss missing mock model module
    monitor mount move name namespace network new next node note null number object old open operator order
    output own package page panic parameter parse part partition pass password patch path payload
    performance permission pipeline plan plugin pod point policy pool port post print problem process
    production profile project property proxy publish pull push put query queue quota race raise rate read
    reboot rebuild record recover recovery reduce refactor refresh register regression reject release reload
    remote remove rename render repair repeat replace replica replication report repository request rerun
    reset resolve resource response restart restore result resume retry return revert review revoke rewrite
    role roll rollback rollout root rotate route row rule run scale schedule schema script search secret
    security select send server service session set setting setup shard share show shut sign signal size slow
    snapshot socket source space split stack staging start startup state statement status step stop storage
    store stream string suite support switch sync system table tag task team temporary test text thread
    ticket time timeout token tool trace traffic transaction trigger tune turn type undo unit unlock
    update upgrade upload url use user validate value variable verify version view volume wait warn warning web
    week work worker wrap write wrong zone
    """)

  /// A word without the ending of a plural.
  static func stem(_ word: String) -> String {
    word.utf8.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss") && !word.hasSuffix("us")
      ? String(word.dropLast()) : word
  }

  private static func set(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  /// Whether a word is general, in one of its common forms.
  static func isGeneral(_ word: String) -> Bool {
    if general.contains(word) || general.contains(stem(word)) { return true }
    for (ending, replacements) in endings where word.hasSuffix(ending) {
      let root = word.dropLast(ending.count)
      if replacements.contains(where: { general.contains(root + $0) }) { return true }
      // "running", "stopped"
      if root.count > 2, root.last == root.dropLast().last,
        general.contains(String(root.dropLast()))
      {
        return true
      }
    }
    return false
  }

  private static let endings: [(String, [String])] = [
    ("ing", ["", "e"]), ("ed", ["", "e"]), ("es", ["", "e"]), ("ies", ["y"]),
    ("ation", ["e", ""]), ("ly", [""]),
  ]
}
