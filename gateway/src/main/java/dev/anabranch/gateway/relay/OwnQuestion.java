package dev.anabranch.gateway.relay;

import dev.anabranch.base.Lsn;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import dev.anabranch.gateway.wire.RowReader;
import dev.anabranch.gateway.wire.SpellingSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway asks the branch on a client's connection, while the client has nothing
 * outstanding: where the session's writes stand in the branch's log, and what its settings are. The
 * client sees nothing of it.
 *
 * <pre>
 * gateway  for each statement: Parse Bind Execute Close Close; then Sync
 * branch   for each statement: 1 2 D C 3 3; then Z
 * </pre>
 */
final class OwnQuestion {

  private static final String POSITION =
      "SELECT pg_catalog.pg_current_wal_insert_lsn(), pg_catalog.pg_current_xact_id_if_assigned()";
  private static final SpellingSettings TEXT_ONLY = SpellingSettings.UNKNOWN;

  private final boolean position;
  private final List<String> settings;
  private final List<List<@Nullable String>> rows = new ArrayList<>();
  private boolean failed;

  /**
   * @param position whether to ask for the place of the session's writes
   * @param settings the questions about settings, if any
   */
  OwnQuestion(boolean position, List<String> settings) {
    this.position = position;
    this.settings = settings;
  }

  List<String> statements() {
    List<String> statements = new ArrayList<>();
    if (position) {
      statements.add(POSITION);
    }
    statements.addAll(settings);
    return statements;
  }

  void row(BackendMessage.DataRow row) {
    int columns = row.cells().getUnsignedShort(row.cells().readerIndex());
    List<FieldDescription> fields = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      fields.add(new FieldDescription("", 0, 0, 0, 0));
    }
    new RowReader(fields, StandardCharsets.UTF_8, TEXT_ONLY)
        .read(row)
        .ifPresentOrElse(rows::add, this::fail);
  }

  void fail() {
    failed = true;
  }

  /** Hands on what was learned; false when the branch did not answer. */
  boolean conclude(Transactions transactions, SessionSettings sessionSettings, Instant now) {
    if (failed || rows.size() != statements().size()) {
      return false;
    }
    if (position) {
      List<@Nullable String> row = rows.getFirst();
      transactions.located(
          Optional.ofNullable(row.get(0)).map(Lsn::parse).orElseThrow(),
          Optional.ofNullable(row.get(1))
              .map(text -> OptionalLong.of(Long.parseUnsignedLong(text)))
              .orElseGet(OptionalLong::empty));
    }
    if (!settings.isEmpty()) {
      List<@Nullable String> answers = new ArrayList<>();
      rows.subList(position ? 1 : 0, rows.size()).forEach(answers::addAll);
      sessionSettings.learn(answers, now);
    }
    return true;
  }
}
