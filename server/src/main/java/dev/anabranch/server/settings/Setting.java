package dev.anabranch.server.settings;

import java.util.Locale;
import java.util.Optional;

/**
 * Everything that can be set. Each has one name in three spellings: the flag {@code --http-port},
 * the variable {@code ANABRANCH_HTTP_PORT}, and the line {@code http-port = 6480} in a file.
 */
public enum Setting {
  DATA(
      "DIR",
      "/var/lib/anabranch as root, else ~/.local/share/anabranch",
      "Where everything is kept: main when it is embedded, the mirror, golden images, branches, the"
          + " control database."),
  MAIN(
      "URL",
      "an embedded Postgres",
      "The Postgres to branch, as postgres://user:password@host:port/database."),
  MAIN_PORT(
      "port",
      "0",
      "The loopback port of the embedded main; 0 takes a free one at first and keeps it."),
  CONTROL_URL(
      "URL",
      "an embedded Postgres",
      "The control database, as postgres://user:password@host:port/database; Anabranch's only"
          + " memory."),
  HTTP_HOST("address", "127.0.0.1", "The address that HTTP listens on."),
  HTTP_PORT("port", "6480", "The port that HTTP listens on; 0 takes any free one."),
  GATEWAY_HOST("address", "127.0.0.1", "The address that the gateway listens on."),
  GATEWAY_PORT("port", "6432", "The port that the gateway listens on; 0 takes any free one."),
  TLS(
      "off, on, required",
      "on, and off on a loopback address",
      "Whether the gateway encrypts: on leaves it to the client, required lets nobody in without."),
  TLS_CERTIFICATE(
      "FILE",
      "one that is made and kept in the data directory",
      "The gateway's certificate, PEM, followed by the intermediate CA certificates."),
  TLS_KEY("FILE", "none", "The certificate's key, PEM (PKCS #8) without a password."),
  CONNECTIONS("number", "1000", "How many connections the gateway takes at one time."),
  BRANCH_CONNECTIONS(
      "number",
      "40",
      "How many of them may be to one branch; 65 at most, since checks need some too."),
  LOGIN_TIMEOUT(
      "duration",
      "1m",
      "Limit for a client's authentication, and for connecting it to a running branch."),
  IDLE_TIMEOUT(
      "duration",
      "never",
      "A session that is idle for so long is ended, in a transaction or not; while sessions are"
          + " open their branch is not suspended."),
  MESSAGE_LIMIT(
      "MB", "1024", "The longest message of a client: a statement, its parameters, or a row."),
  DRAIN(
      "duration",
      "5s",
      "How long transactions under way may go on when the server is stopped; 0 ends them at once."),
  TOKEN(
      "text",
      "none",
      "An admin's token beside those that `anabranch token` makes (docs/security.md); as a flag it"
          + " is seen by whoever lists processes."),
  OPEN(
      "true, false",
      "false",
      "Nobody needs a token, and whoever reaches HTTP may do everything; on a loopback address"
          + " only."),
  HTTP_NAMES(
      "NAME[,NAME…]",
      "none",
      "Names under which HTTP may be asked beside its address and localhost, such as a proxy's."),
  LOG_FORMAT(
      "text, json",
      "text",
      "How what happens is logged to stderr: a line for people, or a JSON object on one line for"
          + " each event."),
  POOL_HOT(
      "number",
      "4 where branches share blocks, else 0",
      "Hot branches in the pool, running and not yet leased: a lease starts and copies nothing."),
  POOL_HOT_EPHEMERAL("number", "0", "The same for ephemeral branches."),
  POOL_COLD(
      "number",
      "8 where branches share blocks, else 0",
      "Cold branches in the pool: cloned, not started."),
  POOL_LOW_WATER(
      "number",
      "a quarter of pool-hot",
      "Low-water mark: with fewer branches the pool refills under load, too, after a second of it;"
          + " with more, refill waits for one second without leases."),
  POOL_DEADLINE(
      "duration",
      "2m",
      "How long a caller waits for a lease when the pool is empty, before being told to try"
          + " again."),
  FRESHNESS(
      "duration",
      "5m",
      "How old main's image may be for a branch that starts at the latest; while pools are kept, a"
          + " new image is cut when the newest gets half that old and main has moved."),
  SUSPEND_AFTER(
      "duration",
      "30m",
      "An idle branch is suspended after so long, and starts again when somebody connects; never"
          + " keeps them all running."),
  KEEP_DELETED(
      "duration",
      "1d",
      "How long a deleted or expired branch can be brought back with undelete; 0 removes it at"
          + " once."),
  TASK_GAP(
      "duration",
      "15m",
      "How long nobody works on a branch, of one role, application and host, before what comes next"
          + " is another task, where tasks are not named (docs/verdicts.md)."),
  CHECK_ROLE(
      "name",
      "pg_read_all_data",
      "The role on main that your own checks are run as (docs/checks.md); it should be able to read"
          + " and nothing else."),
  CHECK_TIMEOUT(
      "duration",
      "10s",
      "How long one of your own checks may take; what the promotion wrote is locked meanwhile."),
  UNDO_KEEP(
      "duration",
      "30d",
      "How long the rows of a promotion are kept by which it can be undone; forever keeps them"
          + " all."),
  BRANCH_LIMIT("number", "1000", "How many branches there may be; deleted ones don't count."),
  BRANCH_LIMIT_PER_OWNER(
      "number",
      "none",
      "How many branches one owner may hold; those without an owner don't count."),
  HISTORY(
      "duration",
      "1d where branches share blocks, else 0",
      "How far back branches can start at a point of main's past (--at TIME or LSN); 0 keeps"
          + " nothing of it."),
  HISTORY_EVERY(
      "duration",
      "1h",
      "How often the mirror is copied for that; between two copies WAL is kept, and going back"
          + " replays it."),
  HISTORY_LOG(
      "GB", "16", "Maximum WAL kept for that; when main writes more, less of its past is kept."),
  POSTGRES_BIN(
      "DIR[:DIR…]",
      "the usual places",
      "Directories with Postgres's programs, looked at first when main's major version is sought."),
  POSTGRES_USER(
      "name",
      "postgres, else anabranch",
      "The system user that Postgres runs as when Anabranch runs as root."),
  BRANCH_NETWORK(
      "auto, none, host",
      "auto",
      "What branches can reach over the network: none shuts them off, as auto does where the system"
          + " lets us; host lets them reach what this machine can."),
  STORAGE(
      "auto, reflink, btrfs-snapshot, copy, command:/PROGRAM",
      "auto",
      "How golden images and branches are cloned; auto takes the best that works on the data"
          + " directory's filesystem (docs/storage.md)."),
  STORAGE_TIMEOUT(
      "seconds",
      "300",
      "How long one attempt of a storage program may take before it is killed and made again.");

  private final String unit;
  private final String defaultText;
  private final String sentence;

  Setting(String unit, String defaultText, String sentence) {
    this.unit = unit;
    this.defaultText = defaultText;
    this.sentence = sentence;
  }

  /** Its name in a file, such as {@code http-port}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String flag() {
    return "--" + key();
  }

  public String variable() {
    return "ANABRANCH_" + name();
  }

  /** What sort of value it takes. */
  public String unit() {
    return unit;
  }

  /** What holds when it is not set: a value, or words for how one is found. */
  public String defaultText() {
    return defaultText;
  }

  public String sentence() {
    return sentence;
  }

  /** The setting of this key, empty when there is none. */
  static Optional<Setting> ofKey(String key) {
    for (Setting setting : values()) {
      if (setting.key().equals(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
