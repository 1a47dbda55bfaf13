package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes an answer another one while every row that it reads is as it was. */
@Tag("postgres")
final class BesideRowsTest {

  private static final String BRANCH = "beside";

  private final Product product = LiveServer.shared().product();

  /**
   * One life.
   *
   * @param base main before the fork
   * @param work on the branch, before it is asked
   * @param asked on the branch
   * @param moved on main, afterwards
   */
  record Program(
      String name, List<String> base, List<String> work, String asked, List<String> moved) {

    Program(String name, List<String> base, String asked, List<String> moved) {
      this(name, base, List.of(), asked, moved);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<String> TABLES =
      List.of(
          "CREATE SCHEMA beside",
          "CREATE TABLE beside.t (id int PRIMARY KEY, v varchar(9), w varchar(9))",
          "INSERT INTO beside.t VALUES (1, 'a', 'b')",
          "CREATE TABLE beside.item (a int, b text)",
          "CREATE TABLE beside.elsewhere (id int PRIMARY KEY)");

  private static final List<String> AGES =
      List.of(
          "CREATE TABLE beside.moment (id int PRIMARY KEY, at timestamptz)",
          "INSERT INTO beside.moment VALUES (1, now())",
          "CREATE FUNCTION beside.age(timestamptz, int) RETURNS numeric LANGUAGE sql STABLE RETURN"
              + " extract(epoch FROM now() - $1) * $2",
          "CREATE OPERATOR beside.~> (LEFTARG = timestamptz, RIGHTARG = int, FUNCTION ="
              + " beside.age)",
          function("aged", "numeric", "SELECT max(at OPERATOR(beside.~>) 1) FROM beside.moment"),
          "CREATE FUNCTION beside.elapsed() RETURNS numeric LANGUAGE sql STABLE RETURN"
              + " extract(epoch FROM now())",
          "CREATE TABLE beside.stamp (id int, n numeric DEFAULT beside.elapsed())",
          "CREATE FUNCTION beside.stamped() RETURNS numeric LANGUAGE plpgsql AS $$ DECLARE found"
              + " numeric; BEGIN INSERT INTO beside.stamp VALUES (1) RETURNING n INTO found; RETURN"
              + " found; END $$");

  private static final String UNRELATED = "INSERT INTO beside.elsewhere VALUES (1)";

  private static String function(String name, String type, String body) {
    return "CREATE FUNCTION beside.%s() RETURNS %s LANGUAGE plpgsql AS $$ BEGIN RETURN (%s); END $$"
        .formatted(name, type, body);
  }

  static Stream<Program> changed() {
    return Stream.of(
        new Program(
            "a sequence by a function",
            List.of(
                "CREATE SEQUENCE beside.s",
                function("stands", "bigint", "SELECT last_value FROM beside.s")),
            "SELECT beside.stands()",
            List.of("SELECT nextval('beside.s')", "SELECT nextval('beside.s')")),
        new Program(
            "a sequence is logged ahead",
            List.of(
                "CREATE SEQUENCE beside.s",
                "SELECT nextval('beside.s')",
                function("stands", "bigint", "SELECT last_value FROM beside.s")),
            "SELECT beside.stands()",
            List.of(UNRELATED)),
        new Program(
            "a large object by a function",
            List.of(
                "SELECT lo_from_bytea(777001, 'then')",
                "GRANT SELECT ON LARGE OBJECT 777001 TO PUBLIC",
                function("content", "bytea", "SELECT lo_get(777001)")),
            "SELECT beside.content()",
            List.of("SELECT lo_put(777001, 0, 'now!')")),
        new Program(
            "the catalogs by a function",
            List.of(
                function(
                    "indexes", "bigint", "SELECT count(*) FROM pg_indexes WHERE tablename = 't'")),
            "SELECT beside.indexes()",
            List.of("CREATE INDEX ON beside.t (v)")),
        new Program(
            "the catalogs beside data",
            List.of(),
            "SELECT id, obj_description('beside.t'::regclass) FROM beside.t",
            List.of("COMMENT ON TABLE beside.t IS 'another'")),
        new Program(
            "an operator of a row comparison",
            List.of(
                "CREATE FUNCTION beside.never(varchar, varchar) RETURNS boolean LANGUAGE sql"
                    + " IMMUTABLE AS 'SELECT false'"),
            "SELECT count(*) FROM beside.t WHERE (v, w) < ('m', 'z')",
            List.of(
                UNRELATED,
                "CREATE OPERATOR public.< (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION ="
                    + " beside.never)")),
        new Program(
            "the row type of a table that is not read",
            List.of(),
            "SELECT jsonb_populate_record(NULL::beside.item, '{\"b\": \"7.50\"}') FROM beside.t",
            List.of(UNRELATED, "ALTER TABLE beside.item ALTER b TYPE numeric(9, 1) USING NULL")),
        new Program(
            "a row type inside another",
            List.of("CREATE DOMAIN beside.items AS beside.item[]"),
            "SELECT id, ARRAY[ROW(1, 'x')::beside.item]::beside.items FROM beside.t",
            List.of(UNRELATED, "ALTER TABLE beside.item ADD COLUMN c int")),
        new Program(
            "the clock by an operator whose body is a tree",
            AGES,
            "SELECT at OPERATOR(beside.~>) 1 FROM beside.moment",
            List.of()),
        new Program(
            "the clock by code that uses the operator", AGES, "SELECT beside.aged()", List.of()),
        new Program(
            "the clock by a default that code fills in",
            AGES,
            "SELECT beside.stamped()",
            List.of()),
        new Program(
            "an overload of Postgres's own function",
            List.of(),
            List.of(
                "CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS $$"
                    + " SELECT 'mine' $$"),
            "SELECT lower(v) FROM beside.t",
            List.of()),
        new Program(
            "an overload of Postgres's own operator",
            List.of(),
            List.of(
                "CREATE FUNCTION beside.never(varchar, varchar) RETURNS boolean LANGUAGE sql"
                    + " IMMUTABLE AS 'SELECT false'",
                "CREATE OPERATOR public.^@ (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION ="
                    + " beside.never)"),
            "SELECT count(*) FROM beside.t WHERE v ^@ 'a'::varchar",
            List.of()),
        new Program(
            "a table in front of main's",
            List.of(),
            List.of(
                "CREATE SCHEMA beside_own",
                "CREATE TABLE beside_own.t (id int PRIMARY KEY)",
                "SET search_path = beside_own, beside"),
            "SELECT count(*) FROM t",
            List.of()),
        new Program(
            "an overload that code calls",
            List.of(function("low", "text", "SELECT lower(v) FROM beside.t")),
            List.of(
                "CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS $$"
                    + " SELECT 'mine' $$"),
            "SELECT beside.low()",
            List.of()));
  }

  @ParameterizedTest
  @MethodSource("changed")
  void isNeverSaidToHold(Program program) throws SQLException {
    assertThat(judged(program).verdict()).isNotEqualTo("holds");
  }

  static Stream<Program> same() {
    List<String> price =
        List.of(function("price", "text", "SELECT v || now() FROM beside.t WHERE id = 1"));
    return Stream.of(
        new Program(
            "a function over rows while main stands still",
            List.of(function("first", "text", "SELECT v FROM beside.t WHERE id = 1")),
            "SELECT beside.first()",
            List.of()),
        new Program(
            "an operator that nobody uses",
            List.of(
                AGES.get(0),
                AGES.get(2),
                AGES.get(3),
                function("first", "text", "SELECT v FROM beside.t WHERE id = 1")),
            "SELECT beside.first()",
            List.of()),
        new Program("a moment by a function", price, "SELECT beside.price()", List.of()),
        new Program(
            "another table's row type",
            List.of(),
            "SELECT jsonb_populate_record(NULL::beside.item, '{\"b\": \"7.50\"}') FROM beside.t",
            List.of("ALTER TABLE beside.elsewhere ADD COLUMN c int")));
  }

  @ParameterizedTest
  @MethodSource("same")
  void whatIsNotBesideThemHolds(Program program) throws SQLException {
    Verdicts.Entry judged = judged(program);

    assertThat(judged.verdict()).as("%s", judged).isEqualTo("holds");
  }

  private Verdicts.Entry judged(Program program) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, TABLES);
      Sql.run(main, program.base());
      try (Connection branch = product.create(BRANCH, Product.Wish.now().thrownAway()).connect()) {
        Sql.run(branch, program.work());
        Sql.ask(branch, "/* asked */ " + program.asked());
      }
      Sql.run(main, program.moved());
    }
    return Verdicts.of(product.check(BRANCH)).labelled("asked").getFirst();
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    try (Connection main = product.main().connect()) {
      Sql.run(main, "DROP SCHEMA beside CASCADE");
      Sql.run(main, "SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid = 777001");
    }
  }
}
