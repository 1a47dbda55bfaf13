package dev.anabranch.trials.drive;

import java.util.List;

/** One statement that a named session sends to a branch. */
public sealed interface Step {

  /** Who sends it; each session is a connection of its own. */
  String session();

  /** The statement, with {@code ?} for parameters. */
  String sql();

  /**
   * A statement whose result is an answer.
   *
   * @param label the answer's name within the branch; it travels as a leading comment, by which the
   *     report is read
   * @param parameters the texts of the parameters; their types are left to the server
   */
  record Ask(String session, String label, String sql, List<String> parameters) implements Step {
    public Ask {
      parameters = List.copyOf(parameters);
    }

    /** The statement with its label, as it is sent. */
    public String labelled() {
      return "/* " + label + " */ " + sql;
    }
  }

  /**
   * A statement whose result nobody looks at: a write, a setting, or the bounds of a transaction.
   *
   * @param refused whether the branch must refuse it
   */
  record Act(String session, String sql, boolean refused) implements Step {
    public Act(String session, String sql) {
      this(session, sql, false);
    }
  }
}
