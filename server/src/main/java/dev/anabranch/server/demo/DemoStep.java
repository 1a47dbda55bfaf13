package dev.anabranch.server.demo;

import java.util.List;

/** One thing that Alice does on her branch, in one of her sessions. */
sealed interface DemoStep {

  /** Which of her connections. */
  Desk desk();

  /**
   * Alice keeps a connection for each thing she works on, so that work rests on what was asked for
   * it.
   */
  enum Desk {
    /** Only looks. */
    BROWSING(""),
    /** Makes a loyal customer a VIP. */
    LOYALTY("make customer 1042 a VIP"),
    /** Raises a reorder level. */
    RESTOCK("restock product 17"),
    /** Takes an order by telephone. */
    TELEPHONE("order of customer 77");

    private final String task;

    Desk(String task) {
      this.task = task;
    }

    String task() {
      return task;
    }
  }

  /**
   * A question.
   *
   * @param ordered whether the order of the rows is part of the answer
   */
  record Ask(Desk desk, String sql, List<Object> parameters, boolean ordered) implements DemoStep {
    public Ask {
      parameters = List.copyOf(parameters);
    }
  }

  /** A write. */
  record Act(Desk desk, String sql) implements DemoStep {}
}
