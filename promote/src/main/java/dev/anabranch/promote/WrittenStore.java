package dev.anabranch.promote;

import dev.anabranch.promote.plan.Written;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The rows that promotions wrote, in the control database.
 *
 * <p>They are kept batch by batch while main is written, so that no number of them fills the
 * memory, and all of them before main is asked to commit. What main did not commit is forgotten
 * with the promotion.
 */
final class WrittenStore {

  private static final int BATCH_CHARACTERS = 1 << 20;

  private static final int BATCHES_AT_ONCE = 8;

  private final Jdbi jdbi;

  WrittenStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The rows of one promotion under way. */
  final class Keeping {

    private final String promotion;
    private WrittenJson.Batch batch = new WrittenJson.Batch();
    private int next;

    private Keeping(String promotion) {
      this.promotion = promotion;
    }

    void keep(List<Written> rows) {
      for (Written row : rows) {
        batch.add(row);
        if (batch.length() >= BATCH_CHARACTERS) {
          flush();
        }
      }
    }

    /** Everything so far is in batches below this one. */
    int mark() {
      flush();
      return next;
    }

    void backTo(int mark) {
      batch = new WrittenJson.Batch();
      if (mark < next) {
        jdbi.useHandle(handle ->
            handle.execute(
                "DELETE FROM promotion_writes WHERE promotion_id = ? AND batch >= ?",
                promotion,
                mark));
        next = mark;
      }
    }

    void flush() {
      if (batch.isEmpty()) {
        return;
      }
      String rows = batch.end();
      jdbi.useHandle(handle ->
          handle.execute(
              "INSERT INTO promotion_writes (promotion_id, batch, rows) VALUES (?, ?, ?)",
              promotion,
              next,
              rows));
      next++;
      batch = new WrittenJson.Batch();
    }
  }

  Keeping keeping(String promotion) {
    return new Keeping(promotion);
  }

  /** What a promotion wrote for some of its units, in the order in which it wrote. */
  List<Written> of(String promotion, Set<Long> units) {
    List<Written> rows = new ArrayList<>();
    jdbi.useTransaction(handle ->
        handle
            .createQuery("SELECT rows FROM promotion_writes WHERE promotion_id = ? ORDER BY batch")
            .bind(0, promotion)
            .setFetchSize(BATCHES_AT_ONCE)
            .mapTo(String.class)
            .forEach(batch ->
                WrittenJson.readRows(batch).stream()
                    .filter(row -> units.containsAll(row.units()))
                    .forEach(rows::add)));
    return rows;
  }

  /** Forgets the rows of what landed before a moment, and marks that. */
  void forgetBefore(Instant moment, Instant now) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                """
                WITH old AS (
                  UPDATE promotions SET rows_gone_at = :now
                  WHERE state = 'landed' AND footing IS NOT NULL AND rows_gone_at IS NULL AND ended_at < :moment
                  RETURNING id)
                DELETE FROM promotion_writes w USING old WHERE w.promotion_id = old.id
                """)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .bind("moment", moment.atOffset(ZoneOffset.UTC))
            .execute());
  }

  static void forget(Handle handle, String promotion) {
    handle.execute("DELETE FROM promotion_writes WHERE promotion_id = ?", promotion);
  }
}
