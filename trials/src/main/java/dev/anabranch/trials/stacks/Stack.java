package dev.anabranch.trials.stacks;

import java.nio.file.Path;
import java.util.List;

/**
 * A driver or mapper with its ways, and the program that uses it.
 *
 * @param name of the stack, the program's first argument
 * @param language whose program it is
 */
public record Stack(String name, Language language) {

  /** What its program is written in. */
  public enum Language {
    NODE("node", "stacks.mjs"),
    /** Debian's own, which alone sees Debian's packages. */
    PYTHON("/usr/bin/python3", "stacks.py"),
    RUBY("ruby", "stacks.rb"),
    JAVA("java", "");

    private final String interpreter;
    private final String file;

    Language(String interpreter, String file) {
      this.interpreter = interpreter;
      this.file = file;
    }

    String interpreter() {
      return interpreter;
    }

    /** The program's name in its folder; none for Java, whose programs are on the class path. */
    String file() {
      return file;
    }
  }

  /** Every stack that is tried. */
  public static final List<Stack> ALL =
      List.of(
          new Stack("jdbctemplate", Language.JAVA),
          new Stack("jooq", Language.JAVA),
          new Stack("hibernate", Language.JAVA),
          new Stack("pg", Language.NODE),
          new Stack("postgres", Language.NODE),
          new Stack("knex", Language.NODE),
          new Stack("kysely", Language.NODE),
          new Stack("drizzle", Language.NODE),
          new Stack("sequelize", Language.NODE),
          new Stack("typeorm", Language.NODE),
          new Stack("queue", Language.NODE),
          new Stack("tenants", Language.NODE),
          new Stack("psycopg2", Language.PYTHON),
          new Stack("psycopg3", Language.PYTHON),
          new Stack("sqlalchemy", Language.PYTHON),
          new Stack("django", Language.PYTHON),
          new Stack("asyncpg", Language.PYTHON),
          new Stack("activerecord", Language.RUBY));

  /** The command that runs its program on a branch. */
  List<String> command(Path programs, String url, String mark) {
    return switch (language) {
      case JAVA ->
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              JavaStacks.class.getName(),
              name,
              url,
              mark);
      case NODE, PYTHON, RUBY ->
          List.of(
              language.interpreter(),
              programs
                  .resolve(language.name().toLowerCase(java.util.Locale.ROOT))
                  .resolve(language.file())
                  .toString(),
              name,
              url,
              mark);
    };
  }
}
