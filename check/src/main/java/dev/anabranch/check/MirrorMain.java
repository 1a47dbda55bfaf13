package dev.anabranch.check;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.branch.mirror.MirrorSnapshot;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.world.World;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Main as one snapshot on the mirror sees it: its definitions, its changes since the fork point up
 * to exactly there, and what it tells.
 *
 * <p>The branch's client is nobody there. Questions that come here mean the same whoever asks them,
 * but for where names are looked up; that is told by the branch. They are asked as the role that
 * may read everything and do nothing else.
 */
final class MirrorMain implements World.Present {

  private static final Logger LOG = LoggerFactory.getLogger(MirrorMain.class);

  private static final String READER = "pg_read_all_data";

  private static final String SEARCH_PATH = "search_path";

  /** What the mirror's superuser was given by itself would be taken for everybody's. */
  private static final String OWN_SETTINGS =
      "SELECT count(*) FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid ="
          + " s.setrole WHERE r.rolname = session_user AND s.setconfig IS NOT NULL";

  /** What main's configuration file says, where the database says nothing else. */
  private static final String FILE_SETTING =
      "SELECT pg_catalog.set_config(name, ?, false) FROM pg_catalog.pg_settings WHERE"
          + " pg_catalog.lower(name) = ? AND source IN ('default', 'configuration file')";

  private final MirrorSnapshot snapshot;
  private final Delta delta;
  private final SchemaSnapshot schema;
  private final Manners manners;

  /** How questions are asked there. */
  interface Manners {

    /** What main's configuration file says about sessions. */
    Map<String, String> fileSettings();

    /** The schemas where the names of a question are looked up, as a value of search_path. */
    String searchPath(Question question) throws SQLException;

    /** Called before each question; what it throws ends the check. */
    void step();

    /** How long a table may be read to mark what it holds; empty where nobody asks for that. */
    Optional<Duration> marking();

    /** The rules that are off. */
    Traps traps();

    /** Has what a connection executes cancelled when the check is stopped. */
    Connection watched(Connection connection);
  }

  /**
   * @param snapshot closed with this
   * @param delta as of its position
   * @param schema as it sees them
   */
  MirrorMain(MirrorSnapshot snapshot, Delta delta, SchemaSnapshot schema, Manners manners) {
    this.snapshot = snapshot;
    this.delta = delta;
    this.schema = schema;
    this.manners = manners;
  }

  @Override
  public Delta delta() {
    return delta;
  }

  @Override
  public SchemaSnapshot schema() {
    return schema;
  }

  @Override
  public Optional<List<World.Reply.Got>> tell(List<World.Ask> questions) {
    Connection connection = manners.watched(snapshot.connection());
    try {
      if (!prepare(connection)) {
        return Optional.empty();
      }
      Rerunner reasker = new Rerunner(connection, READER, manners.traps());
      List<World.Reply.Got> replies = new ArrayList<>();
      for (World.Ask ask : questions) {
        manners.step();
        Question question = asReader(ask.answer().question());
        World.Reply reply = reasker.ask(question, Set.of(), ask.traced(), ask.clock());
        if (!(reply instanceof World.Reply.Got got)) {
          return Optional.empty();
        }
        replies.add(got);
      }
      return StoredAnew.sinceSnapshotOf(connection) ? Optional.empty() : Optional.of(replies);
    } catch (SQLException e) {
      LOG.info("The mirror can't tell what main is now: {}", Analyst.firstLine(e));
      return Optional.empty();
    }
  }

  @Override
  public Map<TableId, String> marks(Set<TableId> tables) {
    if (manners.marking().isEmpty()) {
      return Map.of();
    }
    try {
      return RowMarks.read(manners.watched(snapshot.connection()), tables, manners.marking().get());
    } catch (SQLException e) {
      LOG.info("What main's tables hold can't be marked: {}", Analyst.firstLine(e));
      return Map.of();
    }
  }

  /** False where a session would not be as one on a copy of main. */
  private boolean prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(OWN_SETTINGS)) {
        row.next();
        if (row.getInt(1) > 0) {
          return false;
        }
      }
      statement.execute("SET statement_timeout = '60s'");
    }
    try (PreparedStatement set = connection.prepareStatement(FILE_SETTING)) {
      for (Map.Entry<String, String> setting : manners.fileSettings().entrySet()) {
        set.setString(1, setting.getValue());
        set.setString(2, setting.getKey());
        set.execute();
      }
    }
    return true;
  }

  private Question asReader(Question question) throws SQLException {
    SortedMap<String, String> settings = new TreeMap<>(question.settings());
    settings.put("role", "none");
    settings.put(SEARCH_PATH, manners.searchPath(question));
    return new Question(question.sql(), question.parameters(), settings);
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
