package dev.anabranch.base;

import java.util.Locale;

/**
 * Every failure that a person or a program can meet, numbered once.
 *
 * <p>The number never changes; a code that is retired is not used again. {@code %s} in a sentence
 * is a detail.
 */
public enum ErrorCode {
  BRANCH_NAME_INVALID(
      101,
      "42602",
      400,
      "'%s' is no branch name: use 1 to 63 lower-case letters, digits and inner hyphens."),
  BRANCH_EXISTS(
      102,
      "42P04",
      409,
      "There is already a branch '%s': choose another name, or delete it first."),
  BRANCH_UNKNOWN(
      103, "3D000", 404, "There is no branch '%s': `anabranch branch list` shows those there are."),
  BRANCH_LIFETIME_INVALID(
      104,
      "22023",
      400,
      "%s: give exactly one of --ttl 4w, --expires-at 2026-12-24T18:00:00Z and --no-expiry."),
  BRANCH_POINT_INVALID(
      105,
      "22023",
      400,
      "'%s' is no point to branch at: use now, latest, an LSN such as 0/3A0, or a time."),
  BRANCH_ROLE_UNKNOWN(106, "42704", 400, "Main has no role '%s': name one that exists on main."),
  BRANCH_STARTING(107, "57P03", 503, "Branch '%s' is starting: try again in a moment."),
  BRANCH_BUSY(108, "55006", 409, "Branch '%s' is being %s: try again when that has ended."),
  BRANCH_ROLE_UNSAFE(
      109,
      "42501",
      403,
      "Role '%s' is a superuser of main, and a branch's client never is one: name another role."),
  BRANCHES_EXHAUSTED(
      110,
      "53400",
      429,
      "No branch was free within %s seconds; you were number %s of %s who wait. Try again, or raise"
          + " pool-hot and pool-cold."),
  BRANCH_PROTECTED(
      111,
      "55000",
      409,
      "Branch '%s' is protected: say `anabranch branch unprotect %s` first, if you mean it."),
  BRANCH_HAS_CHILDREN(
      112,
      "2BP01",
      409,
      "Branch '%s' has branches of its own (%s): delete them first, or delete all with --cascade."),
  BRANCH_NOT_KEPT(
      113,
      "3D000",
      404,
      "No deleted branch '%s' is kept: `anabranch branch list --deleted` shows those that are."),
  BRANCH_LIMIT(114, "53400", 429, "%s: delete branches that nobody needs any more, or raise %s."),
  BRANCH_POINT_GONE(115, "22023", 409, "Main can't be branched as of %s: %s."),
  BRANCH_MOMENT_GONE(116, "22023", 409, "Branch '%s' can't be restored to, or viewed at, %s: %s."),
  BRANCH_PROMOTED(
      117,
      "55000",
      409,
      "Work of branch '%s' has come to main, so the branch can't go back before it: reset it, or"
          + " start another branch."),
  BRANCH_MOMENT_INVALID(
      118,
      "22023",
      400,
      "'%s' is no point in time of a branch: give an LSN of its own WAL, such as 0/3A0, or a time,"
          + " such as 2026-12-24T18:00:00Z."),
  VIEW_LIMIT(
      119,
      "53400",
      429,
      "All %s point-in-time views that there may be are in use: end the sessions on one, and try"
          + " again."),
  MAIN_UNREACHABLE(201, "08001", 503, "Main can't be reached: %s."),
  MAIN_NOT_READY(202, "55000", 409, "Main is not ready to be branched:%s"),
  MAIN_VERSION_UNSUPPORTED(
      203,
      "0A000",
      409,
      "Main runs Postgres %s, and no binaries of that major version were found: install them, or"
          + " point --postgres-bin at them."),
  MAIN_NOT_OURS(
      204,
      "42501",
      403,
      "Main was given with --main and is not Anabranch's: use the URL that you started it with."),
  MAIN_STILL_NEEDED(
      205,
      "55006",
      409,
      "Main is still needed by %s: promote or delete what is left there, or add --force, which"
          + " keeps the branches and has all their answers asked again later."),
  MAIN_RELEASED(
      206,
      "55000",
      409,
      "Main was released, wholly or in part: end it with `anabranch main release`, or start the"
          + " server anew, which puts everything back."),
  MAIN_BUSY(207, "55006", 503, "Main's WAL can't be decoded yet, because of %s."),
  MAIN_TABLE_UNKNOWN(
      208, "42P01", 404, "Main has no table '%s': name one as `\\d` shows it, with its schema."),
  STORAGE_FULL(
      301,
      "53100",
      507,
      "The disk that holds %s is full: free some room and try again; nothing was lost."),
  POSTGRES_FAILED(302, "58000", 500, "Postgres failed while %s: %s"),
  STORAGE_UNABLE(
      303,
      "0A000",
      409,
      "The storage '%s' can't be used here (%s): `anabranch storage check` says what can be."),
  STORAGE_COMMAND_FAILED(
      304, "58000", 500, "The storage program %s failed at '%s' (%s): fix it, and try again."),
  VOLUME_FAILED(305, "58000", 500, "The volume could not be made: %s."),
  NETWORK_NOT_SHUT_OFF(
      306,
      "0A000",
      409,
      "Branches can't be shut off from the network here (%s): start as root or allow user"
          + " namespaces, or say `--branch-network host`."),
  WIRE_VIOLATION(401, "08P01", 400, "The client broke the protocol: %s."),
  LOGIN_FAILED(402, "28P01", 401, "Login as \"%s\" failed."),
  LEDGER_UNAVAILABLE(
      403, "57P03", 503, "The ledger can't be written, so this session must wait: %s."),
  CONNECTION_LIMIT(
      404,
      "53400",
      429,
      "The limit of %s connections is reached: close one and try again, or raise `connections`."),
  SESSION_ENDED(405, "57P01", 503, "This session is ended: %s."),
  REPLICATION_REFUSED(
      406, "0A000", 400, "A branch can't be replicated from: connect without replication=%s."),
  ENCRYPTION_REQUIRED(
      407,
      "28000",
      401,
      "This gateway takes encrypted connections only: connect with sslmode=require."),
  BRANCH_CONNECTION_LIMIT(
      408,
      "53300",
      429,
      "Branch '%s' has %s connections, as many as `branch-connections` allows: close one and try"
          + " again."),
  SESSION_IDLE(
      409,
      "57P05",
      503,
      "This session is ended: nothing was asked for %s seconds, as long as `idle-timeout` allows."),
  MESSAGE_TOO_LONG(
      410,
      "54000",
      413,
      "A message of %s bytes is longer than the %s that `message-limit` allows: send it in parts,"
          + " or raise the limit."),
  GATEWAY_STOPPING(
      411, "57P03", 503, "The server is shutting down: reconnect when it is up again."),
  CHECK_FAILED(501, "XX000", 500, "The check could not be finished: %s"),
  FEED_BEHIND(
      502,
      "57P03",
      503,
      "After %s main's changes are still read %s behind main: try again later, or give --wait more"
          + " time."),
  STREAM_LIMIT(
      503,
      "53400",
      429,
      "All %s streams of verdicts that there may be are open: end one, and try again."),
  DIFF_TABLE_UNKNOWN(
      521,
      "42P01",
      404,
      "Branch '%s' has no table '%s', and had none at its fork point: name one as `\\d` shows it,"
          + " with its schema."),
  DIFF_TABLE_DROPPED(
      522,
      "42P01",
      409,
      "Table '%s' was dropped on %s since the fork, and its rows with it: ask with --schema for its"
          + " definition."),
  DIFF_TABLE_AMBIGUOUS(
      523, "42P09", 400, "There are several tables '%s' (%s): name the schema, too."),
  DIFF_UNIT_UNKNOWN(
      524,
      "42704",
      404,
      "Branch '%s' has no unit %s: `anabranch diff %s --rows --format json` shows which units wrote"
          + " what."),
  DIFF_FORK_GONE(
      525,
      "55000",
      409,
      "Main at the fork point of branch '%s' can't be read any more (%s): only what the branch"
          + " itself logged can be told."),
  DIFF_FAILED(526, "XX000", 500, "The difference could not be told: %s"),
  PROMOTE_CONFLICT(
      601, "40001", 409, "Main moved each time the plan was tried on a copy of it: %s. Try again."),
  PROMOTE_REFUSED(602, "55000", 409, "The promotion was refused: %s"),
  RECEIPT_UNKNOWN(603, "42704", 404, "There is no receipt '%s'."),
  FACT_UNKNOWN(
      611,
      "42704",
      404,
      "Branch '%s' has no fact '%s' (any more), so nothing was decided: `anabranch facts %s` shows"
          + " those there are."),
  FACT_CHANGED(
      612,
      "40001",
      409,
      "Fact '%s' is another than the one that was looked at, so nothing was decided: %s. Look at it"
          + " again with `anabranch facts %s`."),
  CHOICE_INVALID(613, "22023", 400, "'%s' can't be decided: %s."),
  PLAN_UNKNOWN(
      614,
      "42704",
      404,
      "Branch '%s' has no plan '%s': `anabranch promote %s --dry-run` makes one."),
  UNDO_NOTHING(
      621, "55000", 409, "Receipt '%s' wrote nothing on main, so there is nothing to undo."),
  UNDO_TWICE(
      622,
      "55000",
      409,
      "Receipt '%s' is undone already, by receipt '%s': undo that one to bring its work back."),
  UNDO_ROWS_NOT_KEPT(
      623,
      "55000",
      409,
      "Receipt '%s' can't be undone, because the rows that it wrote were not kept: write the"
          + " inverse on main by hand."),
  UNDO_OF_ANOTHER_MAIN(
      624,
      "55000",
      409,
      "Receipt '%s' is of another main, with system identifier %s: undo it where that one is"
          + " main."),
  TASK_UNKNOWN(
      631,
      "42704",
      404,
      "Branch '%s' has no task '%s' with work that has not landed: `anabranch facts %s` lists"
          + " them."),
  TASK_CHANGED(
      632,
      "40001",
      409,
      "The work of task '%s' is not what was looked at, so nothing was decided: look at it again"
          + " with `anabranch facts %s`."),
  RERUN_NOT_OFFERED(
      633, "55000", 409, "Fact '%s' can't be decided by rerun, so nothing was decided: %s."),
  OWN_CHECK_NAME_INVALID(
      641,
      "42602",
      400,
      "'%s' is no name for a check: use 1 to 63 letters, digits, dots, hyphens and underscores, the"
          + " first a letter or a digit."),
  OWN_CHECK_UNKNOWN(
      642,
      "42704",
      404,
      "There is no check '%s': `anabranch checks list` shows those that are kept."),
  OWN_CHECK_INVALID(
      643,
      "42601",
      400,
      "The query '%s' can't be run, so nothing was written: %s. It must be one query that only"
          + " reads."),
  OWN_CHECK_TWICE(
      644,
      "42710",
      409,
      "There are two checks named '%s', one of which is kept, so nothing was written: give yours"
          + " another name."),
  OWN_CHECK_ROLE(
      645,
      "42501",
      403,
      "Checks are run on main as role '%s', and Anabranch's role there can't act as it, so nothing"
          + " was written: GRANT %s TO it, or name another role with --check-role."),
  UNDO_TOO_LATE(
      646,
      "55000",
      409,
      "Receipt '%s' can't be undone any more: the rows that it wrote were kept until %s"
          + " (undo-keep). Write the inverse on main by hand."),
  OWN_CHECK_OTHER(
      651,
      "40001",
      409,
      "Check '%s' is another one than plan '%s' was shown with, so nothing was written: give it"
          + " another name, or, where it is kept for all promotions, make a dry run again and"
          + " approve that."),
  SYNC_REFUSED(652, "55000", 409, "Branch '%s' can't be synced, so nothing was changed: %s."),
  SYNC_CONFLICT(
      653,
      "40001",
      409,
      "Branch '%s' was not synced, because it or main moved each time it was tried: %s. Try"
          + " again."),
  PAGE_FORM_REFUSED(
      670,
      "28000",
      403,
      "The form was not sent by a page of this server, so nothing was done: open the page here and"
          + " send it from there."),
  UNDO_ANOTHER(
      674,
      "40001",
      409,
      "Undoing receipt '%s' would be another undoing by now than the one that you looked at, so"
          + " nothing was written: look at it again with a dry run, and undo that."),
  BRANCH_ASLEEP(
      675,
      "55000",
      409,
      "Branch '%s' sleeps, and looking at it does not wake it: start it with `anabranch branch"
          + " resume %s` (POST /api/v1/branches/%s/resume), and look again."),
  WORK_ANOTHER(
      676,
      "40001",
      409,
      "Branch '%s' is not as you looked at it: it has other work by now, or is another branch of"
          + " that name, so nothing was done. Look at what would be lost now, and say so again."),
  RULE_UNKNOWN(681, "22023", 400, "There is no merge rule '%s': use one of %s."),
  RULE_COLUMN_UNKNOWN(
      682,
      "42703",
      404,
      "Main has no column '%s': name it as table.column, or schema.table.column."),
  RULE_TABLE_UNFIT(
      683,
      "0A000",
      409,
      "Column %s can have no merge rule, because its table %s: columns of ordinary tables with a"
          + " primary key can."),
  RULE_COLUMN_UNFIT(
      684, "0A000", 409, "Column %s can have no merge rule, because %s: leave it a value."),
  RULE_NOT_FOR_TYPE(
      685, "42804", 400, "Column %s is of type %s, and rule %s is for %s: give it another rule."),
  RULE_NOT_SET(
      686,
      "42704",
      404,
      "Column '%s' has no merge rule: `anabranch rules list` shows those that are set."),
  SETTINGS_INVALID(701, "22023", 400, "The settings have mistakes:%s"),
  REQUEST_INVALID(702, "22023", 400, "%s"),
  UNAUTHORISED(
      703,
      "28000",
      401,
      "This server wants a token: set ANABRANCH_TOKEN, or be the system user that the server runs"
          + " as."),
  DATA_IN_USE(
      704, "55006", 409, "Another Anabranch runs on %s: stop it first, or give another --data."),
  PORT_TAKEN(705, "55006", 409, "Port %s is taken: give another %s, or stop what listens there."),
  CONTROL_UNREACHABLE(706, "08001", 503, "The control database can't be used: %s"),
  RIGHT_MISSING(
      721,
      "42501",
      403,
      "This takes a token with the right '%s', and this one has %s: ask an admin for one"
          + " (`anabranch token create --can %s`)."),
  TOKEN_REFUSED(
      722,
      "28000",
      401,
      "The token is refused, because %s: ask an admin for another (`anabranch token create`)."),
  TOKEN_UNKNOWN(
      723, "42704", 404, "There is no token '%s': `anabranch token list` shows those there are."),
  BRANCH_NOT_YOURS(
      724,
      "42501",
      403,
      "Branch '%s' was made with another token: only who holds that one, and admins, may do this."),
  HOST_REFUSED(
      725,
      "28000",
      403,
      "'%s' is no name of this server, so nothing was done: ask it by its address, or name it with"
          + " --http-names."),
  ORIGIN_REFUSED(
      726,
      "28000",
      403,
      "The request comes from a page of '%s', and only this server's own pages may ask it, so"
          + " nothing was done."),
  BODY_NOT_JSON(
      727,
      "22023",
      415,
      "The body is said to be '%s', so nothing was done: send application/json."),
  WEBHOOK_URL(
      731,
      "22023",
      400,
      "'%s' can't be told anything: give an address that begins with http:// or https:// and has a"
          + " host, without a user and without a #."),
  WEBHOOK_UNKNOWN(
      732,
      "42704",
      404,
      "There is no webhook '%s': `anabranch webhook list` shows those there are."),
  WEBHOOK_LIMIT(733, "53400", 409, "All %s webhooks that there may be are set: unset one first."),
  INTERNAL(999, "XX000", 500, "Something failed that should not have: %s");

  private final int number;
  private final String sqlState;
  private final int httpStatus;
  private final String sentence;

  ErrorCode(int number, String sqlState, int httpStatus, String sentence) {
    this.number = number;
    this.sqlState = sqlState;
    this.httpStatus = httpStatus;
    this.sentence = sentence;
  }

  /** Its number, never reused, shown as {@code AB-102}. */
  public int number() {
    return number;
  }

  /** The five-character SQLSTATE that a Postgres client sees. */
  public String sqlState() {
    return sqlState;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** The sentence, with {@code %s} where details go. */
  public String sentence() {
    return sentence;
  }

  /** A stable word for programs, such as {@code branch-exists}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String message(Object... details) {
    return String.format(Locale.ROOT, sentence, details);
  }
}
