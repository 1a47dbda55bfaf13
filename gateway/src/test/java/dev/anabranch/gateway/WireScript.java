package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.bytes;
import static dev.anabranch.gateway.WireClient.cString;
import static dev.anabranch.gateway.WireClient.concat;
import static dev.anabranch.gateway.WireClient.frame;
import static dev.anabranch.gateway.WireClient.int16;
import static dev.anabranch.gateway.WireClient.int32;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What a client may say after its login, right or wrong: made from a seed, by a grammar of the
 * protocol's messages.
 *
 * <p>A statement that returns data has a mark of its own in its first column, so that whoever reads
 * the replies can tell where each row comes from without following the protocol.
 */
final class WireScript {

  /** What a database must hold for a script. */
  static final String[] SCHEMA = {
    "CREATE TABLE fixed (id int PRIMARY KEY, name text, price numeric(10,2), at timestamptz, x"
        + " float8)",
    "INSERT INTO fixed SELECT i, 'n' || i, i * 1.1, '2026-01-01Z'::timestamptz + i * '1"
        + " hour'::interval, i / 3.0 FROM generate_series(1, 50) i",
    "CREATE TABLE t (id bigserial PRIMARY KEY, v text, n int)",
    "CREATE TABLE parent (id int PRIMARY KEY)",
    "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
  };

  private static final String[] NAMES = {"", "", "a", "b"};
  private static final int FUNCTION_INT4PL = 177;

  private final Random dice;
  private final long seed;
  private final List<byte[]> parts = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private int marks;

  private WireScript(long seed) {
    this.seed = seed;
    this.dice = new Random(seed);
  }

  static WireScript of(long seed) {
    WireScript script = new WireScript(seed);
    int steps = 3 + script.dice.nextInt(14);
    for (int i = 0; i < steps; i++) {
      script.step();
    }
    script.end();
    return script;
  }

  /** What is sent, in parts after each of which a client may wait for what it is told. */
  List<byte[]> parts() {
    return parts;
  }

  /** All of it at once. */
  byte[] words() {
    return concat(parts.toArray(byte[][]::new));
  }

  /** For people. */
  List<String> story() {
    return story;
  }

  private void say(String words, byte[]... messages) {
    parts.add(concat(messages));
    story.add(words);
  }

  private <T> T oneOf(List<Supplier<T>> choices) {
    return choices.get(dice.nextInt(choices.size())).get();
  }

  private String mark() {
    return "'q" + seed + "_" + marks++ + "'::text";
  }

  private void step() {
    int kind = dice.nextInt(100);
    if (kind < 30) {
      simple();
    } else if (kind < 75) {
      extended();
    } else if (kind < 87) {
      copyIn();
    } else if (kind < 91) {
      call();
    } else {
      slip();
    }
  }

  private void end() {
    switch (dice.nextInt(4)) {
      case 0 -> say("closes without a word");
      case 1 -> say("sends half a message", new byte[] {'Q', 0, 0});
      case 2 -> say("Sync, Terminate", frame('S'), frame('X'));
      default -> say("Terminate", frame('X'));
    }
  }

  private void simple() {
    StringBuilder sql = new StringBuilder(statement());
    while (dice.nextInt(4) == 0) {
      sql.append(dice.nextBoolean() ? "; " : " /* ; */ ;;").append(statement());
    }
    say("Query " + sql, frame('Q', cString(sql.toString())));
  }

  private String statement() {
    return dice.nextInt(5) < 3 ? asking() : doing();
  }

  private String asking() {
    int few = dice.nextInt(7);
    return oneOf(
        List.of(
            () -> "SELECT " + mark() + ", i, i * 1.50 FROM generate_series(1, " + few + ") i",
            () -> "SELECT " + mark() + ", * FROM fixed WHERE id <= " + few + " ORDER BY id",
            () -> "SELECT " + mark() + ", count(*), sum(n) FROM t",
            () -> "VALUES (%1$s, 1), (%1$s, NULL)".formatted(mark()),
            () -> "SELECT " + mark() + ", 10 / (4 - i) FROM generate_series(1, 6) i",
            () -> "INSERT INTO t (v, n) VALUES (" + mark() + ", " + few + ") RETURNING v, n",
            () -> "UPDATE t SET n = n + 1 WHERE id < 5 RETURNING " + mark() + ", n",
            () ->
                "WITH d AS (DELETE FROM t WHERE n > 3 RETURNING n) SELECT "
                    + mark()
                    + ", count(*) FROM d",
            () ->
                "COPY (SELECT "
                    + mark()
                    + ", i FROM generate_series(1, "
                    + few
                    + ") i) TO STDOUT"
                    + copyFormat(),
            () -> "SELECT " + mark() + ", E'it\\'s; $$', $x$;$x$, \"name\" FROM fixed LIMIT 1",
            () -> "EXECUTE p",
            () -> "FETCH " + few + " FROM c",
            () -> "SELECT " + mark() + ", current_setting('DateStyle'), x FROM fixed LIMIT 2"));
  }

  private String copyFormat() {
    return oneOf(List.of(() -> "", () -> " (FORMAT csv)", () -> " (FORMAT binary)"));
  }

  private String doing() {
    return oneOf(
        List.of(
            () -> "BEGIN",
            () -> "BEGIN ISOLATION LEVEL REPEATABLE READ",
            () -> "COMMIT",
            () -> "ROLLBACK",
            () -> "SAVEPOINT s",
            () -> "ROLLBACK TO s",
            () -> "RELEASE s",
            () -> "",
            () -> "SET DateStyle = 'German'",
            () -> "SET LOCAL TimeZone = 'Asia/Kolkata'",
            () -> "RESET ALL",
            () -> "DISCARD ALL",
            () -> "SHOW TimeZone",
            () -> "SET client_encoding = 'LATIN1'",
            () -> "SET extra_float_digits = 0",
            () -> "DECLARE c CURSOR FOR SELECT " + mark() + ", id FROM fixed ORDER BY id",
            () -> "CLOSE c",
            () -> "PREPARE p AS SELECT " + mark() + ", name FROM fixed WHERE id < 4",
            () -> "DEALLOCATE p",
            () -> "LISTEN news",
            () -> "NOTIFY news, 'hello'",
            () -> "DO $$ BEGIN RAISE NOTICE 'said; %', 1; END $$",
            () -> "EXPLAIN (COSTS off) SELECT * FROM t",
            () -> "INSERT INTO child VALUES (999)",
            () -> "INSERT INTO t (n) SELECT i FROM generate_series(1, 3) i",
            () -> "CREATE TEMP TABLE IF NOT EXISTS mine (a int)",
            () -> "SELECT * FROM nowhere",
            () -> "SELEC 1",
            () -> "SELECT 'not ended",
            () -> "TRUNCATE t"));
  }

  private String name() {
    return NAMES[dice.nextInt(NAMES.length)];
  }

  /** Mostly Parse, Bind, Describe, Execute, Sync; now and then with something left out or added. */
  private void extended() {
    int rounds = 1 + dice.nextInt(3);
    for (int i = 0; i < rounds; i++) {
      boolean parameter = dice.nextInt(3) == 0;
      String sql =
          parameter
              ? "SELECT " + mark() + ", id, name, at FROM fixed WHERE id > $1::int ORDER BY 2"
              : statement();
      String statement = name();
      String portal = name();
      maybe(19, () -> say("Parse " + statement + ": " + sql, parse(statement, sql)));
      maybe(2, () -> say("Describe statement " + statement, describe('S', statement)));
      maybe(
          19, () -> say("Bind " + portal + " to " + statement, bind(portal, statement, parameter)));
      maybe(16, () -> say("Describe portal " + portal, describe('P', portal)));
      maybe(19, () -> execute(portal));
      while (dice.nextInt(4) == 0) {
        execute(portal);
      }
      maybe(3, () -> say("Flush", frame('H')));
      maybe(4, () -> close('P', portal));
      maybe(4, () -> close('S', statement));
      maybe(8, () -> say("Sync", frame('S')));
    }
    maybe(18, () -> say("Sync", frame('S')));
  }

  private void maybe(int ofTwenty, Runnable action) {
    if (dice.nextInt(20) < ofTwenty) {
      action.run();
    }
  }

  private static byte[] parse(String statement, String sql) {
    return frame('P', cString(statement), cString(sql), int16(0));
  }

  private static byte[] describe(char kind, String name) {
    return frame('D', new byte[] {(byte) kind}, cString(name));
  }

  private void close(char kind, String name) {
    say("Close " + kind + " " + name, frame('C', new byte[] {(byte) kind}, cString(name)));
  }

  private void execute(String portal) {
    int limit = dice.nextInt(3) == 0 ? 1 + dice.nextInt(3) : 0;
    say("Execute " + portal + " for " + limit, frame('E', cString(portal), int32(limit)));
  }

  private byte[] bind(String portal, String statement, boolean parameter) {
    byte[] head = concat(cString(portal), cString(statement));
    byte[] results = dice.nextBoolean() ? int16(0) : concat(int16(1), int16(dice.nextInt(2)));
    if (!parameter) {
      return frame('B', head, int16(0), int16(0), results);
    }
    boolean binary = dice.nextBoolean();
    byte[] value = binary ? int32(dice.nextInt(50)) : bytes(String.valueOf(dice.nextInt(50)));
    return frame(
        'B',
        head,
        concat(int16(1), int16(binary ? 1 : 0)),
        concat(int16(1), int32(value.length), value),
        results);
  }

  private void copyIn() {
    boolean extended = dice.nextBoolean();
    String sql = "COPY t (v, n) FROM STDIN" + (dice.nextBoolean() ? "" : " (FORMAT csv)");
    char separator = sql.endsWith("csv)") ? ',' : '\t';
    if (extended) {
      say("runs " + sql, parse("", sql), bind("", "", false), frame('E', cString(""), int32(0)));
    } else {
      String more = dice.nextInt(4) == 0 ? "; SELECT " + mark() + ", 1" : "";
      say("Query " + sql + more, frame('Q', cString(sql + more)));
    }
    boolean syncAhead = extended && dice.nextInt(3) == 0;
    if (syncAhead) {
      say("Sync ahead of the rows", frame('S'));
    }
    int rows = dice.nextInt(4);
    for (int i = 0; i < rows; i++) {
      boolean wrong = dice.nextInt(8) == 0;
      say(
          wrong ? "a wrong row" : "a row",
          frame('d', bytes("copied" + separator + (wrong ? "x" : "" + i) + "\n")));
    }
    maybe(2, () -> say("Flush", frame('H')));
    switch (dice.nextInt(12)) {
      case 0 -> {}
      case 1, 2 -> say("CopyFail", frame('f', cString("enough")));
      default -> say("CopyDone", frame('c'));
    }
    if (extended) {
      maybe(19, () -> say("Sync", frame('S')));
    }
  }

  private void call() {
    int function = dice.nextInt(3) == 0 ? 1 : FUNCTION_INT4PL;
    say(
        "FunctionCall " + function,
        frame(
            'F',
            concat(int32(function), int16(1), int16(1), int16(2)),
            concat(int32(4), int32(3), int32(4), int32(4), int16(1))));
  }

  /** What a client with a defect sends. */
  private void slip() {
    List<Supplier<byte[]>> slips =
        List.of(
            () -> frame('D', new byte[] {'X'}, cString("")),
            () -> frame('C', new byte[] {'Q'}, cString("")),
            () -> frame('D', new byte[] {'S'}),
            () -> frame('E', cString("")),
            () -> frame('B', cString(""), cString(""), int16(2)),
            () -> frame('P', cString("a")),
            () -> frame('P', bytes("no end")),
            () -> frame('Q', bytes("SELECT 1")),
            () -> frame('Q', cString("SELECT 1"), bytes("more")),
            () -> frame('Q'),
            () -> frame('Q', new byte[] {(byte) 0xff, (byte) 0xfe, 0}),
            () -> frame('S', bytes("x")),
            () -> frame('H', bytes("x")),
            () -> frame('F', int16(0)),
            () -> frame('d', bytes("nobody copies")),
            () -> frame('c'),
            () -> frame('f', bytes("no end")),
            () -> frame('E', cString("c"), int32(2)),
            () -> frame('D', new byte[] {'P'}, cString("c")),
            () -> frame('?', bytes("what")),
            () -> frame('p', cString("password")),
            () -> new byte[] {'Q', 0, 0, 0, 3},
            () -> concat(new byte[] {'S'}, int32(10_001)),
            () -> concat(new byte[] {'Q'}, int32(0x40000000)));
    // Those that end the session are rare, so that sessions get somewhere.
    int which = dice.nextInt(dice.nextInt(4) == 0 ? slips.size() : slips.size() - 5);
    say("slip " + which, slips.get(which).get());
  }
}
